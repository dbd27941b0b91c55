/* A stream of parts on its way to the disk. */
#include "body_intake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "bytes.h"

enum {
    GATHER_BYTES = 256 << 10,              /* from here on the sender waits for the disk */
    GATHER_MAX = GATHER_BYTES + (4 << 20), /* one message more */
};

/* Shared by the stream's events and the lane; the last of them frees it. */
struct body_intake {
    pthread_mutex_t lock;
    rpc_stream *stream; /* locked; NULL once the call is over, and nothing of it may be touched */
    lanes *threads;
    int64_t lane;
    const body_keeper *keeper;
    void *self;
    byte_buffer gathered;        /* locked */
    bool keeping;                /* locked: a job is under way or about to be */
    bool paused, ended, refused; /* locked */
    byte_buffer bytes;           /* the lane's own */
    atomic_int owners;
};

static void intake_release(body_intake *in)
{
    if (atomic_fetch_sub(&in->owners, 1) > 1)
        return;
    in->keeper->done(in->self);
    pthread_mutex_destroy(&in->lock);
    byte_buffer_done(&in->gathered);
    byte_buffer_done(&in->bytes);
    free(in);
}

/* Locked. The first refusal is the answer; what comes after it is read away. */
static void refuse(body_intake *in, sp_status status)
{
    if (!in->refused && in->stream)
        rpc_stream_finish(in->stream, status);
    in->refused = true;
}

/* ---- On the lane ------------------------------------------------------------------------------------------------- */

/* Locked. Takes what has gathered; false when there is nothing, and then the job is at its end: keeping says whether
 * the body is, too. */
static bool gathered_take(body_intake *in)
{
    byte_buffer taken = in->gathered;

    if (in->gathered.size == 0 || in->refused || !in->stream) {
        in->keeping = in->ended && !in->refused && in->stream;
        return false;
    }
    in->gathered = in->bytes;
    in->bytes = taken;
    if (in->paused) {
        in->paused = false;
        rpc_stream_resume(in->stream);
    }
    return true;
}

static void finish(body_intake *in)
{
    in->keeper->end(in->self);
    pthread_mutex_lock(&in->lock);
    if (in->stream)
        rpc_stream_finish(in->stream, in->keeper->answer(in->self, in->stream));
    pthread_mutex_unlock(&in->lock);
}

static void keep_gathered(void *arg)
{
    body_intake *in = arg;
    bool is_end;

    pthread_mutex_lock(&in->lock);
    while (gathered_take(in)) {
        pthread_mutex_unlock(&in->lock);
        sp_status status = in->keeper->keep(in->self, in->bytes.data, in->bytes.size);

        in->bytes.size = 0;
        pthread_mutex_lock(&in->lock);
        if (sp_failed(status))
            refuse(in, status);
    }
    is_end = in->keeping;
    pthread_mutex_unlock(&in->lock);
    if (is_end)
        finish(in);
    intake_release(in);
}

/* Locked. */
static void keeping_start(body_intake *in)
{
    if (in->keeping)
        return;
    in->keeping = true;
    atomic_fetch_add(&in->owners, 1);
    if (lanes_post(in->threads, in->lane, keep_gathered, in))
        return;
    atomic_fetch_sub(&in->owners, 1);
    refuse(in, BODY_NOT_TAKEN);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

body_intake *body_intake_new(rpc_stream *stream, lanes *threads, const body_keeper *keeper, void *self)
{
    static atomic_int turn;
    body_intake *in = calloc(1, sizeof *in);

    if (!in)
        return NULL;
    in->stream = stream;
    in->threads = threads;
    in->lane = atomic_fetch_add(&turn, 1);
    in->keeper = keeper;
    in->self = self;
    pthread_mutex_init(&in->lock, NULL);
    byte_buffer_init(&in->gathered, GATHER_MAX);
    byte_buffer_init(&in->bytes, GATHER_MAX);
    atomic_init(&in->owners, 1);
    return in;
}

/* Locked. */
static void part_take(body_intake *in, const Google__Api__HttpBody *part)
{
    sp_status status = in->keeper->look ? in->keeper->look(in->self, rpc_stream_call(in->stream), part) : SP_DONE;

    if (!sp_failed(status) && !byte_buffer_append(&in->gathered, part->data.data, part->data.len))
        status = OUT_OF_MEMORY;
    if (sp_failed(status))
        refuse(in, status);
    if (in->refused || in->gathered.size == 0)
        return;
    if (in->gathered.size >= GATHER_BYTES && in->keeping && !in->paused) {
        in->paused = true;
        rpc_stream_pause(in->stream);
    }
    keeping_start(in);
}

void body_intake_message(body_intake *in, const Google__Api__HttpBody *part)
{
    pthread_mutex_lock(&in->lock);
    if (!in->refused)
        part_take(in, part);
    pthread_mutex_unlock(&in->lock);
}

void body_intake_half_close(body_intake *in)
{
    pthread_mutex_lock(&in->lock);
    in->ended = true;
    if (!in->refused)
        keeping_start(in);
    pthread_mutex_unlock(&in->lock);
}

/* Removing a large file takes longer than an event may. */
static void leave(void *arg)
{
    intake_release(arg);
}

void body_intake_done(body_intake *in)
{
    if (!in)
        return;
    pthread_mutex_lock(&in->lock);
    in->stream = NULL;
    pthread_mutex_unlock(&in->lock);
    if (!lanes_post(in->threads, in->lane, leave, in))
        intake_release(in);
}
