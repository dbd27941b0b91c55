/* Older workbooks, through libfreexl, which holds a whole workbook in memory; xls_book reads beside it what it leaves
 * out. */
#include <freexl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "cell_text.h"
#include "ole.h"
#include "sheet_parts.h"
#include "text.h"
#include "xls_book.h"

void xls_prepare(void)
{
    static const char *const sets[] = {
        "ASCII", "UTF-16LE", "CP437",  "CP737",  "CP775",  "CP850",  "CP852",  "CP855",  "CP857",  "CP858",  "CP860",
        "CP861", "CP862",    "CP863",  "CP864",  "CP865",  "CP866",  "CP869",  "CP874",  "CP932",  "CP936",  "CP949",
        "CP950", "CP1250",   "CP1251", "CP1252", "CP1253", "CP1254", "CP1255", "CP1256", "CP1257", "CP1258", "CP1361",
    };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        (void)iconv_open("UTF-8", sets[i]); /* kept open: then what it loaded stays loaded */
}

/* A workbook and, in the oldest files, which are no container and hold one sheet, nothing beside it. */
typedef struct {
    ole *container; /* NULL: none */
    xls_book *book; /* nothing in it: nothing is known */
    const char *stream;
} xls_facts;

static void facts_done(xls_facts *facts)
{
    ole_close(facts->container);
    free(facts->book);
}

static sp_status facts_read(const sheet_file *file, xls_facts *facts)
{
    sp_status status = SP_DONE;

    facts->book = calloc(1, sizeof *facts->book);
    if (!facts->book)
        return SHEET_NO_MEMORY;
    if (ole_begins(file))
        status = ole_open(file, &facts->container);
    if (sp_failed(status) || !facts->container)
        return status;
    facts->stream = ole_holds(facts->container, "Workbook") ? "Workbook" : "Book";
    ole_stream *s = ole_stream_open(facts->container, facts->stream);
    if (s)
        xls_book_read(s, facts->book);
    ole_stream_close(s);
    return facts->book->encrypted || ole_holds(facts->container, "EncryptedPackage") ? SHEET_ENCRYPTED : SP_DONE;
}

static sp_status cells_beside(const xls_facts *facts, int sheet, xls_cells *cells)
{
    ole_stream *s;
    sp_status status = SP_DONE;

    if ((size_t)sheet >= facts->book->sheet_count || !facts->book->since_97)
        return SP_DONE;
    s = ole_stream_open(facts->container, facts->stream);
    if (!s)
        return SHEET_NO_MEMORY;
    if (ole_stream_skip(s, facts->book->sheets[sheet].at))
        status = xls_cells_read(s, facts->book, cells);
    ole_stream_close(s);
    return status;
}

static sp_status put_text(row_builder *rows, unsigned column, const char *text)
{
    size_t length = strlen(text);

    return utf8_is_valid(text, length) ? row_cell(rows, column, text, length) : SHEET_NOT_READABLE;
}

/* "2024-02-29 00:00:00" is a day. */
static sp_status put_moment(row_builder *rows, unsigned column, const char *text)
{
    const char *midnight = strstr(text, " 00:00:00");

    return row_cell(rows, column, text, midnight && !midnight[9] ? (size_t)(midnight - text) : strlen(text));
}

static sp_status put_number(row_builder *rows, unsigned column, double value)
{
    char text[CELL_TEXT_MAX];
    size_t length;

    return cell_text_of_number(value, text, &length) ? row_cell(rows, column, text, length) : SP_DONE;
}

static sp_status put_cell(row_builder *rows, unsigned column, const FreeXL_CellValue *cell)
{
    switch (cell->type) {
    case FREEXL_CELL_INT:
        return put_number(rows, column, cell->value.int_value);
    case FREEXL_CELL_DOUBLE:
        return put_number(rows, column, cell->value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
        return cell->value.text_value ? put_text(rows, column, cell->value.text_value) : SP_DONE;
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
        return put_moment(rows, column, cell->value.text_value);
    default:
        return SP_DONE;
    }
}

static sp_status status_of(int code)
{
    if (code == FREEXL_OK)
        return SP_DONE;
    return code == FREEXL_INSUFFICIENT_MEMORY ? SHEET_NO_MEMORY : SHEET_NOT_READABLE;
}

static sp_status put_row(const void *book, unsigned row, unsigned short width, row_builder *rows)
{
    sp_status status = SP_DONE;

    for (unsigned short column = 0; column < width && !sp_failed(status); column++) {
        FreeXL_CellValue cell;

        status = status_of(freexl_get_cell_value(book, row, column, &cell));
        if (!sp_failed(status))
            status = put_cell(rows, column, &cell);
    }
    return status;
}

/* Cells of this row, from *next on. */
static sp_status put_beside(const xls_cells *beside, unsigned row, size_t *next, row_builder *rows)
{
    sp_status status = SP_DONE;

    for (; *next < beside->count && beside->cells[*next].row == row && !sp_failed(status); ++*next) {
        const xls_cell *cell = &beside->cells[*next];
        const char *text = beside->texts + cell->at;

        status = row_cell(rows, cell->column, text, strlen(text));
    }
    return status;
}

static sp_status read_rows(const void *book, const xls_cells *beside, row_builder *rows)
{
    unsigned height, all;
    unsigned short width;
    size_t next = 0;
    sp_status status = status_of(freexl_worksheet_dimensions(book, &height, &width));

    if (sp_failed(status))
        return status;
    all = beside->count > 0 && beside->cells[beside->count - 1].row >= height
              ? beside->cells[beside->count - 1].row + 1u
              : height;
    for (unsigned row = 0; row < all && !sp_failed(status); row++) {
        row_begin(rows, (int)row + 1);
        if (row < height)
            status = put_row(book, row, width, rows);
        if (!sp_failed(status))
            status = put_beside(beside, row, &next, rows);
        if (!sp_failed(status))
            status = row_end(rows);
    }
    return status;
}

/* Its number among all sheets, from how many visible ones are to be passed; -1: there are not so many. */
static int sheet_number(const xls_book *facts, unsigned count, int wanted)
{
    for (unsigned i = 0; i < count; i++)
        if ((i >= facts->sheet_count || facts->sheets[i].visible) && wanted-- == 0)
            return (int)i;
    return -1;
}

static sp_status select_sheet(const void *book, int sheet, sheet_facts *facts)
{
    const char *name;
    sp_status status = status_of(freexl_get_worksheet_name(book, (unsigned short)sheet, &name));

    if (!sp_failed(status))
        status = status_of(freexl_select_active_worksheet(book, (unsigned short)sheet));
    if (!sp_failed(status) && name && utf8_is_valid(name, strlen(name))) {
        size_t length = strlen(name);

        memcpy(facts->name, name, length > SHEET_NAME_BYTES_MAX ? text_cut(name, SHEET_NAME_BYTES_MAX) : length);
    }
    return status;
}

static sp_status read_book(const void *book, const xls_facts *known, int wanted, row_builder *rows, sheet_facts *facts)
{
    unsigned count;
    xls_cells beside = {0};
    sp_status status = status_of(freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &count));
    int sheet = sp_failed(status) ? -1 : sheet_number(known->book, count, wanted);

    if (sheet < 0)
        return sp_first_failure(status, SHEET_NOT_THERE);
    status = select_sheet(book, sheet, facts);
    if (!sp_failed(status))
        status = cells_beside(known, sheet, &beside);
    if (!sp_failed(status))
        status = read_rows(book, &beside, rows);
    xls_cells_done(&beside);
    return status;
}

sp_status xls_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts)
{
    xls_facts known = {0};
    const void *book = NULL;
    sp_status status = facts_read(file, &known);

    if (!sp_failed(status))
        status = status_of(freexl_open(file->path, &book));
    if (!sp_failed(status))
        status = read_book(book, &known, sheet, rows, facts);
    if (book)
        freexl_close(book);
    facts_done(&known);
    return status;
}
