/* Calls by path and bytes. All events of a client come from its one queue thread; a call's lock keeps the functions
 * that other threads call apart from them. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "message.h"
#include "metadata.h"
#include "send.h"

enum {
    OUTGOING_CAP = 32 << 10,   /* what interceptors may add, and the lists for it */
    METADATA_BYTES_MAX = 7168, /* as HTTP/2 counts them; a server's limit is 8192 with what gRPC adds itself */
    METADATA_ENTRY_BYTES = 32, /* what HTTP/2 counts for each entry besides its texts */
};

struct rpc_client_call_handle {
    grpc_call *core; /* NULL once the call is done */
    const rpc_raw_events *events;
    void *context;
    atomic_int refs; /* one for each batch under way, one until done, one for each hold */

    core_tag ended;
    core_tag sent;
    core_tag received;

    pthread_mutex_t lock; /* of all below */
    bool has_ended;       /* the status is there */
    bool is_done;         /* done has been or is being told */
    bool sending;
    bool closing; /* half-close is wanted */
    bool closed;  /* and under way or gone */
    bool reading;
    bool was_read; /* at least once */
    grpc_byte_buffer *out;
    grpc_byte_buffer *in;

    client_passage passage;
    grpc_metadata_array initial;
    grpc_metadata_array trailing;
    grpc_status_code code;
    grpc_slice text;
    rpc_answer answer;
};

rpc_raw_call *rpc_raw_hold(rpc_raw_call *call)
{
    atomic_fetch_add(&call->refs, 1);
    return call;
}

void rpc_raw_release(rpc_raw_call *call)
{
    if (atomic_fetch_sub(&call->refs, 1) != 1)
        return;
    if (call->core != NULL)
        grpc_call_unref(call->core);
    if (call->out != NULL)
        grpc_byte_buffer_destroy(call->out);
    if (call->in != NULL)
        grpc_byte_buffer_destroy(call->in);
    grpc_metadata_array_destroy(&call->initial);
    grpc_metadata_array_destroy(&call->trailing);
    grpc_slice_unref(call->text);
    pthread_mutex_destroy(&call->lock);
    free(call);
}

/* Locked. */
static bool start_batch(rpc_raw_call *call, const grpc_op *ops, size_t count, core_tag *tag)
{
    grpc_call *core = call->core; /* from the tag on it is the other thread's */

    rpc_raw_hold(call);
    core_tag_give(tag);
    send_begin();

    bool started = grpc_call_start_batch(core, ops, count, tag, NULL) == GRPC_CALL_OK;

    send_end();
    if (!started)
        atomic_fetch_sub(&call->refs, 1); /* never the last: the caller has one */
    return started;
}

void raw_take_answer(rpc_raw_call *call, rpc_answer *ret_answer)
{
    *ret_answer = call->answer;
    call->answer = (rpc_answer){.status = SP_DONE};
}

/* Locked on entry, unlocked on return: done follows the status as soon as nothing else is under way and the call has
 * been read once, until when whoever started it may use the handle. Only ever runs on the client's thread. */
static void unlock_and_finish(rpc_raw_call *call)
{
    bool done = call->has_ended && call->was_read && !call->sending && !call->reading && !call->is_done;

    call->is_done = call->is_done || done;
    pthread_mutex_unlock(&call->lock);
    if (!done)
        return;

    answer_from_core(&call->answer, call->code, call->text, &call->initial, &call->trailing);
    passage_end(&call->passage, &call->answer);
    call->events->done(call, call->context, &call->answer);
    rpc_answer_done(&call->answer);

    pthread_mutex_lock(&call->lock);
    grpc_call_unref(call->core);
    call->core = NULL;
    pthread_mutex_unlock(&call->lock);
    rpc_raw_release(call);
}

static void call_ended(core_tag *tag, bool ok)
{
    rpc_raw_call *call = CORE_OWNER(tag, rpc_raw_call, ended);

    (void)ok;
    pthread_mutex_lock(&call->lock);
    call->has_ended = true;
    unlock_and_finish(call);
    rpc_raw_release(call);
}

/* Locked. The half-close waits for a write under way. */
static void send_close(rpc_raw_call *call)
{
    grpc_op op = {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT};

    if (call->closed || call->sending || call->has_ended)
        return;
    call->closed = true;
    call->sending = start_batch(call, &op, 1, &call->sent);
}

static void batch_sent(core_tag *tag, bool ok)
{
    rpc_raw_call *call = CORE_OWNER(tag, rpc_raw_call, sent);

    pthread_mutex_lock(&call->lock);

    bool was_message = call->out != NULL;

    if (was_message)
        grpc_byte_buffer_destroy(call->out);
    call->out = NULL;
    call->sending = false;
    if (call->closing)
        send_close(call);

    bool writable = ok && was_message && !call->closed;

    if (writable && call->events->writable != NULL) {
        pthread_mutex_unlock(&call->lock);
        call->events->writable(call, call->context);
        pthread_mutex_lock(&call->lock);
    }
    unlock_and_finish(call);
    rpc_raw_release(call);
}

static void deliver(rpc_raw_call *call, grpc_byte_buffer *buffer)
{
    message_view view;

    if (!message_view_open(&view, buffer)) {
        grpc_call_cancel_with_status(call->core, GRPC_STATUS_INTERNAL, "The server compressed its message.", NULL);
        return;
    }
    call->events->message(call, call->context, view.bytes, view.size);
    message_view_close(&view);
}

static void message_received(core_tag *tag, bool ok)
{
    rpc_raw_call *call = CORE_OWNER(tag, rpc_raw_call, received);

    pthread_mutex_lock(&call->lock);

    grpc_byte_buffer *buffer = call->in;

    call->in = NULL;
    call->reading = false;
    if (ok && buffer != NULL) {
        pthread_mutex_unlock(&call->lock);
        deliver(call, buffer); /* which may ask for the next message */
        pthread_mutex_lock(&call->lock);
    }
    unlock_and_finish(call);
    if (buffer != NULL)
        grpc_byte_buffer_destroy(buffer);
    rpc_raw_release(call);
}

/* All of a call that has one message each way is in its one batch: here it comes back. No reading starts meanwhile,
 * because it counts as being under way. */
static void unary_ended(core_tag *tag, bool ok)
{
    rpc_raw_call *call = CORE_OWNER(tag, rpc_raw_call, ended);
    grpc_byte_buffer *buffer = call->in;

    (void)ok;
    call->in = NULL;
    if (buffer != NULL) {
        if (call->code == GRPC_STATUS_OK)
            deliver(call, buffer);
        grpc_byte_buffer_destroy(buffer);
    }
    pthread_mutex_lock(&call->lock);
    call->has_ended = true;
    call->reading = false;
    unlock_and_finish(call);
    rpc_raw_release(call);
}

/* Headers out, headers in and the status in one batch: it completes when the call has ended. With a message, that and
 * its answer are in it, too. */
static bool start(rpc_raw_call *call, const rpc_options *options, grpc_metadata *metadata, grpc_byte_buffer *message)
{
    grpc_op ops[6];

    memset(ops, 0, sizeof ops);
    ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
    ops[0].flags = options->wait_for_ready
                       ? GRPC_INITIAL_METADATA_WAIT_FOR_READY | GRPC_INITIAL_METADATA_WAIT_FOR_READY_EXPLICITLY_SET
                       : 0;
    ops[0].data.send_initial_metadata.count = options->metadata_count;
    ops[0].data.send_initial_metadata.metadata = metadata;
    ops[1].op = GRPC_OP_RECV_INITIAL_METADATA;
    ops[1].data.recv_initial_metadata.recv_initial_metadata = &call->initial;
    ops[2].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
    ops[2].data.recv_status_on_client.trailing_metadata = &call->trailing;
    ops[2].data.recv_status_on_client.status = &call->code;
    ops[2].data.recv_status_on_client.status_details = &call->text;
    if (message == NULL)
        return start_batch(call, ops, 3, &call->ended);

    ops[3].op = GRPC_OP_SEND_MESSAGE;
    ops[3].data.send_message.send_message = message;
    ops[4].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
    ops[5].op = GRPC_OP_RECV_MESSAGE;
    ops[5].data.recv_message.recv_message = &call->in;
    call->ended.run = unary_ended;
    call->out = message;
    call->closed = call->reading = call->was_read = true;
    return start_batch(call, ops, 6, &call->ended);
}

/* Metadata that is too long must not leave: the server's core would drop the whole connection with all of its calls. */
static bool metadata_legal(const rpc_options *options)
{
    size_t bytes = 0;

    if (options->metadata_count > CLIENT_METADATA_MAX)
        return false;
    for (size_t i = 0; i < options->metadata_count; i++) {
        const rpc_metadatum *entry = &options->metadata[i];

        if (!metadata_is_legal(entry->key, entry->value))
            return false;
        bytes += strlen(entry->key) + strlen(entry->value) + METADATA_ENTRY_BYTES;
    }
    return bytes <= METADATA_BYTES_MAX;
}

static rpc_raw_call *call_new(const rpc_raw_events *events, void *context)
{
    rpc_raw_call *call = calloc(1, sizeof *call);

    if (call == NULL)
        return NULL;
    call->events = events;
    call->context = context;
    call->ended.run = call_ended;
    call->sent.run = batch_sent;
    call->received.run = message_received;
    call->text = grpc_empty_slice();
    atomic_init(&call->refs, 1);
    grpc_metadata_array_init(&call->initial);
    grpc_metadata_array_init(&call->trailing);
    pthread_mutex_init(&call->lock, NULL);
    return call;
}

/* The core's call with its first batch. Takes the message whatever happens. */
static bool start_core(rpc_raw_call *call, rpc_client *client, const char *path, const rpc_options *options,
                       grpc_byte_buffer *message)
{
    grpc_metadata metadata[CLIENT_METADATA_MAX];
    grpc_slice method = grpc_slice_from_copied_string(path);

    call->core = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, client->queue.cq, method,
                                          NULL, core_deadline(options->timeout_ms), NULL);
    grpc_slice_unref(method);

    for (size_t i = 0; i < options->metadata_count; i++)
        metadata[i] = metadata_from_text(options->metadata[i].key, options->metadata[i].value);

    bool started = start(call, options, metadata, message);

    metadata_drop(metadata, options->metadata_count);
    return started;
}

/* As start_call, after the interceptors; they have ended when it fails. */
static rpc_raw_call *start_passed(client_passage *passage, rpc_client *client, const rpc_outgoing *outgoing,
                                  const rpc_raw_events *events, void *context, grpc_byte_buffer *message,
                                  sp_status *ret_failure)
{
    bool legal = metadata_legal(&outgoing->options);
    rpc_raw_call *call = legal ? call_new(events, context) : NULL;

    if (call == NULL) {
        *ret_failure = legal ? OUT_OF_MEMORY : CLIENT_CALL_IMPOSSIBLE;
        passage_fail(passage, *ret_failure);
        if (message != NULL)
            grpc_byte_buffer_destroy(message);
        return NULL;
    }
    call->passage = *passage;
    if (start_core(call, client, outgoing->path, &outgoing->options, message))
        return call;
    *ret_failure = CLIENT_CALL_IMPOSSIBLE;
    passage_fail(&call->passage, *ret_failure);
    rpc_raw_release(call);
    return NULL;
}

/* Takes the message whatever happens. */
static rpc_raw_call *start_call(rpc_client *client, const char *path, const rpc_options *options,
                                const rpc_raw_events *events, void *context, grpc_byte_buffer *message,
                                sp_status *ret_failure)
{
    rpc_outgoing outgoing = {.path = path};
    client_passage passage;
    rpc_raw_call *call = NULL;

    if (options != NULL)
        outgoing.options = *options;
    arena_init(&outgoing.memory, OUTGOING_CAP);
    *ret_failure = passage_begin(&passage, client, &outgoing);
    if (!sp_failed(*ret_failure))
        call = start_passed(&passage, client, &outgoing, events, context, message, ret_failure);
    else if (message != NULL)
        grpc_byte_buffer_destroy(message);
    arena_done(&outgoing.memory);
    return call;
}

rpc_raw_call *raw_start(rpc_client *client, const char *path, const rpc_options *options, const rpc_raw_events *events,
                        void *context, sp_status *ret_failure)
{
    return start_call(client, path, options, events, context, NULL, ret_failure);
}

rpc_raw_call *rpc_raw_start(rpc_client *client, const char *path, const rpc_options *options,
                            const rpc_raw_events *events, void *context)
{
    sp_status failure;

    return raw_start(client, path, options, events, context, &failure);
}

rpc_raw_call *raw_unary(rpc_client *client, const char *path, const rpc_options *options, grpc_byte_buffer *message,
                        const rpc_raw_events *events, void *context, sp_status *ret_failure)
{
    return start_call(client, path, options, events, context, message, ret_failure);
}

rpc_raw_call *rpc_raw_unary(rpc_client *client, const char *path, const rpc_options *options, const uint8_t *bytes,
                            size_t size, const rpc_raw_events *events, void *context)
{
    sp_status failure;

    return raw_unary(client, path, options, message_from_bytes(bytes, size), events, context, &failure);
}

bool raw_write_buffer(rpc_raw_call *call, grpc_byte_buffer *buffer, bool last)
{
    grpc_op ops[2];

    memset(ops, 0, sizeof ops);
    ops[0].op = GRPC_OP_SEND_MESSAGE;
    ops[0].data.send_message.send_message = buffer;
    ops[1].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;

    pthread_mutex_lock(&call->lock);

    bool takes = !call->sending && !call->closing && !call->closed && !call->has_ended;

    if (takes) {
        call->out = buffer;
        call->closed = last;
        call->sending = takes = start_batch(call, ops, last ? 2 : 1, &call->sent);
        if (!takes)
            call->out = NULL;
    }
    pthread_mutex_unlock(&call->lock);
    if (!takes)
        grpc_byte_buffer_destroy(buffer);
    return takes;
}

bool rpc_raw_write(rpc_raw_call *call, const uint8_t *bytes, size_t size, bool last)
{
    return raw_write_buffer(call, message_from_bytes(bytes, size), last);
}

void rpc_raw_half_close(rpc_raw_call *call)
{
    pthread_mutex_lock(&call->lock);
    call->closing = true;
    if (call->core != NULL)
        send_close(call);
    pthread_mutex_unlock(&call->lock);
}

void rpc_raw_read(rpc_raw_call *call)
{
    grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};

    rpc_raw_hold(call); /* or done might free the lock under our hands */
    pthread_mutex_lock(&call->lock);
    call->was_read = true;
    if (!call->reading && !call->is_done) {
        op.data.recv_message.recv_message = &call->in;
        call->reading = start_batch(call, &op, 1, &call->received);
    }
    pthread_mutex_unlock(&call->lock);
    rpc_raw_release(call);
}

void rpc_raw_cancel(rpc_raw_call *call)
{
    pthread_mutex_lock(&call->lock);
    if (call->core != NULL)
        grpc_call_cancel(call->core, NULL);
    pthread_mutex_unlock(&call->lock);
}
