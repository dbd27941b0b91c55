#include "sheet_writer.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

struct sheet_writer {
    sheet_writer_options options;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_row_t next;
};

static bool head_write(sheet_writer *w)
{
    lxw_format *head = workbook_add_format(w->workbook), *text = workbook_add_format(w->workbook);

    if (!head || !text)
        return false;
    format_set_bold(head);
    format_set_num_format_index(text, 49); /* text */
    for (size_t i = 0; i < w->options.columns; i++)
        if (worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i, w->options.widths[i], text) != LXW_NO_ERROR ||
            worksheet_write_string(w->sheet, 0, (lxw_col_t)i, w->options.headers[i], head) != LXW_NO_ERROR)
            return false;
    worksheet_freeze_panes(w->sheet, 1, 0);
    w->next = 1;
    return true;
}

sp_status sheet_writer_open(const sheet_writer_options *options, sheet_writer **ret_writer)
{
    lxw_workbook_options settings = {.constant_memory = LXW_TRUE};
    sheet_writer *w = calloc(1, sizeof *w);

    if (!w)
        return OUT_OF_MEMORY;
    w->options = *options;
    w->workbook = workbook_new_opt(options->path, &settings);
    w->sheet = w->workbook ? workbook_add_worksheet(w->workbook, options->title) : NULL;
    if (w->sheet && head_write(w)) {
        *ret_writer = w;
        return SP_DONE;
    }
    lxw_workbook_free(w->workbook);
    free(w);
    return SHEET_NOT_WRITTEN;
}

sp_status sheet_writer_row(sheet_writer *writer, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i] && *cells[i] &&
            worksheet_write_string(writer->sheet, writer->next, (lxw_col_t)i, cells[i], NULL) != LXW_NO_ERROR)
            return SHEET_NOT_WRITTEN;
    writer->next++;
    return SP_DONE;
}

sp_status sheet_writer_close(sheet_writer *writer)
{
    lxw_error error;

    if (!writer)
        return SP_DONE;
    error = workbook_close(writer->workbook);
    free(writer);
    return error == LXW_NO_ERROR ? SP_DONE : SHEET_NOT_WRITTEN;
}
