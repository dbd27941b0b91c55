#include "archive_source.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    int fd;
    uint64_t size, at;
    zip_error_t error;
} descriptor;

static zip_int64_t take(descriptor *d, void *to, zip_uint64_t room)
{
    ssize_t n;

    if (room > d->size - d->at)
        room = d->size - d->at;
    do
        n = pread(d->fd, to, room, (off_t)d->at);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        zip_error_set(&d->error, ZIP_ER_READ, errno);
        return -1;
    }
    d->at += (uint64_t)n;
    return n;
}

static zip_int64_t seek(descriptor *d, void *arguments, zip_uint64_t length)
{
    zip_int64_t at = zip_source_seek_compute_offset(d->at, d->size, arguments, length, &d->error);

    if (at < 0)
        return -1;
    d->at = (uint64_t)at;
    return 0;
}

static zip_int64_t describe(descriptor *d, void *to)
{
    zip_stat_t *stat = to;

    zip_stat_init(stat);
    stat->size = d->size;
    stat->valid |= ZIP_STAT_SIZE;
    return sizeof *stat;
}

static zip_int64_t answer(void *arg, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
    descriptor *d = arg;

    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                              ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_OPEN:
        d->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return take(d, data, length);
    case ZIP_SOURCE_SEEK:
        return seek(d, data, length);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)d->at;
    case ZIP_SOURCE_STAT:
        return describe(d, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&d->error, data, length);
    case ZIP_SOURCE_CLOSE:
        return 0;
    case ZIP_SOURCE_FREE:
        free(d);
        return 0;
    default:
        zip_error_set(&d->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

zip_source_t *archive_source(int fd, uint64_t size)
{
    descriptor *d = calloc(1, sizeof *d);
    zip_source_t *source;

    if (!d)
        return NULL;
    d->fd = fd;
    d->size = size;
    zip_error_init(&d->error);
    source = zip_source_function_create(answer, d, NULL);
    if (!source)
        free(d);
    return source;
}
