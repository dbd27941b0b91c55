/* The events and the reading side of a streaming call. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

/* Locked. Whether messages of the peer are read at all: the one request of a server stream comes before open. */
static bool reads_messages(const rpc_stream *stream)
{
    rpc_kind kind = stream->call->method->method->kind;

    return kind == RPC_CLIENT_STREAM || kind == RPC_BIDI;
}

/* Locked. Asks for the next message unless one is on its way, at hand or not wanted. */
static void read_next(rpc_stream *stream)
{
    if (stream->reading || stream->at_hand || stream->read_ended || stream->paused || !stream->opened ||
        stream->finishing || stream->gone || stream->over || !reads_messages(stream))
        return;

    grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};

    op.data.recv_message.recv_message = &stream->message;
    stream->reading = call_start_batch(stream->call, &op, 1, &stream->received);
}

/* Locked. Nothing of the core is under way and nothing will be started any more. */
static bool has_ended(const rpc_stream *stream)
{
    return stream->opened && stream->peer_closed && !stream->reading && !stream->sending &&
           (stream->gone || stream->status_sent);
}

static void handle_message(rpc_stream *stream)
{
    ProtobufCMessage *message;
    bool wanted;

    pthread_mutex_lock(&stream->lock);
    wanted = !stream->finishing;
    pthread_mutex_unlock(&stream->lock);

    if (wanted) {
        sp_status status = call_decode(stream->call, stream->message, &stream->scratch, &message);

        if (sp_failed(status))
            rpc_stream_finish(stream, status);
        else if (stream->events->message != NULL)
            stream->events->message(stream, message);
    }
    grpc_byte_buffer_destroy(stream->message);

    pthread_mutex_lock(&stream->lock);
    stream->message = NULL;
    stream->at_hand = false;
    read_next(stream);
    pthread_mutex_unlock(&stream->lock);
}

/* An event that the handler only wants to hear of while the stream is still its own. */
static void tell(rpc_stream *stream, void (*event)(rpc_stream *stream))
{
    bool wanted;

    pthread_mutex_lock(&stream->lock);
    wanted = !stream->finishing;
    pthread_mutex_unlock(&stream->lock);
    if (wanted && event != NULL)
        event(stream);
}

static void handle_end(rpc_stream *stream)
{
    rpc_call *call = stream->call;

    call->current = &call->memory;
    if (stream->open_called)
        stream->events->done(stream);
    call_end(call, stream->outcome);
    stream_drop_queue(stream);
    arena_done(&stream->scratch);

    /* A holder may keep the shell; the core must have its call back, or the server could never stop. */
    call_release(call);
    call_unref(call);
}

/* What a half-close comes to when the handler has nothing to say about it. */
static void finish_done(rpc_stream *stream)
{
    rpc_stream_finish(stream, SP_DONE);
}

static void handle(rpc_stream *stream, unsigned events)
{
    const rpc_stream_events *on = stream->events;

    stream->call->current = &stream->scratch;
    if (events & STREAM_MESSAGE)
        handle_message(stream);
    if (events & STREAM_HALF_CLOSE)
        tell(stream, on->half_close != NULL ? on->half_close : finish_done);
    if (events & STREAM_CANCEL) {
        tell(stream, on->cancel);
        pthread_mutex_lock(&stream->lock);
        stream_set_outcome(stream, CALL_CANCELLED);
        pthread_mutex_unlock(&stream->lock);
    }
    if (events & STREAM_WRITABLE)
        tell(stream, on->writable);
    arena_reset(&stream->scratch);
}

/* Runs waiting events until there are none. The caller has made the stream busy, and holds a reference of its own. */
static void run_events(rpc_stream *stream)
{
    for (;;) {
        pthread_mutex_lock(&stream->lock);
        if (stream->waiting == 0 && has_ended(stream) && !stream->over) {
            stream->over = true;
            stream->waiting = STREAM_END;
        }

        unsigned events = stream->waiting;

        stream->waiting = 0;
        stream->busy = events != 0;
        pthread_mutex_unlock(&stream->lock);

        if (events == 0)
            return;
        if (events & STREAM_END)
            handle_end(stream);
        else
            handle(stream, events);
    }
}

void stream_unlock_and_run(rpc_stream *stream, unsigned events)
{
    bool mine = !stream->busy && !stream->over;

    stream->waiting |= events;
    stream->busy = stream->busy || mine;
    pthread_mutex_unlock(&stream->lock);
    if (mine)
        run_events(stream);
}

/* No message: the peer half-closed, or it is gone, which the core tells apart. Of the latter the handler hears as a
 * cancel. */
static void message_received(core_tag *tag, bool ok)
{
    rpc_stream *stream = CORE_OWNER(tag, rpc_stream, received);

    pthread_mutex_lock(&stream->lock);

    bool arrived = ok && stream->message != NULL;
    bool half_closed = !arrived && !grpc_call_failed_before_recv_message(stream->call->core);

    stream->reading = false;
    stream->at_hand = arrived;
    stream->read_ended = !arrived;
    stream_unlock_and_run(stream, arrived ? STREAM_MESSAGE : half_closed ? STREAM_HALF_CLOSE : 0);
    call_unref(stream->call);
}

void stream_peer_closed(rpc_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->peer_closed = true;
    stream->gone = rpc_call_cancelled(stream->call);
    if (stream->gone)
        stream_drop_queue(stream);
    stream_unlock_and_run(stream, stream->gone ? STREAM_CANCEL : 0);
}

/* Interceptor, request of a server stream, handler. */
static sp_status open_handler(rpc_stream *stream)
{
    rpc_call *call = stream->call;
    ProtobufCMessage *request = NULL;
    sp_status status = call_begin(call);

    if (!sp_failed(status) && call->method->method->kind == RPC_SERVER_STREAM)
        status = call_decode(call, call->payload, &call->memory, &request);
    if (sp_failed(status))
        return status;

    stream->open_called = true;
    status = stream->events->open(stream, request);
    rpc_call_on_cancel(call, NULL, NULL);
    return status;
}

/* The stream is busy from the start, so that whatever happens meanwhile waits for open. */
static void open_stream(worker_task *task)
{
    rpc_call *call = CORE_OWNER(task, rpc_call, task);
    rpc_stream *stream = call->stream;
    sp_status status = rpc_call_cancelled(call) ? CALL_CANCELLED : open_handler(stream);

    pthread_mutex_lock(&stream->lock);
    stream->opened = true;
    call->headers_left = true;
    if (sp_failed(status)) {
        stream_drop_queue(stream);
        stream_set_outcome(stream, status);
    }
    stream_send_next(stream);
    read_next(stream);
    pthread_mutex_unlock(&stream->lock);
    run_events(stream);
    call_unref(call);
}

static void refuse_busy(rpc_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->opened = true;
    stream_set_outcome(stream, CALL_SERVER_BUSY);
    stream_send_next(stream);
    pthread_mutex_unlock(&stream->lock);
    run_events(stream);
}

static void dispatch_open(rpc_call *call)
{
    call_ref(call);
    call->task.run = open_stream;
    call->task.lingers = true;
    if (call->method->method->runs_inline) {
        open_stream(&call->task);
    } else if (!workers_push(&call->server->workers, &call->task)) {
        call_tell_refused(call, CALL_SERVER_BUSY);
        refuse_busy(call->stream);
        call_unref(call);
    }
}

/* The one request of a server stream. */
static void request_received(core_tag *tag, bool ok)
{
    rpc_stream *stream = CORE_OWNER(tag, rpc_stream, received);
    rpc_call *call = stream->call;

    (void)ok;
    call->payload = stream->message;
    pthread_mutex_lock(&stream->lock);
    stream->message = NULL;
    stream->reading = false;
    pthread_mutex_unlock(&stream->lock);
    dispatch_open(call);
    call_unref(call);
}

static rpc_stream *stream_new(rpc_call *call)
{
    const server_method *method = call->method;
    rpc_stream *stream = calloc(1, sizeof *stream);

    if (stream == NULL)
        return NULL;
    stream->call = call;
    stream->events = method->binding.stream(method->binding.handlers, method->slot);
    stream->received.run = method->method->kind == RPC_SERVER_STREAM ? request_received : message_received;
    stream->sent.run = stream_sent;
    stream->queue_end = &stream->queue;
    stream->busy = true;
    arena_init(&stream->scratch, call->server->options.arena_cap);
    pthread_mutex_init(&stream->lock, NULL);
    return stream;
}

void stream_free(rpc_stream *stream)
{
    if (stream == NULL)
        return;
    pthread_mutex_destroy(&stream->lock);
    free(stream);
}

void rpc_stream_pause(rpc_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->paused = true;
    pthread_mutex_unlock(&stream->lock);
}

void rpc_stream_resume(rpc_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->paused = false;
    read_next(stream);
    pthread_mutex_unlock(&stream->lock);
}

void stream_start(rpc_call *call)
{
    rpc_stream *stream = stream_new(call);

    if (stream == NULL) {
        call_refuse(call, OUT_OF_MEMORY);
        return;
    }
    call->stream = stream;
    call_ref(call); /* given back by handle_end */
    call_watch_close(call);
    if (call->method->method->kind != RPC_SERVER_STREAM) {
        dispatch_open(call);
        return;
    }

    grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};

    op.data.recv_message.recv_message = &stream->message;
    stream->reading = true;
    call_start_batch(call, &op, 1, &stream->received);
}
