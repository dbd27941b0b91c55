#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { COUNT_END = 10000, KIND_STEP = 10000, DAY_STEP = 1000000 };

static const int64_t SEGMENT_BYTES = 1 << 30; /* a file that has grown so far is followed by another */

struct segment_writer {
    const char *folder;
    blob_kind kind;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int fd;                  /* -1: none open */
    int64_t segment;         /* of fd */
    int64_t end;             /* where the next bytes go */
    int users;               /* callers between reserving and being synced: the file stays open for them */
    int64_t written, synced; /* tickets: how many writes are complete, how many of them are on the disk */
    bool syncing, broken;    /* broken: a write or sync failed, so the next caller opens another file */
};

segment_writer *segment_writer_new(const char *folder, blob_kind kind)
{
    segment_writer *writer = calloc(1, sizeof *writer);

    if (!writer)
        return NULL;
    writer->folder = folder;
    writer->kind = kind;
    writer->fd = -1;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->changed, NULL);
    return writer;
}

void segment_writer_free(segment_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

static int64_t first_of_day(blob_kind kind, int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm day;

    gmtime_r(&now, &day);
    return ((int64_t)(day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday) * DAY_STEP +
           (int64_t)kind * KIND_STEP;
}

static void segment_path(char path[PATH_MAX], const char *folder, int64_t segment)
{
    snprintf(path, PATH_MAX, "%s/%014lld.seg", folder, (long long)segment);
}

static bool folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return done;
}

/* Opens a file that nobody else appends to (a second server may share the folder) and that has room. What a killed
 * server left at its end stays there; nothing refers to it. */
static bool file_open(segment_writer *writer, int64_t segment)
{
    char path[PATH_MAX];
    struct stat info;
    int fd;

    segment_path(path, writer->folder, segment);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &info) != 0 || info.st_size >= SEGMENT_BYTES ||
        (info.st_size == 0 && !folder_sync(writer->folder))) {
        close(fd);
        return false;
    }
    writer->fd = fd;
    writer->segment = segment;
    writer->end = info.st_size;
    writer->broken = false;
    return true;
}

/* With the lock held. Waits until nobody uses the old file before another one takes its place. */
static bool file_ready(segment_writer *writer, int64_t now_ms)
{
    int64_t first = first_of_day(writer->kind, now_ms), from = first;

    for (;;) {
        bool today = writer->fd >= 0 && writer->segment / KIND_STEP == first / KIND_STEP;

        if (today && !writer->broken && writer->end < SEGMENT_BYTES)
            return true;
        if (writer->users == 0) {
            if (today)
                from = writer->segment + 1;
            break;
        }
        pthread_cond_wait(&writer->changed, &writer->lock);
    }
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = -1;
    for (int64_t segment = from; segment < first + COUNT_END; segment++) {
        errno = 0;
        if (file_open(writer, segment))
            return true;
        if (errno != 0 && errno != EWOULDBLOCK && errno != EEXIST)
            return false;
    }
    return false;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size, int64_t place)
{
    while (size > 0) {
        ssize_t n = pwrite(fd, bytes, size, place);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
        place += n;
    }
    return true;
}

/* With the lock held, after a write of our own. One caller syncs for all that have written by then; who comes during a
 * sync waits for the next one, because the running one may have missed his bytes. */
static bool sync_shared(segment_writer *writer, int64_t ticket)
{
    while (writer->synced < ticket && !writer->broken) {
        int64_t upto = writer->written;
        bool done;

        if (writer->syncing) {
            pthread_cond_wait(&writer->changed, &writer->lock);
            continue;
        }
        writer->syncing = true;
        pthread_mutex_unlock(&writer->lock);
        done = fdatasync(writer->fd) == 0;
        pthread_mutex_lock(&writer->lock);
        writer->syncing = false;
        if (done)
            writer->synced = upto;
        else
            writer->broken = true; /* the kernel may have dropped the pages: never trust this file's tail again */
        pthread_cond_broadcast(&writer->changed);
    }
    return writer->synced >= ticket;
}

sp_status segment_append(segment_writer *writer, int64_t now_ms, const uint8_t *bytes, size_t size,
                         int64_t *ret_segment, int64_t *ret_place)
{
    bool done = false;
    int64_t place, segment;

    pthread_mutex_lock(&writer->lock);
    if (!file_ready(writer, now_ms)) {
        pthread_mutex_unlock(&writer->lock);
        return BLOB_STORE_FULL;
    }
    segment = writer->segment;
    place = writer->end;
    writer->end += (int64_t)size;
    writer->users++;
    pthread_mutex_unlock(&writer->lock);

    done = write_all(writer->fd, bytes, size, place);

    pthread_mutex_lock(&writer->lock);
    if (done)
        done = sync_shared(writer, ++writer->written);
    else
        writer->broken = true;
    writer->users--;
    pthread_cond_broadcast(&writer->changed);
    pthread_mutex_unlock(&writer->lock);
    if (!done)
        return BLOB_STORE_FULL;
    *ret_segment = segment;
    *ret_place = place;
    return SP_DONE;
}

sp_status segment_read(const char *folder, int64_t segment, int64_t place, uint8_t *bytes, size_t size)
{
    char path[PATH_MAX];
    int fd;

    segment_path(path, folder, segment);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return BLOB_DAMAGED;
    while (size > 0) {
        ssize_t n = pread(fd, bytes, size, place);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        bytes += n;
        size -= (size_t)n;
        place += n;
    }
    close(fd);
    return size == 0 ? SP_DONE : BLOB_DAMAGED;
}
