#include "sheet_writer.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "csv.h"

enum {
    CSV_PART = 256 << 10,
    CSV_PART_MAX = 4 << 20,
    ROWS_A_CHECK = 4096, /* the library writes without looking whether the disk took it */
};

struct sheet_writer {
    transfer_draft *draft;
    char *title;
    sheet_heading *headings; /* copies */
    size_t count;
    int64_t rows; /* written below the headings, on all sheets */

    byte_buffer part; /* csv: what has not been written yet */

    lxw_workbook *book; /* NULL: csv */
    lxw_worksheet *sheet;
    lxw_format *text, *head;
    lxw_row_t at;
    int sheets;
};

/* ---- csv --------------------------------------------------------------------------------------------------------- */

static sp_status part_write(sheet_writer *w)
{
    sp_status status = transfer_draft_write(w->draft, w->part.data, w->part.size);

    byte_buffer_drop(&w->part, w->part.size);
    return status;
}

static sp_status csv_put(sheet_writer *w, const char *const *cells)
{
    if (!csv_row(&w->part, cells, w->count))
        return OUT_OF_MEMORY;
    return w->part.size < CSV_PART ? SP_DONE : part_write(w);
}

static sp_status csv_head(sheet_writer *w)
{
    const char *headers[SHEET_WRITER_COLUMNS_MAX];

    for (size_t i = 0; i < w->count; i++)
        headers[i] = w->headings[i].header;
    byte_buffer_init(&w->part, CSV_PART_MAX);
    return byte_buffer_append_text(&w->part, CSV_MARK) ? csv_put(w, headers) : OUT_OF_MEMORY;
}

/* ---- xlsx -------------------------------------------------------------------------------------------------------- */

static sp_status status_of(lxw_error error)
{
    switch (error) {
    case LXW_NO_ERROR:
        return SP_DONE;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return OUT_OF_MEMORY;
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
        return SHEET_CELL_TOO_LONG;
    default:
        return TRANSFER_FILE_NOT_WRITABLE;
    }
}

static sp_status text_put(sheet_writer *w, lxw_col_t column, const char *text, lxw_format *format)
{
    if (!text || !*text)
        return SP_DONE;
    return status_of(worksheet_write_string(w->sheet, w->at, column, text, format));
}

/* "List", "List 2", … */
static sp_status sheet_begin(sheet_writer *w)
{
    char name[64];

    w->sheets++;
    if (w->sheets == 1)
        snprintf(name, sizeof name, "%s", w->title);
    else
        snprintf(name, sizeof name, "%s %d", w->title, w->sheets);
    w->sheet = workbook_add_worksheet(w->book, name);
    if (!w->sheet)
        return OUT_OF_MEMORY;
    worksheet_freeze_panes(w->sheet, 1, 0);
    for (size_t i = 0; i < w->count; i++)
        if (worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i,
                                 w->headings[i].width > 0 ? w->headings[i].width : LXW_DEF_COL_WIDTH, w->text))
            return OUT_OF_MEMORY;
    w->at = 0;
    for (size_t i = 0; i < w->count; i++) {
        sp_status status = text_put(w, (lxw_col_t)i, w->headings[i].header, w->head);
        if (sp_failed(status))
            return status;
    }
    w->at = 1;
    return SP_DONE;
}

static sp_status xlsx_head(sheet_writer *w)
{
    const char *path = transfer_draft_path(w->draft), *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = folder, .use_zip64 = LXW_TRUE};

    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    w->book = workbook_new_opt(path, &options);
    if (!w->book)
        return OUT_OF_MEMORY;
    w->text = workbook_add_format(w->book);
    w->head = workbook_add_format(w->book);
    if (!w->text || !w->head)
        return OUT_OF_MEMORY;
    format_set_num_format_index(w->text, 49); /* text: what is typed into it later stays as it is typed, too */
    format_set_bold(w->head);
    return sheet_begin(w);
}

static sp_status xlsx_put(sheet_writer *w, const char *const *cells)
{
    sp_status status = SP_DONE;

    if (w->rows % ROWS_A_CHECK == 0)
        status = transfer_draft_check_disk(w->draft);
    if (!sp_failed(status) && w->at == SHEET_WRITER_ROWS_MAX)
        status = sheet_begin(w);
    for (size_t i = 0; i < w->count && !sp_failed(status); i++)
        status = text_put(w, (lxw_col_t)i, cells[i], NULL);
    w->at++;
    return status;
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

static void writer_free(sheet_writer *w)
{
    for (size_t i = 0; w->headings && i < w->count; i++)
        free((char *)w->headings[i].header);
    free(w->headings);
    free(w->title);
    byte_buffer_done(&w->part);
    free(w);
}

static sheet_writer *writer_new(transfer_draft *draft, const char *title, const sheet_heading *headings, size_t count)
{
    sheet_writer *w = calloc(1, sizeof *w);
    bool fine = w != NULL;

    if (!w)
        return NULL;
    w->draft = draft;
    w->count = count;
    w->title = strdup(title);
    w->headings = calloc(count, sizeof *w->headings);
    fine = w->title && w->headings;
    for (size_t i = 0; fine && i < count; i++) {
        w->headings[i] = (sheet_heading){strdup(headings[i].header), headings[i].width};
        fine = w->headings[i].header != NULL;
    }
    if (fine)
        return w;
    writer_free(w);
    return NULL;
}

sp_status sheet_writer_open(transfer_draft *draft, Smartpass__V1__TransferFileKind format, const char *title,
                            const sheet_heading *headings, size_t count, sheet_writer **ret_writer)
{
    sheet_writer *w = writer_new(draft, title, headings, count);
    sp_status status;

    if (!w)
        return OUT_OF_MEMORY;
    status = format == SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_CSV ? csv_head(w) : xlsx_head(w);
    if (!sp_failed(status)) {
        *ret_writer = w;
        return status;
    }
    if (w->book)
        workbook_close(w->book);
    writer_free(w);
    return status;
}

sp_status sheet_writer_row(sheet_writer *w, const char *const *cells)
{
    sp_status status = w->book ? xlsx_put(w, cells) : csv_put(w, cells);

    w->rows++;
    return status;
}

sp_status sheet_writer_close(sheet_writer *w)
{
    sp_status status = SP_DONE;

    if (!w)
        return SP_DONE;
    if (w->book) {
        status = transfer_draft_check_disk(w->draft);
        sp_status end = status_of(workbook_close(w->book)); /* frees it whatever happens */
        if (!sp_failed(status))
            status = end;
    } else {
        status = part_write(w);
    }
    writer_free(w);
    return status;
}
