#include <stdlib.h>
#include <string.h>

#include "cell_text.h"
#include "xlsx_parts.h"
#include "xlsx_text.h"
#include "xml_part.h"

enum { ROW_NUMBER_MAX = 1048576, COLUMN_NUMBER_MAX = 16384 };

typedef enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_MOMENT } cell_kind;

typedef struct {
    const xlsx_styles *styles;
    const xlsx_strings *strings;
    row_builder *rows;
    bool since_1904;

    bool in_sheet, in_row, in_cell, in_text;
    int phonetic;
    int row;         /* number of this row, or of the last one */
    unsigned column; /* of this cell, from 0, or of the next one */
    cell_kind kind;
    unsigned style;
    xlsx_text text;
} sheet_walk;

/* Where a cell stands: "BC12" → 54. False for anything else. */
static bool column_of(const char *reference, unsigned *ret_column)
{
    unsigned column = 0;

    for (; *reference >= 'A' && *reference <= 'Z' && column <= COLUMN_NUMBER_MAX; reference++)
        column = column * 26 + (unsigned)(*reference - 'A' + 1);
    *ret_column = column - 1;
    return column > 0 && column <= COLUMN_NUMBER_MAX && *reference >= '1' && *reference <= '9';
}

static cell_kind kind_of(const char *type)
{
    if (!type || strcmp(type, "n") == 0)
        return CELL_NUMBER;
    if (strcmp(type, "s") == 0)
        return CELL_SHARED;
    if (strcmp(type, "b") == 0)
        return CELL_BOOLEAN;
    return strcmp(type, "d") == 0 ? CELL_MOMENT : CELL_TEXT; /* results of formulas, errors, texts in place */
}

static void row_started(sheet_walk *w, xml_part *part, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");
    long row = number ? strtol(number, NULL, 10) : w->row + 1;

    if (row <= w->row || row > ROW_NUMBER_MAX) {
        xml_part_stop(part, SHEET_NOT_READABLE);
        return;
    }
    w->row = (int)row;
    w->column = 0;
    w->in_row = true;
    row_begin(w->rows, w->row);
}

static void cell_started(sheet_walk *w, xml_part *part, const char **attributes)
{
    const char *type = NULL, *style = NULL;

    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "r") == 0) {
            if (!column_of(attributes[1], &w->column)) {
                xml_part_stop(part, SHEET_NOT_READABLE);
                return;
            }
        } else if (strcmp(attributes[0], "t") == 0) {
            type = attributes[1];
        } else if (strcmp(attributes[0], "s") == 0) {
            style = attributes[1];
        }
    }
    w->kind = kind_of(type);
    w->style = style ? (unsigned)strtoul(style, NULL, 10) : 0;
    w->in_cell = true;
    xlsx_text_clear(&w->text);
}

static void sheet_started(void *arg, xml_part *part, const char *name, const char **attributes)
{
    sheet_walk *w = arg;

    if (!w->in_sheet) {
        w->in_sheet = strcmp(name, "sheetData") == 0;
    } else if (!w->in_row) {
        if (strcmp(name, "row") == 0)
            row_started(w, part, attributes);
    } else if (!w->in_cell) {
        if (strcmp(name, "c") == 0)
            cell_started(w, part, attributes);
    } else if (strcmp(name, "v") == 0) {
        w->in_text = true;
        xlsx_text_clear(&w->text);
    } else if (strcmp(name, "rPh") == 0) {
        w->phonetic++;
    } else if (strcmp(name, "t") == 0 && w->phonetic == 0) {
        w->in_text = true;
    }
}

static sp_status put_shared(sheet_walk *w)
{
    char *end;
    unsigned long index = strtoul(w->text.bytes, &end, 10);

    if (end == w->text.bytes || index >= w->strings->count)
        return SHEET_NOT_READABLE;
    uint32_t at = w->strings->at[index];
    return row_cell_borrowed(w->rows, w->column, w->strings->bytes + (at & ~XLSX_STRING_CUT), at & XLSX_STRING_CUT);
}

/* What is no number after all is handed over as it stands. */
static sp_status put_number(sheet_walk *w)
{
    char text[CELL_TEXT_MAX];
    size_t length;
    number_format format = xlsx_style_format(w->styles, w->style);

    if ((format != FORMAT_NUMBER &&
         cell_text_of_moment(strtod(w->text.bytes, NULL), format, w->since_1904, text, &length)) ||
        cell_text_of_decimal(w->text.bytes, w->text.length, text, &length))
        return row_cell(w->rows, w->column, text, length);
    return row_cell(w->rows, w->column, w->text.bytes, w->text.length);
}

/* "2024-02-29T00:00:00.000" → "2024-02-29", "2024-02-29T08:30:00" → "2024-02-29 08:30:00" */
static sp_status put_moment(sheet_walk *w)
{
    char *text = w->text.bytes, *time = strchr(text, 'T');
    size_t length = w->text.length;

    if (time) {
        *time = ' ';
        length = (size_t)(time - text) + 1 + strspn(time + 1, "0123456789:");
        if (strspn(time, " 0:") >= length - (size_t)(time - text))
            length = (size_t)(time - text);
    }
    return row_cell(w->rows, w->column, text, length);
}

static sp_status put_cell(sheet_walk *w)
{
    xlsx_text_finish(&w->text);
    if (w->text.length == 0)
        return SP_DONE;
    switch (w->kind) {
    case CELL_SHARED:
        return put_shared(w);
    case CELL_NUMBER:
        return put_number(w);
    case CELL_MOMENT:
        return put_moment(w);
    case CELL_BOOLEAN:
        return xml_is_true(w->text.bytes) ? row_cell(w->rows, w->column, "TRUE", 4)
                                          : row_cell(w->rows, w->column, "FALSE", 5);
    default:
        return row_cell(w->rows, w->column, w->text.bytes, w->text.length);
    }
}

static void cell_ended(sheet_walk *w, xml_part *part, const char *name)
{
    sp_status status;

    if (strcmp(name, "c") == 0) {
        w->in_cell = w->in_text = false;
        status = put_cell(w);
        w->column++;
        if (sp_failed(status))
            xml_part_stop(part, status);
    } else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        w->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        w->phonetic--;
    }
}

static void sheet_ended(void *arg, xml_part *part, const char *name)
{
    sheet_walk *w = arg;

    if (w->in_cell) {
        cell_ended(w, part, name);
    } else if (w->in_row && strcmp(name, "row") == 0) {
        sp_status status = row_end(w->rows);

        w->in_row = false;
        if (sp_failed(status))
            xml_part_stop(part, status);
    } else if (w->in_sheet && strcmp(name, "sheetData") == 0) {
        xml_part_stop(part, SP_DONE);
    }
}

static void sheet_texted(void *arg, xml_part *part, const char *text, size_t length)
{
    sheet_walk *w = arg;

    (void)part;
    if (w->in_text)
        xlsx_text_append(&w->text, text, length);
}

sp_status xlsx_sheet_read(archive *a, const xlsx_book *book, const xlsx_styles *styles, const xlsx_strings *strings,
                          row_builder *rows)
{
    static const xml_handlers handlers = {sheet_started, sheet_ended, sheet_texted};
    int64_t index = archive_find(a, book->sheet);
    sheet_walk *w = index < 0 ? NULL : calloc(1, sizeof *w);
    sp_status status;

    if (!w)
        return index < 0 ? SHEET_NOT_READABLE : SHEET_NO_MEMORY;
    w->styles = styles;
    w->strings = strings;
    w->rows = rows;
    w->since_1904 = book->since_1904;
    status = xml_part_read(a, index, &handlers, w);
    free(w);
    return status;
}
