/* Older workbooks, through libfreexl. It holds a whole workbook in memory and knows nothing of hidden sheets, so the
 * workbook's own list of sheets is read beside it. */
#include <freexl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "cell_text.h"
#include "ole.h"
#include "sheet_parts.h"
#include "text.h"

enum { SHEETS_MAX = 1024, RECORDS_MAX = 1 << 20 };

/* Records of the workbook's stream. */
enum { RECORD_END = 0x0a, RECORD_ENCRYPTED = 0x2f, RECORD_SHEET = 0x85, SHEET_RECORD_HEAD = 6 };

typedef struct {
    size_t count;
    bool encrypted;
    bool visible[SHEETS_MAX]; /* and with cells */
} sheet_list;

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

static bool sheet_record_read(ole_stream *s, size_t size, sheet_list *list)
{
    uint8_t head[SHEET_RECORD_HEAD];

    if (size < sizeof head || list->count == SHEETS_MAX || !ole_stream_read(s, head, sizeof head))
        return false;
    list->visible[list->count++] = (head[4] & 3) == 0 && head[5] == 0;
    return ole_stream_skip(s, size - sizeof head);
}

static void list_read(ole_stream *s, sheet_list *list)
{
    uint8_t head[4];

    for (int i = 0; i < RECORDS_MAX && ole_stream_read(s, head, sizeof head); i++) {
        unsigned type = head[0] | (unsigned)head[1] << 8, size = head[2] | (unsigned)head[3] << 8;

        if (type == RECORD_ENCRYPTED)
            list->encrypted = true;
        if (type == RECORD_END || type == RECORD_ENCRYPTED)
            return;
        if (type == RECORD_SHEET ? !sheet_record_read(s, size, list) : !ole_stream_skip(s, size))
            return;
    }
}

/* Stays empty for the oldest files, which are no container and hold one sheet. */
static sp_status list_sheets(const sheet_file *file, sheet_list *list)
{
    ole *o;
    sp_status status;

    if (!ole_begins(file))
        return SP_DONE;
    status = ole_open(file, &o);
    if (sp_failed(status))
        return status;
    ole_stream *s = ole_stream_open(o, "Workbook");
    if (!s)
        s = ole_stream_open(o, "Book");
    if (s)
        list_read(s, list);
    list->encrypted = list->encrypted || ole_holds(o, "EncryptedPackage");
    ole_stream_close(s);
    ole_close(o);
    return list->encrypted ? SHEET_ENCRYPTED : SP_DONE;
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

static sp_status read_rows(const void *book, row_builder *rows)
{
    unsigned height;
    unsigned short width;
    sp_status status = status_of(freexl_worksheet_dimensions(book, &height, &width));

    for (unsigned row = 0; row < height && !sp_failed(status); row++) {
        row_begin(rows, (int)row + 1);
        for (unsigned short column = 0; column < width && !sp_failed(status); column++) {
            FreeXL_CellValue cell;

            status = status_of(freexl_get_cell_value(book, row, column, &cell));
            if (!sp_failed(status))
                status = put_cell(rows, column, &cell);
        }
        if (!sp_failed(status))
            status = row_end(rows);
    }
    return status;
}

/* Its number among all sheets, from how many visible ones are to be passed; -1: there are not so many. */
static int sheet_number(const sheet_list *list, unsigned count, int wanted)
{
    for (unsigned i = 0; i < count; i++)
        if ((i >= list->count || list->visible[i]) && wanted-- == 0)
            return (int)i;
    return -1;
}

static sp_status read_book(const void *book, const sheet_list *list, int wanted, row_builder *rows, sheet_facts *facts)
{
    unsigned count;
    const char *name;
    sp_status status = status_of(freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &count));
    int sheet = sp_failed(status) ? -1 : sheet_number(list, count, wanted);

    if (sheet < 0)
        return sp_first_failure(status, SHEET_NOT_THERE);
    status = status_of(freexl_get_worksheet_name(book, (unsigned short)sheet, &name));
    if (!sp_failed(status))
        status = status_of(freexl_select_active_worksheet(book, (unsigned short)sheet));
    if (sp_failed(status))
        return status;
    if (name && utf8_is_valid(name, strlen(name))) {
        size_t length = strlen(name);

        memcpy(facts->name, name, length > SHEET_NAME_BYTES_MAX ? text_cut(name, SHEET_NAME_BYTES_MAX) : length);
    }
    return read_rows(book, rows);
}

sp_status xls_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts)
{
    sheet_list list = {0};
    const void *book = NULL;
    sp_status status = list_sheets(file, &list);

    if (sp_failed(status))
        return status;
    status = status_of(freexl_open(file->path, &book));
    if (!sp_failed(status))
        status = read_book(book, &list, sheet, rows, facts);
    if (book)
        freexl_close(book);
    return status;
}
