#include <stdlib.h>
#include <string.h>

#include "ole.h"
#include "sheet_parts.h"
#include "xlsx_parts.h"
#include "xml_part.h"

enum { ENTRIES_MAX = 10000 };

static sp_status read_with(archive *a, const xlsx_book *book, xlsx_styles *styles, xlsx_strings *strings,
                           row_builder *rows)
{
    sp_status status = xlsx_styles_read(a, book->styles, styles);

    if (!sp_failed(status))
        status = xlsx_strings_read(a, book->strings, strings);
    return sp_failed(status) ? status : xlsx_sheet_read(a, book, styles, strings, rows);
}

static sp_status read_book(archive *a, int sheet, row_builder *rows, sheet_facts *facts)
{
    xlsx_book book;
    xlsx_styles styles = {0};
    xlsx_strings strings = {0};
    sp_status status = xlsx_book_read(a, sheet, &book);

    if (sp_failed(status))
        return status;
    strcpy(facts->name, book.name);
    status = read_with(a, &book, &styles, &strings, rows);
    free(styles.formats);
    xlsx_strings_done(&strings);
    return status;
}

sp_status xlsx_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts)
{
    archive *a;
    sp_status status;

    /* A workbook with a password is a container of another make, with the zip inside. */
    if (ole_begins(file))
        return ole_is_encrypted_workbook(file) ? SHEET_ENCRYPTED : SHEET_NOT_READABLE;
    status = sheet_status_of(
        archive_open(file->fd, file->size, (archive_limits){ENTRIES_MAX, SHEET_INFLATED_BYTES_MAX}, &a));
    if (sp_failed(status))
        return status;
    status = read_book(a, sheet, rows, facts);
    archive_close(a);
    return status;
}
