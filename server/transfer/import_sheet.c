#include "import_sheet.h"

#include <string.h>

#include "sheet.h"

enum { HEADER_ROWS_MAX = 10, SHEETS_MAX = 64 };

SP_STATUS(HEADER_ELSEWHERE, SP_NOT_FOUND, "The header is on another sheet.");

bool import_kind_is_sheet(Smartpass__V1__TransferFileKind kind)
{
    return kind == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLSX ||
           kind == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLS ||
           kind == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_CSV;
}

static sheet_kind kind_of(Smartpass__V1__TransferFileKind kind)
{
    if (kind == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLSX)
        return SHEET_XLSX;
    return kind == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLS ? SHEET_XLS : SHEET_CSV;
}

/* ---- The header -------------------------------------------------------------------------------------------------- */

typedef struct {
    import_sheet *sheet;
    arena *memory;
    int seen; /* rows up to the header, which is among them */
    bool found;
    sheet_row_taken on_row;
    void *arg;
} search;

static sp_status look(void *arg, const sheet_row *row)
{
    search *s = arg;

    if (s->found)
        return s->on_row ? s->on_row(s->arg, row) : SP_DONE;
    if (s->seen++ == HEADER_ROWS_MAX)
        return HEADER_ELSEWHERE;
    s->found = import_columns_find(PERSON_EMPLOYEE, row, s->memory, &s->sheet->columns);
    s->sheet->header_row = row->number;
    return SP_DONE;
}

sp_status import_sheet_find(worker_pool *workers, int fd, Smartpass__V1__TransferFileKind kind, arena *a,
                            int preview_rows, sheet_row_taken on_row, void *arg, import_sheet *ret_sheet)
{
    for (int i = 0; i < SHEETS_MAX; i++) {
        search s = {.sheet = ret_sheet, .memory = a, .on_row = on_row, .arg = arg};
        const sheet_want want = {i, HEADER_ROWS_MAX + 1 + preview_rows};
        sheet_facts facts;
        sp_status status = worker_read_sheet(workers, fd, kind_of(kind), want, look, &s, &facts);

        if (strcmp(status.reason, SHEET_NOT_THERE.reason) == 0)
            break;
        if (sp_failed(status) && strcmp(status.reason, HEADER_ELSEWHERE.reason) != 0)
            return status;
        if (sp_failed(status) || !s.found)
            continue;
        ret_sheet->fd = fd;
        ret_sheet->kind = kind;
        ret_sheet->sheet = i;
        ret_sheet->total = facts.rows - s.seen;
        memcpy(ret_sheet->name, facts.name, sizeof facts.name);
        return SP_DONE;
    }
    return TEMPLATE_MISMATCH;
}

/* ---- The rows ---------------------------------------------------------------------------------------------------- */

typedef struct {
    const import_sheet *sheet;
    int next;
    import_row_taken on_row;
    void *arg;
} reading;

static sp_status take(void *arg, const sheet_row *row)
{
    reading *r = arg;

    if (row->number <= r->sheet->header_row)
        return SP_DONE;
    return r->on_row(r->arg, row, r->next++);
}

sp_status import_sheet_read(worker_pool *workers, const import_sheet *sheet, import_row_taken on_row, void *arg)
{
    reading r = {sheet, 0, on_row, arg};

    return worker_read_sheet(workers, sheet->fd, kind_of(sheet->kind), (sheet_want){sheet->sheet, 0}, take, &r, NULL);
}
