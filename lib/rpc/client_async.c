/* Typed calls that do not block, on top of raw ones. Lock order: a call's own lock, then the raw call's. */
#include "rpc_async.h"

#include <grpc/byte_buffer.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "client.h"
#include "message.h"

enum { QUEUE_MAX = 64, QUEUE_BYTES_MAX = 1 << 20 };

typedef struct {
    grpc_byte_buffer *bytes;
    size_t size;
} waiting_write;

struct rpc_async {
    const rpc_method *method;
    const rpc_async_thunks *thunks;
    const void *events;
    void *context;
    atomic_int refs; /* one of the starter, one until done, one for each hold */

    pthread_mutex_t lock; /* of all below */
    rpc_raw_call *raw;    /* held; NULL when the call never left */
    waiting_write queue[QUEUE_MAX];
    size_t first;
    size_t count;
    size_t bytes;
    bool sending;
    bool closing;    /* half-close is wanted */
    bool wants_room; /* a writer was told RPC_FULL */
    bool paused;
    bool owes_read; /* a message was handled while reading was paused */
    bool is_done;
    bool broken; /* what the server sent is of no use: `failure` is the outcome */
    sp_status failure;
    ProtobufCMessage *reply;
};

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static bool answers_once(const rpc_async *call)
{
    return call->method->kind == RPC_UNARY || call->method->kind == RPC_CLIENT_STREAM;
}

rpc_async *rpc_async_hold(rpc_async *call)
{
    atomic_fetch_add(&call->refs, 1);
    return call;
}

/* Locked. */
static void drop_queue(rpc_async *call)
{
    for (; call->count > 0; call->count--) {
        grpc_byte_buffer_destroy(call->queue[call->first].bytes);
        call->first = (call->first + 1) % QUEUE_MAX;
    }
    call->bytes = 0;
}

void rpc_async_release(rpc_async *call)
{
    if (call == NULL || atomic_fetch_sub(&call->refs, 1) != 1)
        return;
    if (call->raw != NULL)
        rpc_raw_release(call->raw);
    pthread_mutex_destroy(&call->lock);
    free(call);
}

const void *rpc_async_events(const rpc_async *call)
{
    return call->events;
}

void *rpc_async_context(const rpc_async *call)
{
    return call->context;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Locked. Starts the first write that waits, or the half-close behind the last. */
static void send_next(rpc_async *call)
{
    if (call->sending || call->is_done)
        return;
    if (call->count > 0) {
        waiting_write next = call->queue[call->first];

        call->first = (call->first + 1) % QUEUE_MAX;
        call->count--;
        call->bytes -= next.size;
        call->sending = raw_write_buffer(call->raw, next.bytes, call->closing && call->count == 0);
    } else if (call->closing) {
        rpc_raw_half_close(call->raw);
    }
}

/* Locked. */
static rpc_written room_for_write(rpc_async *call)
{
    if (call->closing || call->is_done)
        return RPC_CLOSED;
    if (call->count < QUEUE_MAX && call->bytes < QUEUE_BYTES_MAX)
        return RPC_WRITTEN;
    call->wants_room = true;
    return RPC_FULL;
}

/* Packs outside of the lock, so that a long message does not hold up the client's thread. */
rpc_written rpc_async_write(rpc_async *call, const ProtobufCMessage *message)
{
    pthread_mutex_lock(&call->lock);
    rpc_written result = room_for_write(call);
    pthread_mutex_unlock(&call->lock);
    if (result != RPC_WRITTEN)
        return result;

    grpc_byte_buffer *bytes = message_pack(message);
    size_t size = grpc_byte_buffer_length(bytes);

    pthread_mutex_lock(&call->lock);
    result = room_for_write(call);
    if (result == RPC_WRITTEN) {
        call->queue[(call->first + call->count) % QUEUE_MAX] = (waiting_write){bytes, size};
        call->count++;
        call->bytes += size;
        send_next(call);
    }
    pthread_mutex_unlock(&call->lock);
    if (result != RPC_WRITTEN)
        grpc_byte_buffer_destroy(bytes);
    return result;
}

void rpc_async_half_close(rpc_async *call)
{
    pthread_mutex_lock(&call->lock);
    call->closing = true;
    send_next(call);
    pthread_mutex_unlock(&call->lock);
}

static void has_left(rpc_raw_call *raw, void *context)
{
    rpc_async *call = context;

    (void)raw;
    pthread_mutex_lock(&call->lock);
    call->sending = false;
    send_next(call);

    bool has_room = call->wants_room && call->count <= QUEUE_MAX / 2 && call->bytes <= QUEUE_BYTES_MAX / 2;

    call->wants_room = call->wants_room && !has_room;
    pthread_mutex_unlock(&call->lock);
    if (has_room && call->thunks->writable != NULL)
        call->thunks->writable(call);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

void rpc_async_cancel(rpc_async *call)
{
    pthread_mutex_lock(&call->lock);
    if (call->raw != NULL)
        rpc_raw_cancel(call->raw);
    pthread_mutex_unlock(&call->lock);
}

static void fail(rpc_async *call, sp_status failure)
{
    if (call->broken)
        return;
    call->broken = true;
    call->failure = failure;
    rpc_async_cancel(call);
}

static void read_on(rpc_async *call)
{
    pthread_mutex_lock(&call->lock);
    call->owes_read = call->paused && !call->is_done;
    if (!call->owes_read && call->raw != NULL)
        rpc_raw_read(call->raw);
    pthread_mutex_unlock(&call->lock);
}

void rpc_async_pause(rpc_async *call)
{
    pthread_mutex_lock(&call->lock);
    call->paused = true;
    pthread_mutex_unlock(&call->lock);
}

void rpc_async_resume(rpc_async *call)
{
    pthread_mutex_lock(&call->lock);
    call->paused = false;
    if (call->owes_read && call->raw != NULL)
        rpc_raw_read(call->raw);
    call->owes_read = false;
    pthread_mutex_unlock(&call->lock);
}

static void message_came(rpc_raw_call *raw, void *context, const uint8_t *bytes, size_t size)
{
    rpc_async *call = context;
    ProtobufCMessage *message = NULL;

    (void)raw;
    pthread_mutex_lock(&call->lock); /* the starter has its handle by now */
    pthread_mutex_unlock(&call->lock);

    sp_status status =
        call->broken ? CLIENT_REPLY_MALFORMED : client_decode(call->method->reply, bytes, size, &message);

    if (sp_failed(status)) {
        fail(call, status);
    } else if (!answers_once(call)) {
        if (call->thunks->message != NULL)
            call->thunks->message(call, message);
        protobuf_c_message_free_unpacked(message, NULL);
    } else if (call->reply == NULL) {
        call->reply = message;
    } else {
        protobuf_c_message_free_unpacked(message, NULL);
        fail(call, CLIENT_REPLY_REPEATED);
    }
    if (call->method->kind != RPC_UNARY)
        read_on(call);
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

static void tell_done(rpc_async *call, const rpc_answer *answer)
{
    pthread_mutex_lock(&call->lock);
    call->is_done = true;
    drop_queue(call);
    pthread_mutex_unlock(&call->lock);

    call->thunks->done(call, sp_failed(answer->status) ? NULL : call->reply, answer);
    if (call->reply != NULL)
        protobuf_c_message_free_unpacked(call->reply, NULL);
    call->reply = NULL;
    rpc_async_release(call);
}

static void tell_failed(rpc_async *call, sp_status failure)
{
    rpc_answer answer;

    answer_from_status(&answer, failure);
    tell_done(call, &answer);
    rpc_answer_done(&answer);
}

static void call_done(rpc_raw_call *raw, void *context, const rpc_answer *answer)
{
    rpc_async *call = context;

    (void)raw;
    pthread_mutex_lock(&call->lock); /* the starter has its handle by now */
    pthread_mutex_unlock(&call->lock);
    if (call->broken)
        tell_failed(call, call->failure);
    else if (!sp_failed(answer->status) && answers_once(call) && call->reply == NULL)
        tell_failed(call, CLIENT_REPLY_MISSING);
    else
        tell_done(call, answer);
}

/* ---- The beginning ----------------------------------------------------------------------------------------------- */

static rpc_async *call_new(const rpc_method *method, const rpc_async_thunks *thunks, const void *events, void *context)
{
    rpc_async *call = calloc(1, sizeof *call);

    if (call == NULL)
        return NULL;
    call->method = method;
    call->thunks = thunks;
    call->events = events;
    call->context = context;
    atomic_init(&call->refs, 2);
    pthread_mutex_init(&call->lock, NULL);
    return call;
}

rpc_async *rpc_async_start(rpc_client *client, const rpc_method *method, const rpc_options *options,
                           const ProtobufCMessage *request, const rpc_async_thunks *thunks, const void *events,
                           void *context)
{
    static const rpc_raw_events raw_events = {.message = message_came, .writable = has_left, .done = call_done};
    rpc_async *call = call_new(method, thunks, events, context);
    sp_status failure;

    if (call == NULL)
        return NULL;

    /* Events wait for the lock, so the raw call is there as long as it is held here. */
    pthread_mutex_lock(&call->lock);
    if (method->kind == RPC_UNARY)
        call->raw = raw_unary(client, method->path, options, message_pack(request), &raw_events, call, &failure);
    else
        call->raw = raw_start(client, method->path, options, &raw_events, call, &failure);
    if (call->raw != NULL) {
        rpc_raw_hold(call->raw);
        if (method->kind == RPC_SERVER_STREAM)
            raw_write_buffer(call->raw, message_pack(request), true);
        call->closing = request != NULL;
        if (method->kind != RPC_UNARY)
            rpc_raw_read(call->raw);
    }
    pthread_mutex_unlock(&call->lock);
    if (call->raw == NULL)
        tell_failed(call, failure);
    return call;
}
