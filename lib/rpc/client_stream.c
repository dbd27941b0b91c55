/* Blocking streams for a client's own thread, on top of raw calls: one message at a time in each direction. */
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "message.h"
#include "waiting.h"

struct rpc_client_stream {
    rpc_raw_call *call; /* held; NULL when it could not be started, which `failure` explains */
    const rpc_method *method;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    bool writing;
    bool has_message;
    bool done;
    uint8_t *message;
    size_t message_size;
    rpc_answer answer;
    bool broken; /* no call, or the server's messages are of no use: `failure` is the outcome */
    sp_status failure;
};

static void stream_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    rpc_client_stream *stream = context;
    uint8_t *copy = malloc(size + 1);

    if (copy != NULL)
        memcpy(copy, bytes, size);
    pthread_mutex_lock(&stream->lock);
    stream->message = copy;
    stream->message_size = size;
    stream->has_message = true;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    (void)call;
}

static void stream_writable(rpc_raw_call *call, void *context)
{
    rpc_client_stream *stream = context;

    (void)call;
    pthread_mutex_lock(&stream->lock);
    stream->writing = false;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
}

static void stream_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    rpc_client_stream *stream = context;

    (void)answer;
    pthread_mutex_lock(&stream->lock);
    raw_take_answer(call, &stream->answer);
    stream->done = true;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
}

rpc_client_stream *rpc_client_stream_open(rpc_client *client, const rpc_method *method, const rpc_options *options)
{
    static const rpc_raw_events events = {
        .message = stream_message,
        .writable = stream_writable,
        .done = stream_done,
    };
    rpc_client_stream *stream = calloc(1, sizeof *stream);

    if (stream == NULL)
        return NULL;
    stream->method = method;
    pthread_mutex_init(&stream->lock, NULL);
    pthread_cond_init(&stream->changed, NULL);
    stream->call = raw_start(client, method->path, options, &events, stream, &stream->failure);
    if (stream->call == NULL) {
        stream->broken = stream->done = true;
        return stream;
    }
    rpc_raw_hold(stream->call);
    rpc_raw_read(stream->call);
    return stream;
}

bool rpc_client_stream_write(rpc_client_stream *stream, const ProtobufCMessage *message)
{
    if (stream == NULL)
        return false;

    before_waiting();
    pthread_mutex_lock(&stream->lock);
    while (stream->writing && !stream->done)
        pthread_cond_wait(&stream->changed, &stream->lock);

    bool open = !stream->done;

    stream->writing = open;
    pthread_mutex_unlock(&stream->lock);
    if (!open || !raw_write_buffer(stream->call, message_pack(message), false))
        return false;

    /* Waits until the message has left, so that a fast writer feels the flow control of a slow reader. */
    pthread_mutex_lock(&stream->lock);
    while (stream->writing && !stream->done)
        pthread_cond_wait(&stream->changed, &stream->lock);

    bool written = !stream->writing;

    pthread_mutex_unlock(&stream->lock);
    return written;
}

void rpc_client_stream_half_close(rpc_client_stream *stream)
{
    if (stream != NULL && stream->call != NULL)
        rpc_raw_half_close(stream->call);
}

static void fail(rpc_client_stream *stream, sp_status failure)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->broken) {
        stream->broken = true;
        stream->failure = failure;
    }
    pthread_mutex_unlock(&stream->lock);
    rpc_raw_cancel(stream->call);
}

/* Waits for the next message and takes it; false when the call has ended. The bytes are NULL when memory was out. */
static bool take_message(rpc_client_stream *stream, uint8_t **ret_bytes, size_t *ret_size)
{
    bool taken;

    before_waiting();
    pthread_mutex_lock(&stream->lock);
    while (!stream->has_message && !stream->done)
        pthread_cond_wait(&stream->changed, &stream->lock);
    taken = stream->has_message;
    *ret_bytes = stream->message;
    *ret_size = stream->message_size;
    stream->message = NULL;
    stream->has_message = false;
    pthread_mutex_unlock(&stream->lock);

    if (taken)
        rpc_raw_read(stream->call);
    return taken;
}

ProtobufCMessage *rpc_client_stream_read(rpc_client_stream *stream)
{
    ProtobufCMessage *message = NULL;
    uint8_t *bytes;
    size_t size;

    if (stream == NULL || stream->broken || !take_message(stream, &bytes, &size))
        return NULL;

    sp_status status = client_decode(stream->method->reply, bytes, size, &message);

    free(bytes);
    if (sp_failed(status))
        fail(stream, status);
    return message;
}

void rpc_client_stream_cancel(rpc_client_stream *stream)
{
    if (stream != NULL && stream->call != NULL)
        rpc_raw_cancel(stream->call);
}

sp_status rpc_client_stream_finish(rpc_client_stream *stream, rpc_answer *answer)
{
    rpc_answer outcome;
    uint8_t *bytes;
    size_t size;

    if (stream == NULL) {
        answer_from_status(&outcome, OUT_OF_MEMORY);
        return answer_hand_over(&outcome, answer);
    }

    rpc_client_stream_half_close(stream);
    while (take_message(stream, &bytes, &size))
        free(bytes);

    outcome = stream->answer;
    if (stream->broken) {
        rpc_answer_done(&outcome);
        answer_from_status(&outcome, stream->failure);
    }
    if (stream->call != NULL)
        rpc_raw_release(stream->call);
    pthread_cond_destroy(&stream->changed);
    pthread_mutex_destroy(&stream->lock);
    free(stream);
    return answer_hand_over(&outcome, answer);
}

sp_status rpc_client_stream_finish_one(rpc_client_stream *stream, ProtobufCMessage **ret_reply, rpc_answer *answer)
{
    ProtobufCMessage *reply;
    ProtobufCMessage *more;

    rpc_client_stream_half_close(stream);
    reply = rpc_client_stream_read(stream);
    more = reply != NULL ? rpc_client_stream_read(stream) : NULL;
    if (more != NULL) {
        protobuf_c_message_free_unpacked(more, NULL);
        fail(stream, CLIENT_REPLY_REPEATED);
    } else if (reply == NULL && stream != NULL && !stream->broken && !sp_failed(stream->answer.status)) {
        fail(stream, CLIENT_REPLY_MISSING);
    }

    sp_status status = rpc_client_stream_finish(stream, answer);

    if (sp_failed(status) && reply != NULL)
        protobuf_c_message_free_unpacked(reply, NULL);
    else if (!sp_failed(status))
        *ret_reply = reply;
    return status;
}
