/* What becomes of each row, by what is stored at the moment and by the rows before it. */
#pragma once

#include "import_batch.h"

struct import_decision {
    bool is_new;
    person whole;      /* as he shall be stored; his id is there */
    bool at_terminals; /* terminals that have him must hear of it */
};

/* Adds the faults of what is stored to rows; a decision counts for rows without faults alone. Everything that is
 * decided about is locked until tx ends. */
sp_status import_decide(const import_job *job, db_tx *tx, import_row *rows, size_t count,
                        import_decision *ret_decisions) SP_MUST_USE;

/* The same, in the arena and without looking at what is stored: everybody is taken for new, every group for there. The
 * database refuses whoever is not; the groups, import_decide_hold asks for. */
sp_status import_decide_hopefully(const import_job *job, arena *memory, import_row *rows, size_t count,
                                  import_decision *ret_decisions) SP_MUST_USE;

/* Locks the groups of the rows, as import_decide does; whether all of them are there. */
sp_status import_decide_hold(const import_job *job, db_tx *tx, const import_row *rows, size_t count,
                             bool *ret_all) SP_MUST_USE;
