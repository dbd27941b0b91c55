#include "import_batch.h"

#include <string.h>

#include "import_decide.h"
#include "import_store.h"

enum { BATCH_ARENA = 64 << 20, CONFLICTS_MAX = 5 };

/* ---- Progress ---------------------------------------------------------------------------------------------------- */

enum { PACKED_INTS = 6 };

static size_t bits_size(int32_t total)
{
    return ((size_t)total + 7) / 8;
}

uint8_t *import_progress_pack(const import_progress *progress, arena *a, size_t *ret_size)
{
    const int32_t ints[PACKED_INTS] = {progress->rows,   progress->added,    progress->updated,
                                       progress->failed, progress->problems, progress->total};
    uint8_t *packed = arena_alloc(a, sizeof ints + bits_size(progress->total));

    if (!packed)
        return NULL;
    memcpy(packed, ints, sizeof ints);
    memcpy(packed + sizeof ints, progress->failed_rows, bits_size(progress->total));
    *ret_size = sizeof ints + bits_size(progress->total);
    return packed;
}

bool import_progress_init(import_progress *progress, arena *a)
{
    *progress = (import_progress){.failed_rows = arena_alloc(a, bits_size(SHEET_ROWS_MAX))};
    return progress->failed_rows != NULL;
}

bool import_progress_unpack(const uint8_t *bytes, size_t size, arena *a, import_progress *ret_progress)
{
    int32_t ints[PACKED_INTS];

    if (size < sizeof ints)
        return false;
    memcpy(ints, bytes, sizeof ints);
    *ret_progress = (import_progress){ints[0], ints[1], ints[2], ints[3], ints[4], ints[5], NULL};
    if (ret_progress->total < 0 || ret_progress->total > SHEET_ROWS_MAX ||
        size != sizeof ints + bits_size(ret_progress->total))
        return false;
    ret_progress->failed_rows = arena_alloc(a, bits_size(SHEET_ROWS_MAX));
    if (!ret_progress->failed_rows)
        return false;
    memcpy(ret_progress->failed_rows, bytes + sizeof ints, bits_size(ret_progress->total));
    return true;
}

/* The progress once these rows are done. The bits are the job's own: bits of rows that are not done yet say nothing. */
static import_progress progress_after(const import_job *job, const import_row *rows, const import_decision *decisions,
                                      size_t count)
{
    import_progress after = job->progress;

    for (size_t i = 0; i < count; i++) {
        uint8_t bit = (uint8_t)(1 << (rows[i].ordinal % 8)), *byte = &after.failed_rows[rows[i].ordinal / 8];

        *byte = rows[i].fault_count > 0 ? *byte | bit : *byte & (uint8_t)~bit;
        after.failed += rows[i].fault_count > 0;
        after.added += rows[i].fault_count == 0 && decisions[i].is_new;
        after.updated += rows[i].fault_count == 0 && !decisions[i].is_new;
    }
    after.rows = rows[count - 1].ordinal + 1;
    return after;
}

/* ---- One transaction --------------------------------------------------------------------------------------------- */

static sp_status say(import_job *job, db_tx *tx, const import_progress *after)
{
    operation_progress progress = {after->rows, after->total, after->failed, "importing rows", NULL, 0};

    progress.checkpoint = import_progress_pack(after, db_tx_arena(tx), &progress.checkpoint_size);
    return progress.checkpoint ? operation_write(job->run, tx, &progress) : OUT_OF_MEMORY;
}

/* The faults of form stay, those that a try has found go. */
static void faults_reset(import_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i].fault_count = rows[i].fault_count_of_form;
}

static bool have_faults(const import_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].fault_count > 0)
            return true;
    return false;
}

/* What is wrong with a row depends on who is there already; looking them all up costs as much as writing them. */
void import_batch_prepare(const import_job *job, import_batch *batch)
{
    import_decision *decisions;

    batch->hoped = NULL;
    if (!job->hopeful || batch->count == 0 || have_faults(batch->rows, batch->count))
        return;
    decisions = arena_array(&batch->memory, batch->count, sizeof *decisions);
    if (!decisions || sp_failed(import_decide_hopefully(job, &batch->memory, batch->rows, batch->count, decisions)) ||
        have_faults(batch->rows, batch->count))
        return;
    batch->people = import_store_people(&batch->memory, decisions, batch->count);
    batch->hoped = batch->people.bytes ? decisions : NULL;
}

/* What is written at a time: a batch, or a part of it, which nothing is prepared for. */
typedef struct {
    import_row *rows;
    size_t count;
    const import_batch *whole; /* NULL: a part */
} piece;

/* ret_decisions NULL: there is no hope. */
static sp_status write_hopefully(const import_job *job, db_tx *tx, const piece *p,
                                 const import_decision **ret_decisions)
{
    sp_status status = SP_DONE;
    bool all = false;

    *ret_decisions = NULL;
    if (!job->hopeful || !p->whole || !p->whole->hoped)
        return SP_DONE;
    status = import_decide_hold(job, tx, p->rows, p->count, &all);
    if (sp_failed(status) || !all)
        return status;
    *ret_decisions = p->whole->hoped;
    return import_store_add(job, tx, p->whole->people);
}

static sp_status write_people(const import_job *job, db_tx *tx, const piece *p, const import_decision **ret_decisions,
                              import_changes *ret_changes)
{
    import_decision *decisions;
    sp_status status = write_hopefully(job, tx, p, ret_decisions);

    *ret_changes = (import_changes){0};
    if (sp_failed(status) || *ret_decisions)
        return status;
    *ret_decisions = decisions = arena_array(db_tx_arena(tx), p->count, sizeof *decisions);
    status = decisions ? import_decide(job, tx, p->rows, p->count, decisions) : OUT_OF_MEMORY;
    return sp_failed(status) ? status : import_store_write(job, tx, p->rows, decisions, p->count, ret_changes);
}

static sp_status write_in(import_job *job, db_tx *tx, const piece *p, import_progress *ret_after)
{
    const import_decision *decisions;
    import_changes changes;
    import_row *rows = p->rows;
    size_t count = p->count;
    sp_status status = write_people(job, tx, p, &decisions, &changes);

    if (sp_failed(status))
        return status;
    *ret_after = progress_after(job, rows, decisions, count);
    status = import_store_problems(job, tx, rows, count, &ret_after->problems);
    if (!sp_failed(status))
        status = say(job, tx, ret_after);
    if (!sp_failed(status) && changes.count > 0 && job->options->hooks.people_changed)
        status = job->options->hooks.people_changed(tx, operation_enterprise_id(job->run), changes.ids, changes.count,
                                                    changes.now_ms);
    return status;
}

/* The name of the constraint that was violated goes into constraint, which has 64 bytes. */
static sp_status write_once(import_job *job, const piece *p, char *constraint)
{
    import_progress after;
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, BATCH_ARENA);
    status = db_begin(job->options->app, operation_enterprise_id(job->run), &memory, &tx);
    if (!sp_failed(status)) {
        status = write_in(job, tx, p, &after);
        strncpy(constraint, sp_failed(status) ? db_constraint(tx) : "", 63);
        status = db_end(tx, status);
    }
    if (!sp_failed(status))
        job->progress = after;
    arena_done(&memory);
    return status;
}

/* ---- What the database refuses ----------------------------------------------------------------------------------- */

static bool is_refusal(sp_status status)
{
    return strcmp(status.reason, DB_DUPLICATE.reason) == 0 || strcmp(status.reason, DB_VALUE_REFUSED.reason) == 0 ||
           strcmp(status.reason, DB_REFERENCED.reason) == 0;
}

/* Somebody else was faster, or the database knows a rule that we do not. */
static void row_refuse(import_row *row, const char *constraint)
{
    if (strcmp(constraint, "person_number") == 0)
        import_row_fault_text(row, PERSON_NUMBER, "NUMBER_TAKEN", "Another employee has this number.");
    else if (strcmp(constraint, "person_card") == 0)
        import_row_fault_text(row, PERSON_CARD_NUMBER, "CARD_TAKEN", "Another person has this card.");
    else if (strcmp(constraint, "person_identity") == 0)
        import_row_fault_text(row, PERSON_IDENTITY_NUMBER, "IDENTITY_TAKEN",
                              "Another employee has this identity number.");
    else
        import_row_fault(row, -1, "VALUE_REFUSED", "The database does not take a value of this row.", "");
}

static sp_status write_patiently(import_job *job, const piece *p, char *constraint)
{
    sp_status status = SP_DONE;

    for (int i = 0; i < CONFLICTS_MAX; i++) {
        faults_reset(p->rows, p->count);
        status = write_once(job, p, constraint);
        if (job->hopeful && strcmp(status.reason, DB_DUPLICATE.reason) == 0)
            job->hopeful = false; /* somebody is there: from here on everybody is looked up */
        else if (strcmp(status.reason, DB_CONFLICT.reason) != 0)
            break;
    }
    return status;
}

static sp_status piece_write(import_job *job, const piece *p)
{
    char constraint[64] = "";
    sp_status status = write_patiently(job, p, constraint);
    size_t half = p->count / 2;

    if (!is_refusal(status))
        return status;
    if (p->count > 1) {
        status = piece_write(job, &(piece){p->rows, half, NULL});
        return sp_failed(status) ? status : piece_write(job, &(piece){p->rows + half, p->count - half, NULL});
    }
    p->rows->fault_count = p->rows->fault_count_of_form;
    row_refuse(p->rows, constraint);
    p->rows->fault_count_of_form = p->rows->fault_count;
    return write_patiently(job, &(piece){p->rows, 1, NULL}, constraint);
}

sp_status import_batch_write(import_job *job, const import_batch *batch)
{
    return piece_write(job, &(piece){batch->rows, batch->count, batch});
}

/* ---- Before the sheet's end ------------------------------------------------------------------------------------- */

static sp_status early_begin(const import_job *job, import_early *early)
{
    sp_status status;

    if (early->tx)
        return SP_DONE;
    arena_init(&early->memory, BATCH_ARENA);
    status = db_begin(job->options->app, operation_enterprise_id(job->run), &early->memory, &early->tx);
    if (sp_failed(status))
        early->tx = NULL;
    return status;
}

void import_early_add(import_job *job, import_early *early, const import_batch *batch)
{
    const import_decision *decisions = NULL;
    sp_status status;

    if (early->has_ended || !batch->hoped) {
        early->has_ended = true;
        return;
    }
    status = early_begin(job, early);
    if (!sp_failed(status))
        status = write_hopefully(job, early->tx, &(piece){batch->rows, batch->count, batch}, &decisions);
    early->has_ended = decisions == NULL || sp_failed(status);
    if (!early->has_ended)
        early->rows += (int32_t)batch->count;
    if (!sp_failed(status))
        return;
    if (strcmp(status.reason, DB_DUPLICATE.reason) == 0)
        job->hopeful = false;
    import_early_done(early);
}

sp_status import_early_end(import_job *job, import_early *early, int32_t total)
{
    import_progress after = job->progress;
    sp_status status;

    if (early->rows == 0)
        return SP_DONE;
    after.total = total;
    after.rows = after.added = early->rows;
    status = db_end(early->tx, say(job, early->tx, &after));
    early->tx = NULL;
    if (!sp_failed(status))
        job->progress = after;
    return status;
}

void import_early_done(import_early *early)
{
    if (early->tx)
        db_rollback(early->tx);
    early->tx = NULL;
    early->rows = 0;
    early->has_ended = true;
    arena_done(&early->memory);
}
