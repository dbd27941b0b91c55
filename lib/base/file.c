#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

enum { FILE_READ_PIECE = 16 * 1024 };

/* Closes without disturbing the errno that tells why we gave up. */
static void close_quietly(int fd)
{
    int saved_errno = errno;

    close(fd);
    errno = saved_errno;
}

/* The size that fstat tells is only a hint (0 for /proc, growing for a log), so the end decides. */
static sp_status read_to_end(int fd, size_t limit, byte_buffer *into)
{
    for (;;) {
        size_t left = limit - into->size;
        size_t want = left < FILE_READ_PIECE ? left + 1 : FILE_READ_PIECE;
        uint8_t *end = byte_buffer_reserve(into, want);
        ssize_t n;

        if (!end)
            return OUT_OF_MEMORY;
        n = read(fd, end, want);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FILE_NOT_READABLE;
        if ((size_t)n > left)
            return FILE_TOO_LARGE;
        into->size += (size_t)n;
        into->data[into->size] = '\0';
        if (n == 0)
            return SP_DONE;
    }
}

sp_status file_read(const char *path, size_t limit, char **ret_bytes, size_t *ret_size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    byte_buffer content;
    sp_status status;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? FILE_NOT_FOUND : FILE_NOT_READABLE;
    if (limit > SSIZE_MAX)
        limit = SSIZE_MAX;
    byte_buffer_init(&content, limit + 1);
    status = read_to_end(fd, limit, &content);
    close_quietly(fd);
    if (sp_failed(status)) {
        byte_buffer_done(&content);
        return status;
    }
    *ret_bytes = (char *)content.data;
    if (ret_size)
        *ret_size = content.size;
    return SP_DONE;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

/* A rename is on the disk only when its directory is. */
static bool sync_directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    bool synced;
    int fd;

    if (!directory)
        return false;
    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(directory);
    if (fd < 0)
        return false;
    synced = fsync(fd) == 0;
    close_quietly(fd);
    return synced;
}

sp_status file_write(const char *path, const void *bytes, size_t n, mode_t mode)
{
    char *beside;
    int fd;
    bool written;

    if (asprintf(&beside, "%s.XXXXXX", path) < 0)
        return OUT_OF_MEMORY;
    fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        free(beside);
        return FILE_NOT_WRITABLE;
    }
    written = write_all(fd, bytes, n) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    close_quietly(fd);
    written = written && rename(beside, path) == 0;
    if (!written) {
        int saved_errno = errno;

        unlink(beside);
        errno = saved_errno;
    }
    free(beside);
    return written && sync_directory_of(path) ? SP_DONE : FILE_NOT_WRITABLE;
}
