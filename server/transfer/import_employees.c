/* The operation "import employees": a sheet, row by row in batches. Its checkpoint is the row, so that one that was
 * killed goes on where it was; what came before is read again for the numbers alone, because the second row of a number
 * fails.
 *
 * A sheet is first read to find its header and to count its rows; nothing of one that cannot be read to its end stays.
 * Its first rows are written meanwhile, in a transaction that ends when the sheet has, and kept, so that a small sheet
 * is not read again. */
#include <string.h>
#include <unistd.h>

#include "failed_rows.h"
#include "import_writer.h"
#include "line.h"
#include "text_map.h"
#include "rpc.h"
#include "transfer_parts.h"

enum { JOB_ARENA = 64 << 20, BATCH_BYTES = 16 << 20, BATCH_ARENA_BYTES = 32 << 20 };
enum { KEPT_ROWS_MAX = 20000, KEPT_BYTES_MAX = 16 << 20 };

SP_STATUS(IMPORT_CHANGED, SP_INTERNAL, "The file is not as it was when its import began.");

static char seen_mark;

typedef struct {
    server_transfer *transfer;
    import_job job;
    import_sheet sheet;
    char file_name[256];
    arena memory; /* of the job */
    int first;    /* row that was not done when the run began */
    import_writer *writer;
    import_batch batches[2]; /* one is filled while the other is written */
    int filling;
    import_early early;
    bool is_early;    /* rows are written while the sheet is read */
    text_map numbers; /* seen so far */
    struct {          /* the rows as the first look saw them, so that a small sheet is read once */
        arena memory;
        sheet_row *rows;
        int count;
        bool whole;
    } kept;
} employee_import;

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

static bool is_full(const import_batch *batch)
{
    return batch->count == IMPORT_BATCH_ROWS || batch->memory.taken >= BATCH_BYTES;
}

static sp_status batch_end(employee_import *i)
{
    sp_status status = operation_go_on(i->job.run);

    if (sp_failed(status) || i->batches[i->filling].count == 0)
        return status;
    import_batch_prepare(&i->job, &i->batches[i->filling]);
    status = import_writer_post(i->writer, &i->batches[i->filling]);
    i->filling = !i->filling; /* what was in the other one is written */
    i->batches[i->filling].count = 0;
    arena_reset(&i->batches[i->filling].memory);
    return status;
}

/* Whether the number stood in a row before; from now on it has. */
static sp_status number_note(employee_import *i, const char *number, bool *ret_again)
{
    char *key;

    *ret_again = *number && text_map_get(&i->numbers, number) != NULL;
    if (!*number || *ret_again)
        return SP_DONE;
    key = arena_text(&i->memory, number);
    return key && text_map_put(&i->numbers, key, &seen_mark) ? SP_DONE : OUT_OF_MEMORY;
}

/* A row that is done already. */
static sp_status row_skip(employee_import *i, const sheet_row *row)
{
    int cell = i->sheet.columns.cell_of[import_column_of_text(PERSON_EMPLOYEE, PERSON_NUMBER)];
    arena *memory = &i->batches[i->filling].memory;
    bool again;
    char *number = arena_text(memory, (size_t)cell < row->count ? row->cells[cell] : "");
    sp_status status = number ? number_note(i, line_trim(number), &again) : OUT_OF_MEMORY;

    arena_reset(memory);
    return status;
}

static sp_status row_take(void *arg, const sheet_row *row, int ordinal)
{
    employee_import *i = arg;
    import_batch *batch;
    import_row *taken;
    bool again;
    sp_status status = SP_DONE;

    if (ordinal < i->first)
        return row_skip(i, row);
    if (ordinal >= i->sheet.total)
        return IMPORT_CHANGED;
    if (is_full(&i->batches[i->filling]))
        status = batch_end(i);
    if (sp_failed(status))
        return status;
    batch = &i->batches[i->filling];
    taken = &batch->rows[batch->count];
    if (!import_row_read(&i->sheet.columns, i->job.groups, row, ordinal, &batch->memory, taken))
        return OUT_OF_MEMORY;
    status = number_note(i, taken->person.texts[PERSON_NUMBER], &again);
    if (again)
        import_row_fault_text(taken, PERSON_NUMBER, "DUPLICATE_IN_FILE", "A row above has the same number.");
    taken->fault_count_of_form = taken->fault_count;
    batch->count++;
    return status;
}

/* ---- Rows that are kept ------------------------------------------------------------------------------------------ */

static bool row_copy(arena *a, const sheet_row *row, sheet_row *ret_copy)
{
    const char **cells = arena_array(a, row->count, sizeof *cells);

    *ret_copy = *row;
    ret_copy->cells = cells;
    for (size_t i = 0; cells && i < row->count; i++)
        if (!(cells[i] = arena_text(a, row->cells[i])))
            return false;
    return cells != NULL;
}

/* None is kept of a sheet that is not small. */
static sp_status row_keep(void *arg, const sheet_row *row)
{
    employee_import *i = arg;

    if (!i->kept.whole)
        return SP_DONE;
    if (!i->kept.rows)
        i->kept.rows = arena_array(&i->kept.memory, KEPT_ROWS_MAX, sizeof *i->kept.rows);
    if (i->kept.rows && i->kept.count < KEPT_ROWS_MAX && row_copy(&i->kept.memory, row, &i->kept.rows[i->kept.count])) {
        i->kept.count++;
        return i->is_early && !i->early.has_ended ? row_take(i, row, i->kept.count - 1) : SP_DONE;
    }
    i->kept.whole = false;
    arena_reset(&i->kept.memory);
    return SP_DONE;
}

static sp_status kept_rows_take(employee_import *i)
{
    sp_status status = SP_DONE;

    for (int k = 0; k < i->kept.count && !sp_failed(status); k++)
        status = row_take(i, &i->kept.rows[k], k);
    return status;
}

/* ---- The beginning ----------------------------------------------------------------------------------------------- */

static sp_status request_read(employee_import *i, Smartpass__V1__ImportEmployeesRequest **ret_request)
{
    size_t size;
    const uint8_t *bytes = operation_request(i->job.run, &size);

    *ret_request = (Smartpass__V1__ImportEmployeesRequest *)rpc_unpack(
        &smartpass__v1__import_employees_request__descriptor, &i->memory, bytes, size);
    return *ret_request ? SP_DONE : OUT_OF_MEMORY;
}

/* The file, and the groups that the operator sees. */
static sp_status look_up(employee_import *i, const Smartpass__V1__ImportEmployeesRequest *request)
{
    operation_run *run = i->job.run;
    group_paths *groups;
    transfer_file file;
    db_tx *tx;
    sp_status status = db_begin(i->transfer->options.app, operation_enterprise_id(run), &i->memory, &tx);

    if (sp_failed(status))
        return status;
    /* an upload that an operation works on does not expire */
    status =
        transfer_own_upload(tx, operation_enterprise_id(run), operation_operator_user_id(run), request->id, 0, &file);
    if (!sp_failed(status))
        status = group_paths_read(tx, operation_enterprise_id(run), operation_group_id(run), &groups);
    status = db_end(tx, status);
    if (sp_failed(status))
        return status;
    i->job.groups = groups;
    i->job.columns = &i->sheet.columns;
    i->job.overwrite = request->mode == SMARTPASS__V1__IMPORT_MODE__IMPORT_MODE_OVERWRITE;
    i->job.hopeful = !i->job.overwrite;
    i->job.group_id = request->group_id ? request->group_id : operation_group_id(run);
    i->sheet.kind = file.kind;
    strncpy(i->file_name, file.name, sizeof i->file_name - 1);
    return transfer_file_open(i->transfer->files, file.id, &i->sheet.fd);
}

static sp_status progress_begin(employee_import *i)
{
    import_progress *p = &i->job.progress;
    size_t size;
    const uint8_t *checkpoint = operation_checkpoint(i->job.run, &size);

    if (size == 0)
        return import_progress_init(p, &i->memory) ? SP_DONE : OUT_OF_MEMORY;
    if (!import_progress_unpack(checkpoint, size, &i->memory, p))
        return IMPORT_CHANGED;
    i->first = p->rows;
    return SP_DONE;
}

static sp_status writer_begin(employee_import *i)
{
    for (int b = 0; b < 2; b++)
        if (!(i->batches[b].rows = arena_array(&i->memory, IMPORT_BATCH_ROWS, sizeof *i->batches[b].rows)))
            return OUT_OF_MEMORY;
    i->writer = import_writer_new(&i->job);
    return i->writer ? SP_DONE : OUT_OF_MEMORY;
}

/* What was written early counts, if it was, and the rest begins as if the run had begun here. */
static sp_status early_end(employee_import *i)
{
    sp_status status = batch_end(i);

    if (!sp_failed(status))
        status = import_writer_wait(i->writer);
    if (!sp_failed(status))
        status = import_early_end(&i->job, &i->early, i->sheet.total);
    if (sp_failed(status) && strcmp(status.reason, DB_CONFLICT.reason) != 0)
        return status;
    import_early_done(&i->early);
    import_writer_set_early(i->writer, NULL);
    text_map_init(&i->numbers, &i->memory);
    i->first = i->job.progress.rows;
    return SP_DONE;
}

static sp_status sheet_begin(employee_import *i)
{
    import_progress *p = &i->job.progress;
    sp_status status;

    i->is_early = i->first == 0 && i->job.hopeful;
    if (i->is_early)
        import_writer_set_early(i->writer, &i->early);
    status = import_sheet_find(i->transfer->options.workers, i->sheet.fd, i->sheet.kind, &i->memory, KEPT_ROWS_MAX,
                               row_keep, i, &i->sheet);
    if (!sp_failed(status) && i->first > 0 && p->total != i->sheet.total)
        status = IMPORT_CHANGED;
    if (!sp_failed(status) && i->is_early)
        status = early_end(i);
    if (sp_failed(status))
        return status;
    p->total = i->sheet.total;
    return operation_report(i->job.run, &(operation_progress){p->rows, p->total, p->failed, "importing rows", NULL, 0});
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static sp_status rows_import(employee_import *i)
{
    sp_status status;

    if (i->first == i->sheet.total)
        return SP_DONE;
    if (i->kept.whole && i->kept.count == i->sheet.total)
        status = kept_rows_take(i);
    else
        status = import_sheet_read(i->transfer->options.workers, &i->sheet, row_take, i);
    if (!sp_failed(status))
        status = batch_end(i);
    return sp_failed(status) ? status : import_writer_wait(i->writer);
}

static sp_status result_set(employee_import *i)
{
    Smartpass__V1__ImportResult result = SMARTPASS__V1__IMPORT_RESULT__INIT;
    const import_progress *p = &i->job.progress;
    operation_progress said = {p->rows, p->total, p->failed, "writing failed rows", NULL, 0};
    sp_status status = SP_DONE;

    result.added = p->added;
    result.updated = p->updated;
    result.failed = p->failed;
    if (p->failed > 0) {
        status = operation_report(i->job.run, &said);
        if (!sp_failed(status))
            status = failed_rows_write(&i->job, i->transfer->files, &i->sheet, i->file_name, &result.failed_file_id);
    }
    return sp_failed(status) ? status : operation_set_result(i->job.run, &result.base);
}

static sp_status import_run(employee_import *i)
{
    Smartpass__V1__ImportEmployeesRequest *request;
    operation_progress said = *operation_progress_before(i->job.run);
    sp_status status = request_read(i, &request);

    said.stage = "reading the sheet";
    if (!sp_failed(status))
        status = look_up(i, request);
    if (!sp_failed(status))
        status = operation_report(i->job.run, &said);
    if (!sp_failed(status))
        status = progress_begin(i);
    if (!sp_failed(status))
        status = writer_begin(i);
    if (!sp_failed(status))
        status = sheet_begin(i);
    if (!sp_failed(status))
        status = rows_import(i);
    return sp_failed(status) ? status : result_set(i);
}

sp_status import_employees_run(operation_run *run, void *arg)
{
    employee_import i = {
        .transfer = arg,
        .job = {.run = run},
        .sheet = {.fd = -1, .total = SHEET_ROWS_MAX},
        .kept = {.whole = true},
    };
    sp_status status;

    i.job.options = &i.transfer->options;
    arena_init(&i.memory, JOB_ARENA);
    for (int b = 0; b < 2; b++)
        arena_init(&i.batches[b].memory, BATCH_ARENA_BYTES);
    arena_init(&i.kept.memory, KEPT_BYTES_MAX);
    text_map_init(&i.numbers, &i.memory);
    status = import_run(&i);
    import_writer_free(i.writer);
    import_early_done(&i.early);
    if (i.sheet.fd >= 0)
        close(i.sheet.fd);
    arena_done(&i.kept.memory);
    for (int b = 0; b < 2; b++)
        arena_done(&i.batches[b].memory);
    arena_done(&i.memory);
    return status;
}
