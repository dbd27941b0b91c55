/* What becomes of each row, by what is stored at the moment and by the rows before it. */
#pragma once

#include "import_batch.h"

typedef struct {
    bool is_new;
    person whole;      /* as he shall be stored; his id is there */
    bool at_terminals; /* terminals that have him must hear of it */
} import_decision;

/* Adds the faults of what is stored to rows; a decision counts for rows without faults alone. Everything that is
 * decided about is locked until tx ends. Unless it looks, everybody is taken for new: the database refuses who is not.
 */
sp_status import_decide(const import_job *job, db_tx *tx, import_row *rows, size_t count, bool looks,
                        import_decision *ret_decisions) SP_MUST_USE;
