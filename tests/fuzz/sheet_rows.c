#include "sheet_rows.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "text.h"

static sp_status check_row(void *arg, const sheet_row *row)
{
    int *last = arg;

    REQUIRE(row->number > *last && row->count >= 1 && row->count <= SHEET_COLUMNS_MAX);
    REQUIRE(*row->cells[row->count - 1] != '\0');
    REQUIRE(row->count == SHEET_COLUMNS_MAX || row->cut >> row->count == 0);
    for (size_t i = 0; i < row->count; i++) {
        size_t length = strlen(row->cells[i]);

        REQUIRE(length <= SHEET_CELL_BYTES_MAX && utf8_is_valid(row->cells[i], length));
        REQUIRE(!(row->cut >> i & 1) || length > SHEET_CELL_BYTES_MAX - 4);
    }
    *last = row->number;
    return SP_DONE;
}

sheet_file sheet_rows_file(const uint8_t *bytes, size_t size)
{
    static int fd = -1;

    if (fd < 0)
        fd = memfd_create("sheet", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, bytes, size, 0) == (ssize_t)size);
    return (sheet_file){.fd = fd, .size = size, .path = ""};
}

void sheet_rows_check(const uint8_t *bytes, size_t size, sheet_kind kind)
{
    const sheet_file file = sheet_rows_file(bytes, size);
    sheet_facts all = {0}, first = {0};
    int last = 0, last_of_first = 0;
    sp_status status = sheet_read(&file, kind, (sheet_want){0}, check_row, &last, &all);
    sp_status again = sheet_read(&file, kind, (sheet_want){.rows = 1}, check_row, &last_of_first, &first);

    REQUIRE(strcmp(status.reason, again.reason) == 0);
    if (sp_failed(status))
        return;
    REQUIRE(all.rows == first.rows && all.rows <= SHEET_ROWS_MAX && (all.rows > 0) == (last > 0));
    REQUIRE(strlen(all.name) <= SHEET_NAME_BYTES_MAX && utf8_is_valid(all.name, strlen(all.name)));
    REQUIRE(strcmp(all.name, first.name) == 0);
}
