/* The writing side of a streaming call, and the functions that a handler calls on a stream. */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "stream.h"

/* A queue of long messages is full before its count says so: thousands of slow readers must not take all memory. */
enum { QUEUE_BYTES_MAX = 1 << 20 };

void stream_drop_queue(rpc_stream *stream)
{
    while (stream->queue != NULL) {
        stream_write *write = stream->queue;

        stream->queue = write->next;
        grpc_byte_buffer_destroy(write->bytes);
        free(write);
    }
    stream->queue_end = &stream->queue;
    stream->queue_length = 0;
    stream->queue_bytes = 0;
}

void stream_set_outcome(rpc_stream *stream, sp_status status)
{
    if (stream->finishing)
        return;
    stream->finishing = true;
    stream->outcome = status;
}

/* Locked. Moves the head of the queue into the operation. */
static void take_write(rpc_stream *stream, grpc_op *op)
{
    stream_write *write = stream->queue;

    stream->queue = write->next;
    if (stream->queue == NULL)
        stream->queue_end = &stream->queue;
    stream->queue_length--;
    stream->queue_bytes -= write->size;
    stream->in_flight = write->bytes;
    free(write);
    op->op = GRPC_OP_SEND_MESSAGE;
    op->data.send_message.send_message = stream->in_flight;
}

/* Headers come first and with whatever there is to send: the core never sends a status that no headers went before. */
void stream_send_next(rpc_stream *stream)
{
    grpc_op ops[3];
    size_t count = 0;
    call_headers headers = {.count = 0};
    call_answer answer;
    bool closes = false;

    if (!stream->opened || stream->sending || stream->status_sent || stream->gone)
        return;

    memset(ops, 0, sizeof ops);
    if (!stream->headers_sent)
        call_headers_fill(&headers, stream->call, &ops[count++]);
    if (stream->queue != NULL)
        take_write(stream, &ops[count++]);
    if (stream->finishing && stream->queue == NULL) {
        call_answer_fill(&answer, stream->call, stream->outcome, &ops[count++]);
        closes = true;
    }
    if (count == 0)
        return;

    stream->sending = call_start_batch(stream->call, ops, count, &stream->sent);
    stream->headers_sent = true;
    call_headers_drop(&headers);
    stream->status_sent = closes;
    if (closes)
        call_answer_drop(&answer);
}

void stream_sent(core_tag *tag, bool ok)
{
    rpc_stream *stream = CORE_OWNER(tag, rpc_stream, sent);
    int room_at = stream->call->server->options.stream_queue / 2;

    (void)ok; /* a write fails when the peer is gone, and that is told in its own way */
    pthread_mutex_lock(&stream->lock);
    if (stream->in_flight != NULL)
        grpc_byte_buffer_destroy(stream->in_flight);
    stream->in_flight = NULL;
    stream->sending = false;
    stream_send_next(stream);

    bool has_room = stream->wants_room && stream->queue_length <= room_at && stream->queue_bytes <= QUEUE_BYTES_MAX / 2;

    stream->wants_room = stream->wants_room && !has_room;
    stream_unlock_and_run(stream, has_room ? STREAM_WRITABLE : 0);
    call_unref(stream->call);
}

/* Locked. */
static rpc_written room_for_write(rpc_stream *stream)
{
    if (stream->finishing || stream->gone || stream->over)
        return RPC_CLOSED;
    if (stream->queue_length < stream->call->server->options.stream_queue && stream->queue_bytes < QUEUE_BYTES_MAX)
        return RPC_WRITTEN;
    stream->wants_room = true;
    return RPC_FULL;
}

/* Locked. */
static void queue_write(rpc_stream *stream, stream_write *write)
{
    write->next = NULL;
    *stream->queue_end = write;
    stream->queue_end = &write->next;
    stream->queue_length++;
    stream->queue_bytes += write->size;
    stream_send_next(stream);
}

/* Packs outside of the lock, so that a long message does not hold up the stream's other threads. */
rpc_written rpc_stream_write(rpc_stream *stream, const ProtobufCMessage *message)
{
    rpc_written result;

    pthread_mutex_lock(&stream->lock);
    result = room_for_write(stream);
    pthread_mutex_unlock(&stream->lock);
    if (result != RPC_WRITTEN)
        return result;

    stream_write *write = malloc(sizeof *write);

    if (write == NULL) {
        rpc_stream_finish(stream, OUT_OF_MEMORY);
        return RPC_CLOSED;
    }
    write->bytes = message_pack(message);
    write->size = grpc_byte_buffer_length(write->bytes);

    pthread_mutex_lock(&stream->lock);
    result = room_for_write(stream);
    if (result == RPC_WRITTEN)
        queue_write(stream, write);
    pthread_mutex_unlock(&stream->lock);

    if (result != RPC_WRITTEN) {
        grpc_byte_buffer_destroy(write->bytes);
        free(write);
    }
    return result;
}

void rpc_stream_finish(rpc_stream *stream, sp_status status)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->over) {
        stream_set_outcome(stream, status);
        stream_send_next(stream);
    }
    pthread_mutex_unlock(&stream->lock);
}

void rpc_stream_cut(rpc_stream *stream, sp_status status)
{
    pthread_mutex_lock(&stream->lock);
    bool waits = !stream->opened || stream->sending || stream->queue != NULL;

    if (!stream->over && !waits) {
        stream_set_outcome(stream, status);
        stream_send_next(stream); /* behind nothing, so it leaves at once, and whole */
    } else if (!stream->over) {
        stream_set_outcome(stream, status);
        stream_drop_queue(stream);
        grpc_call_cancel_with_status(stream->call->core, (grpc_status_code)status.code, status.message, NULL);
    }
    pthread_mutex_unlock(&stream->lock);
}

rpc_call *rpc_stream_call(rpc_stream *stream)
{
    return stream->call;
}

const void *rpc_stream_handlers(const rpc_stream *stream)
{
    return stream->call->method->binding.handlers;
}

void rpc_stream_set_context(rpc_stream *stream, void *context)
{
    stream->context = context;
}

void *rpc_stream_context(const rpc_stream *stream)
{
    return stream->context;
}

rpc_stream *rpc_stream_hold(rpc_stream *stream)
{
    call_ref(stream->call);
    return stream;
}

void rpc_stream_release(rpc_stream *stream)
{
    call_unref(stream->call);
}
