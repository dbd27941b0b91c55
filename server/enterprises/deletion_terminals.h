/* Inside server/enterprises: what becomes of a deleted enterprise's terminals. */
#pragma once

#include "deletion.h"

/* One run of the operation. */
typedef struct {
    operation_run *run;
    db_pool *system;
    int64_t enterprise_id;
    operation_progress progress;
} deletion;

/* Moves every terminal into the root group of the operation's enterprise, each with the order to clear itself before
 * anything else. One that is connected hears of it at once. */
sp_status deletion_take_terminals(deletion *d) SP_MUST_USE;

/* Until all that are connected have cleared themselves, or for half a minute: whoever is slower is told again. Also
 * until the records that were on their way when their terminal was taken have been stored or refused. */
sp_status deletion_wait_for_terminals(deletion *d) SP_MUST_USE;
