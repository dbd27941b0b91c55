#include "file_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "clock.h"
#include "google/api/httpbody.pb-c.h"
#include "smartpass/v1/body.pb-c.h"

enum {
    STREAMS_MAX = 16,
    PART_BYTES = 64 << 10,
    PARTS_A_RECHECK = 1024,
    UNREAD_MS = 60 * 1000,
    WAKE_MS = 1000,
    INFO_MAX = 512,
};

SP_STATUS(FILE_NOT_SENT, SP_INTERNAL, "The file could not be read to its end.");

struct file_stream {
    file_streams *streams;
    rpc_stream *stream; /* held by the thread */
    int fd;
    const char *content_type;
    uint8_t info[INFO_MAX]; /* a packed smartpass.v1.BodyInfo */
    size_t info_size;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int owners; /* thread and stream */
    bool room, gone;
    bool described; /* the first part has left */
};

static void stream_release(file_stream *f)
{
    bool last;

    pthread_mutex_lock(&f->lock);
    last = --f->owners == 0;
    pthread_mutex_unlock(&f->lock);
    if (!last)
        return;
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    close(f->fd);
    free(f);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* False when the stream is gone, or when nobody read for too long, which ends it. */
static bool room_wait(file_stream *f)
{
    int64_t end_ms = clock_monotonic_ms() + UNREAD_MS;
    bool room, gone;

    pthread_mutex_lock(&f->lock);
    while (!f->room && !f->gone && clock_monotonic_ms() < end_ms) {
        struct timespec at;

        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += WAKE_MS / 1000;
        pthread_cond_timedwait(&f->changed, &f->lock, &at);
    }
    room = f->room;
    gone = f->gone;
    pthread_mutex_unlock(&f->lock);
    if (!room && !gone)
        rpc_stream_cut(f->stream, DOWNLOAD_NOT_READ);
    return room && !gone;
}

static rpc_written part_write(file_stream *f, uint8_t *bytes, size_t size)
{
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    Google__Protobuf__Any info = GOOGLE__PROTOBUF__ANY__INIT, *extensions[] = {&info};

    if (!f->described) {
        info.type_url = "type.googleapis.com/smartpass.v1.BodyInfo";
        info.value.data = f->info;
        info.value.len = f->info_size;
        part.content_type = (char *)f->content_type;
        part.extensions = extensions;
        part.n_extensions = 1;
    }
    part.data.data = bytes;
    part.data.len = size;
    pthread_mutex_lock(&f->lock);
    f->room = false; /* before the attempt, so that no writable event is missed after it */
    pthread_mutex_unlock(&f->lock);
    rpc_written written = rpc_stream_write(f->stream, &part.base);
    f->described = f->described || written == RPC_WRITTEN;
    return written;
}

/* False when the stream is over. */
static bool part_send(file_stream *f, uint8_t *bytes, size_t size)
{
    rpc_written written;

    while ((written = part_write(f, bytes, size)) == RPC_FULL)
        if (!room_wait(f))
            return false;
    return written == RPC_WRITTEN;
}

static ssize_t part_read(int fd, uint8_t *bytes)
{
    ssize_t n;

    do
        n = read(fd, bytes, PART_BYTES);
    while (n < 0 && errno == EINTR);
    return n;
}

/* What the caller may do can end while he reads. */
static sp_status file_send(file_stream *f, uint8_t *bytes)
{
    for (int n = 1;; n++) {
        ssize_t size = part_read(f->fd, bytes);
        sp_status status = n % PARTS_A_RECHECK ? SP_DONE : call_recheck(rpc_stream_call(f->stream));

        if (size < 0)
            return FILE_NOT_SENT;
        if (sp_failed(status) || size == 0 || !part_send(f, bytes, (size_t)size))
            return status;
    }
}

static void *stream_run(void *arg)
{
    file_stream *f = arg;
    file_streams *streams = f->streams;
    uint8_t *bytes = malloc(PART_BYTES);

    rpc_stream_finish(f->stream, bytes ? file_send(f, bytes) : OUT_OF_MEMORY);
    free(bytes);
    rpc_stream_release(f->stream);
    stream_release(f);
    pthread_mutex_lock(&streams->lock);
    streams->running--;
    pthread_cond_broadcast(&streams->ended);
    pthread_mutex_unlock(&streams->lock);
    return NULL;
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

void file_streams_init(file_streams *streams)
{
    *streams = (file_streams){.running = 0};
    pthread_mutex_init(&streams->lock, NULL);
    pthread_cond_init(&streams->ended, NULL);
}

void file_streams_done(file_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    while (streams->running > 0)
        pthread_cond_wait(&streams->ended, &streams->lock);
    pthread_mutex_unlock(&streams->lock);
    pthread_cond_destroy(&streams->ended);
    pthread_mutex_destroy(&streams->lock);
}

static bool place_take(file_streams *streams)
{
    bool taken;

    pthread_mutex_lock(&streams->lock);
    taken = streams->running < STREAMS_MAX;
    streams->running += taken;
    pthread_mutex_unlock(&streams->lock);
    return taken;
}

static void place_return(file_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->running--;
    pthread_mutex_unlock(&streams->lock);
}

/* With size and tag a gateway answers ranges and repeated requests. */
static bool describe(file_stream *f, const file_stream_source *source)
{
    Smartpass__V1__BodyInfo info = SMARTPASS__V1__BODY_INFO__INIT;
    struct stat file;
    char etag[24] = "";

    if (fstat(source->fd, &file) != 0)
        return false;
    if (source->id != 0)
        snprintf(etag, sizeof etag, "%lld", (long long)source->id);
    info._size_case = SMARTPASS__V1__BODY_INFO___SIZE_SIZE;
    info.size = file.st_size;
    info.etag = etag;
    info.file_name = (char *)source->name;
    if (smartpass__v1__body_info__get_packed_size(&info) > sizeof f->info)
        return false;
    f->info_size = smartpass__v1__body_info__pack(&info, f->info);
    return true;
}

static file_stream *stream_new(file_streams *streams, const file_stream_source *source)
{
    file_stream *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    *f = (file_stream){.streams = streams, .fd = source->fd, .content_type = source->content_type, .owners = 1};
    if (!describe(f, source)) {
        free(f);
        return NULL;
    }
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    return f;
}

sp_status file_stream_start(file_streams *streams, rpc_stream *stream, const file_stream_source *source,
                            file_stream **ret_stream)
{
    file_stream *f;
    pthread_t thread;

    if (!place_take(streams)) {
        close(source->fd);
        return TOO_MANY_DOWNLOADS;
    }
    f = stream_new(streams, source);
    if (!f) {
        close(source->fd);
        place_return(streams);
        return OUT_OF_MEMORY;
    }
    f->owners = 2;
    f->stream = rpc_stream_hold(stream);
    if (pthread_create(&thread, NULL, stream_run, f) == 0) {
        pthread_detach(thread);
        *ret_stream = f;
        return SP_DONE;
    }
    rpc_stream_release(f->stream);
    f->owners = 1;
    stream_release(f);
    place_return(streams);
    return OUT_OF_MEMORY;
}

static void tell(file_stream *f, bool gone)
{
    if (!f)
        return;
    pthread_mutex_lock(&f->lock);
    f->room = true;
    f->gone = f->gone || gone;
    pthread_cond_signal(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

void file_stream_writable(file_stream *f)
{
    tell(f, false);
}

void file_stream_cancel(file_stream *f)
{
    tell(f, true);
}

void file_stream_done(file_stream *f)
{
    if (!f)
        return;
    tell(f, true);
    stream_release(f);
}
