/* How long refused records and alarms are kept. */
#pragma once

#include "db.h"

typedef struct {
    db_pool *system;
    int64_t rejected_ms; /* records that the database refused, as they came */
    int64_t alarms_ms;
} retention_options;

/* Removes what is older, up to 10 000 rows of a kind: worth a call every few minutes. */
sp_status retention_sweep(const retention_options *options, int64_t now_ms) SP_MUST_USE;
