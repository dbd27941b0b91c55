#include "failed_rows.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "import_reasons.h"
#include "import_store.h"
#include "sheet_writer.h"

enum { REASONS_MAX = 1000, PROBLEMS_AT_ONCE = 500, PAGE_ARENA = 8 << 20, NAME_MAX_BYTES = 200 };

/* Problems in the order of rows, a page at a time. */
typedef struct {
    arena memory;
    page at;
    Smartpass__V1__ImportProblem **problems;
    size_t count, next;
    bool ended;
} problem_cursor;

typedef struct {
    const import_job *job;
    sheet_writer *writer;
    problem_cursor problems;
} failed_rows;

/* ---- Reasons ----------------------------------------------------------------------------------------------------- */

static sp_status page_turn(failed_rows *f)
{
    problem_cursor *c = &f->problems;
    page p = {.size = PROBLEMS_AT_ONCE, .first = c->at.first, .text = "", .number = c->at.number, .id = c->at.id};
    int64_t position = 0;
    db_tx *tx;
    sp_status status;

    arena_reset(&c->memory);
    c->next = c->count = 0;
    status = db_begin(f->job->options->app, operation_enterprise_id(f->job->run), &c->memory, &tx);
    if (sp_failed(status))
        return status;
    status = db_end(tx, import_store_list(tx, operation_enterprise_id(f->job->run), operation_id(f->job->run), &p,
                                          &c->problems, &position, &c->count));
    if (sp_failed(status))
        return status;
    c->ended = c->count <= (size_t)p.size;
    if (!c->ended)
        c->count = (size_t)p.size;
    if (c->count > 0)
        c->at = (page){.number = c->problems[c->count - 1]->row, .id = position};
    return SP_DONE;
}

/* What has no room any more is left out. */
static void reason_add(char *text, size_t size, const Smartpass__V1__ImportProblem *problem, sheet_language language)
{
    size_t used = strlen(text);
    int n = snprintf(text + used, size - used, "%s%s%s%s", used ? " " : "", problem->column,
                     *problem->column ? ": " : "", import_reason_sentence(problem->reason, problem->message, language));

    if (n < 0 || (size_t)n >= size - used)
        text[used] = '\0';
}

/* "Name: This must be filled in. Group: There is no such group.", in the sheet's language. Problems of rows before are
 * passed over. */
static sp_status reasons_put_together(failed_rows *f, int row, char *text, size_t size)
{
    problem_cursor *c = &f->problems;

    text[0] = '\0';
    for (;;) {
        if (c->next == c->count) {
            sp_status status = c->ended ? SP_DONE : page_turn(f);

            if (sp_failed(status))
                return status;
            if (c->next == c->count)
                return SP_DONE;
        }
        const Smartpass__V1__ImportProblem *problem = c->problems[c->next];
        if (problem->row > row)
            return SP_DONE;
        if (problem->row == row)
            reason_add(text, size, problem, f->job->columns->language);
        c->next++;
    }
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

static sp_status row_write(void *arg, const sheet_row *row, int ordinal)
{
    failed_rows *f = arg;
    const import_columns *columns = f->job->columns;
    const char *cells[COLUMNS_MAX + 1];
    char reasons[REASONS_MAX];
    size_t count;
    sp_status status = operation_go_on(f->job->run);

    if (sp_failed(status) || ordinal >= f->job->progress.rows || !import_has_failed(&f->job->progress, ordinal))
        return status;
    columns_of(columns->kind, &count);
    for (size_t i = 0; i < count; i++) {
        int cell = columns->cell_of[i];

        cells[i] = cell >= 0 && (size_t)cell < row->count ? row->cells[cell] : "";
    }
    status = reasons_put_together(f, row->number, reasons, sizeof reasons);
    cells[count] = reasons;
    return sp_failed(status) ? status : sheet_writer_row(f->writer, cells, count + 1);
}

static sp_status rows_write(failed_rows *f, const import_sheet *sheet, transfer_draft *draft)
{
    const import_columns *columns = f->job->columns;
    const char *headers[COLUMNS_MAX + 1];
    int widths[COLUMNS_MAX + 1];
    size_t count;
    const sheet_column *all = columns_of(columns->kind, &count);
    sp_status status;

    for (size_t i = 0; i < count; i++) {
        headers[i] = all[i].headers[columns->language];
        widths[i] = all[i].width;
    }
    headers[count] = column_reason_header(columns->language);
    widths[count] = 60;
    status = sheet_writer_open(&(sheet_writer_options){draft, SHEET_WRITER_XLSX,
                                                       columns->language == LANGUAGE_ZH ? "失败的行" : "Failed rows",
                                                       count + 1, headers, widths},
                               &f->writer);
    if (sp_failed(status))
        return status;
    status = import_sheet_read(f->job->options->workers, sheet, row_write, f);
    return sp_first_failure(status, sheet_writer_close(f->writer));
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* "staff.csv" becomes "staff - failed rows.xlsx". */
static void name_make(const char *import, char name[NAME_MAX_BYTES])
{
    const char *dot = strrchr(import, '.');
    int n = dot ? (int)(dot - import) : (int)strlen(import);

    if (n > 0 && n <= NAME_MAX_BYTES - 32)
        snprintf(name, NAME_MAX_BYTES, "%.*s - failed rows.xlsx", n, import);
    else
        snprintf(name, NAME_MAX_BYTES, "Failed rows.xlsx");
}

static sp_status draft_keep(const import_job *job, transfer_draft *draft, const char *name_of_import,
                            int64_t *ret_file_id)
{
    char name[NAME_MAX_BYTES];
    transfer_file file = {
        .kind = SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLSX,
        .made = true,
        .name = name,
        .owner_user_id = operation_operator_user_id(job->run),
        .operation_id = operation_id(job->run),
        .created_ms = clock_now_ms(),
    };
    arena memory;
    db_tx *tx;
    sp_status status;

    name_make(name_of_import, name);
    arena_init(&memory, PAGE_ARENA);
    status = db_begin(job->options->app, operation_enterprise_id(job->run), &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, transfer_draft_keep(draft, tx, &file));
    arena_done(&memory);
    *ret_file_id = file.id;
    return status;
}

static sp_status draft_new(const import_job *job, transfer_files *files, transfer_draft **ret_draft)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    *ret_draft = NULL;
    arena_init(&memory, PAGE_ARENA);
    status = db_begin(job->options->app, operation_enterprise_id(job->run), &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, transfer_file_create(files, tx, operation_enterprise_id(job->run), ret_draft));
    arena_done(&memory);
    return status;
}

sp_status failed_rows_write(const import_job *job, transfer_files *files, const import_sheet *sheet,
                            const char *name_of_import, int64_t *ret_file_id)
{
    failed_rows f = {.job = job, .problems = {.at = {.first = true}}};
    transfer_draft *draft;
    sp_status status = draft_new(job, files, &draft);

    arena_init(&f.problems.memory, PAGE_ARENA);
    if (!sp_failed(status))
        status = rows_write(&f, sheet, draft);
    if (!sp_failed(status))
        status = draft_keep(job, draft, name_of_import, ret_file_id);
    transfer_draft_close(draft, !sp_failed(status));
    arena_done(&f.problems.memory);
    return status;
}
