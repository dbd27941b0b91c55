#include "sheet_read.h"

#include <errno.h>
#include <unistd.h>

#include "archive.h"
#include "sheet_parts.h"

void sheet_prepare(sheet_kind kind)
{
    if (kind == SHEET_XLSX)
        archive_prepare();
    else if (kind == SHEET_XLS)
        xls_prepare();
    else
        csv_prepare();
}

bool sheet_file_read(const sheet_file *file, uint64_t offset, void *to, size_t n)
{
    uint8_t *at = to;

    if (offset > file->size || n > file->size - offset)
        return false;
    while (n > 0) {
        ssize_t got = pread(file->fd, at, n, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
        offset += (uint64_t)got;
    }
    return true;
}

sp_status sheet_read(const sheet_file *file, sheet_kind kind, sheet_want want, sheet_row_taken on_row, void *arg,
                     sheet_facts *ret_facts)
{
    static sp_status (*const readers[SHEET_KINDS])(const sheet_file *, int, row_builder *, sheet_facts *) = {
        [SHEET_XLSX] = xlsx_read,
        [SHEET_XLS] = xls_read,
        [SHEET_CSV] = csv_read,
    };
    sheet_facts facts = {0};
    row_builder rows;
    sp_status status;

    if (file->size > SHEET_FILE_BYTES_MAX)
        return SHEET_TOO_LARGE;
    if (!row_builder_init(&rows, want.rows, on_row, arg))
        return SHEET_NO_MEMORY;
    status = readers[kind](file, want.sheet, &rows, &facts);
    facts.rows = rows.rows;
    row_builder_done(&rows);
    if (!sp_failed(status))
        *ret_facts = facts;
    return status;
}
