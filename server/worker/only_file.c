#include "only_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
    bool known;
    int fd;
    uint64_t size, at;
} only;

void only_file_is(int fd, uint64_t size)
{
    only.known = true;
    only.fd = fd;
    only.size = size;
}

static ssize_t only_read(void *cookie, char *to, size_t n)
{
    ssize_t got = pread(only.fd, to, n, (off_t)only.at);

    (void)cookie;
    if (got > 0)
        only.at += (uint64_t)got;
    return got;
}

static int only_seek(void *cookie, off64_t *offset, int whence)
{
    int64_t at = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)only.at : (int64_t)only.size;

    (void)cookie;
    if (__builtin_add_overflow(at, *offset, &at) || at < 0)
        return -1;
    only.at = (uint64_t)at;
    *offset = at;
    return 0;
}

/* Found before the C library's by every library of this program. */
FILE *fopen(const char *restrict path, const char *restrict mode)
{
    if (!only.known || strcmp(path, ONLY_FILE_PATH) != 0 || *mode != 'r') {
        errno = EACCES;
        return NULL;
    }
    only.at = 0;
    return fopencookie(&only, "r", (cookie_io_functions_t){.read = only_read, .seek = only_seek});
}
