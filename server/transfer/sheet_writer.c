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
    TEXT_FORMAT = 49,    /* "@": what is typed into a cell later stays as it is typed, too */
};

struct sheet_writer {
    sheet_writer_options options;
    byte_buffer part; /* csv: what has not been written yet */

    lxw_workbook *book; /* NULL: csv */
    lxw_worksheet *sheet;
    lxw_format *text, *head;
    lxw_row_t next;
    int sheets;
};

/* ---- csv --------------------------------------------------------------------------------------------------------- */

static sp_status part_write(sheet_writer *w)
{
    sp_status status = transfer_draft_write(w->options.draft, w->part.data, w->part.size);

    byte_buffer_drop(&w->part, w->part.size);
    return status;
}

static sp_status csv_put(sheet_writer *w, const char *const *cells, size_t count)
{
    if (!csv_row(&w->part, cells, count))
        return OUT_OF_MEMORY;
    return w->part.size < CSV_PART ? SP_DONE : part_write(w);
}

static sp_status csv_begin(sheet_writer *w)
{
    byte_buffer_init(&w->part, CSV_PART_MAX);
    if (!byte_buffer_append_text(&w->part, CSV_MARK))
        return OUT_OF_MEMORY;
    return csv_put(w, w->options.headers, w->options.columns);
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
        return SHEET_NOT_WRITTEN;
    }
}

static sp_status cells_put(sheet_writer *w, const char *const *cells, size_t count, lxw_format *format)
{
    lxw_error error = LXW_NO_ERROR;

    for (size_t i = 0; i < count && error == LXW_NO_ERROR; i++)
        if (cells[i] && *cells[i])
            error = worksheet_write_string(w->sheet, w->next, (lxw_col_t)i, cells[i], format);
    w->next++;
    return status_of(error);
}

/* "List", "List 2", … */
static sp_status sheet_begin(sheet_writer *w)
{
    const sheet_writer_options *o = &w->options;
    lxw_error error = LXW_NO_ERROR;
    char name[160];

    w->sheets++;
    if (w->sheets == 1)
        snprintf(name, sizeof name, "%.128s", o->title);
    else
        snprintf(name, sizeof name, "%.128s %d", o->title, w->sheets);
    w->sheet = workbook_add_worksheet(w->book, name);
    if (!w->sheet)
        return SHEET_NOT_WRITTEN;
    worksheet_freeze_panes(w->sheet, 1, 0);
    for (size_t i = 0; i < o->columns && error == LXW_NO_ERROR; i++)
        error = worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i, o->widths[i], w->text);
    if (error != LXW_NO_ERROR)
        return status_of(error);
    w->next = 0;
    return cells_put(w, o->headers, o->columns, w->head);
}

/* Its temporary files lie beside the draft, on the same disk. */
static sp_status xlsx_begin(sheet_writer *w)
{
    const char *path = transfer_draft_path(w->options.draft), *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    lxw_workbook_options settings = {.constant_memory = LXW_TRUE, .tmpdir = folder, .use_zip64 = LXW_TRUE};

    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    w->book = workbook_new_opt(path, &settings);
    w->text = w->book ? workbook_add_format(w->book) : NULL;
    w->head = w->book ? workbook_add_format(w->book) : NULL;
    if (!w->text || !w->head)
        return OUT_OF_MEMORY;
    format_set_num_format_index(w->text, TEXT_FORMAT);
    format_set_bold(w->head);
    return sheet_begin(w);
}

static sp_status xlsx_put(sheet_writer *w, const char *const *cells, size_t count)
{
    sp_status status = SP_DONE;

    if (w->next % ROWS_A_CHECK == 0)
        status = transfer_draft_check_disk(w->options.draft);
    if (!sp_failed(status) && w->next == SHEET_WRITER_ROWS_MAX)
        status = sheet_begin(w);
    return sp_failed(status) ? status : cells_put(w, cells, count, NULL);
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

sp_status sheet_writer_open(const sheet_writer_options *options, sheet_writer **ret_writer)
{
    sheet_writer *w = calloc(1, sizeof *w);
    sp_status status;

    if (!w)
        return OUT_OF_MEMORY;
    w->options = *options;
    status = options->format == SHEET_WRITER_CSV ? csv_begin(w) : xlsx_begin(w);
    if (!sp_failed(status)) {
        *ret_writer = w;
        return status;
    }
    lxw_workbook_free(w->book);
    byte_buffer_done(&w->part);
    free(w);
    return status;
}

sp_status sheet_writer_row(sheet_writer *writer, const char *const *cells, size_t count)
{
    return writer->book ? xlsx_put(writer, cells, count) : csv_put(writer, cells, count);
}

sp_status sheet_writer_close(sheet_writer *writer)
{
    sp_status status;

    if (!writer)
        return SP_DONE;
    if (writer->book) {
        sp_status end;

        status = transfer_draft_check_disk(writer->options.draft);
        end = status_of(workbook_close(writer->book)); /* frees it whatever happens */
        if (!sp_failed(status))
            status = end;
    } else {
        status = part_write(writer);
    }
    byte_buffer_done(&writer->part);
    free(writer);
    return status;
}
