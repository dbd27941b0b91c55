/* Some rows of a sheet, written as employees in one transaction with their problems and the operation's progress: all
 * of it or nothing. */
#pragma once

#include <stdatomic.h>

#include "import_row.h"
#include "operations.h"
#include "transfer.h"

enum { IMPORT_BATCH_ROWS = 2000, IMPORT_PROBLEMS_MAX = 100000 };

/* How far an import is; what its checkpoint holds. */
typedef struct {
    int32_t rows; /* done, from the first below the header */
    int32_t added, updated, failed;
    int32_t problems;     /* stored */
    int32_t total;        /* rows in all */
    uint8_t *failed_rows; /* a bit for each of total; there is room for SHEET_ROWS_MAX */
} import_progress;

typedef struct {
    const transfer_options *options;
    operation_run *run;
    const import_columns *columns;
    const group_paths *groups;
    bool overwrite;
    atomic_bool hopeful; /* nothing in the file was found to be taken so far: rows are written without looking first */
    int64_t group_id;    /* for rows that name none */
    import_progress progress;
} import_job;

typedef struct import_decision import_decision;

/* Some rows in the sheet's order; their faults of form are known. */
typedef struct {
    import_row *rows;
    size_t count;
    arena memory;                 /* of what the rows say, and of what follows */
    const import_decision *hoped; /* everybody is new, nothing is wrong; NULL: that is not so, or nobody hopes */
    db_arg people;                /* as they are added then */
} import_batch;

/* What can be done before the transaction: on another thread than the one that writes the batch before. */
void import_batch_prepare(const import_job *job, import_batch *batch);

/* Decides about every row by what the database holds at that moment, writes, and moves job->progress on when it is
 * committed. What the database will not take is halved down to the row, which then fails. The batch is prepared. */
sp_status import_batch_write(import_job *job, const import_batch *batch) SP_MUST_USE;

/* The first batches of a sheet that is still being read: one transaction, which ends when the sheet is known to be
 * whole. It takes what is hoped, up to the first batch that is not. Zero: nothing was added yet. */
typedef struct {
    db_tx *tx; /* NULL: none, or not any more */
    arena memory;
    int32_t rows;          /* added */
    atomic_bool has_ended; /* it takes no more */
} import_early;

/* Whatever the database says against it rolls all of it back: what was added is then to be written by itself. */
void import_early_add(import_job *job, import_early *early, const import_batch *batch);

/* Commits what was added, if it was, as of a sheet of so many rows. DB_CONFLICT: it is to be written by itself. */
sp_status import_early_end(import_job *job, import_early *early, int32_t total) SP_MUST_USE;

/* Rolls back what has not ended; in any case frees. */
void import_early_done(import_early *early);

/* Nothing is done; failed_rows is in the arena. False when memory is out. */
bool import_progress_init(import_progress *progress, arena *a);

/* The progress as a checkpoint, in the arena; NULL when memory is out. */
uint8_t *import_progress_pack(const import_progress *progress, arena *a, size_t *ret_size);
/* False when it is none; failed_rows is in the arena. */
bool import_progress_unpack(const uint8_t *bytes, size_t size, arena *a, import_progress *ret_progress);

static inline bool import_has_failed(const import_progress *progress, int ordinal)
{
    return progress->failed_rows[ordinal / 8] >> (ordinal % 8) & 1;
}
