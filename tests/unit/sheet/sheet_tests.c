#include "sheet_tests.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

static void made_by_descriptor(made_sheet *made, int fd)
{
    struct stat facts;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &facts), 0);
    snprintf(made->path, sizeof made->path, "/proc/self/fd/%d", fd);
    made->file = (sheet_file){.fd = fd, .size = (uint64_t)facts.st_size, .path = made->path};
}

void made_sheet_init(made_sheet *made, const void *bytes, size_t size)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    for (size_t at = 0; at < size;) {
        ssize_t n = write(fd, (const char *)bytes + at, size - at);

        ck_assert_int_gt(n, 0);
        at += (size_t)n;
    }
    made_by_descriptor(made, fd);
}

void made_sheet_open(made_sheet *made, const char *path)
{
    made_by_descriptor(made, open(path, O_RDONLY | O_CLOEXEC));
}

void made_sheet_done(made_sheet *made)
{
    close(made->file.fd);
}

static sp_status note_row(void *arg, const sheet_row *row)
{
    byte_buffer *out = arg;

    ck_assert(byte_buffer_printf(out, "%d: ", row->number));
    ck_assert_uint_ge(row->count, 1);
    ck_assert_str_ne(row->cells[row->count - 1], "");
    for (size_t i = 0; i < row->count; i++)
        ck_assert(byte_buffer_printf(out, "%s%s%s", i > 0 ? "|" : "", row->cut >> i & 1 ? "~" : "", row->cells[i]));
    ck_assert(byte_buffer_append_text(out, "\n"));
    return SP_DONE;
}

char *rows_read(const sheet_file *file, sheet_kind kind, sheet_want want, sp_status *ret_status, sheet_facts *ret_facts)
{
    byte_buffer out;

    byte_buffer_init(&out, 64 << 20);
    ck_assert(byte_buffer_append_text(&out, ""));
    *ret_status = sheet_read(file, kind, want, note_row, &out, ret_facts);
    ck_assert_ptr_nonnull(out.data);
    return (char *)out.data;
}

void reads_as(sheet_kind kind, const void *bytes, size_t size, const char *rows)
{
    made_sheet made;
    sheet_facts facts;
    sp_status status;

    made_sheet_init(&made, bytes, size);
    char *read = rows_read(&made.file, kind, (sheet_want){0}, &status, &facts);
    ck_assert_str_eq(status.reason, "");
    ck_assert_str_eq(read, rows);
    free(read);
    made_sheet_done(&made);
}

void reads_as_failure(sheet_kind kind, const void *bytes, size_t size, sp_status failure)
{
    made_sheet made;
    sheet_facts facts;
    sp_status status;

    made_sheet_init(&made, bytes, size);
    free(rows_read(&made.file, kind, (sheet_want){0}, &status, &facts));
    ck_assert_str_eq(status.reason, failure.reason);
    made_sheet_done(&made);
}
