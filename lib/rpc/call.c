/* The life of one call on the server: arrival, references, answer, release. */
#include "call.h"

#include <grpc/support/alloc.h>
#include <grpc/support/time.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "message.h"
#include "metadata.h"
#include "prescan.h"
#include "send.h"

SP_STATUS(METHOD_UNKNOWN, SP_UNIMPLEMENTED, "The server has no such method.");
SP_STATUS(METHOD_UNIMPLEMENTED, SP_UNIMPLEMENTED, "The method is not served here.");
SP_STATUS(COMPRESSION_UNSUPPORTED, SP_UNIMPLEMENTED, "Messages must not be compressed.");
SP_STATUS(MESSAGE_TOO_COMPLEX, SP_RESOURCE_EXHAUSTED, "The message needs more memory than a call may take.");
SP_STATUS(MESSAGE_TOO_LONG, SP_INVALID_ARGUMENT, "The message is longer than the server takes.");
SP_STATUS(MALFORMED_MESSAGE, SP_INVALID_ARGUMENT, "The message is not well-formed protobuf.");

enum { DOMAIN_MAX_BYTES = 64 };

const sp_status CALL_SERVER_BUSY = {SP_RESOURCE_EXHAUSTED, "SERVER_BUSY", "The server has too many calls waiting."};
const sp_status CALL_CANCELLED = {SP_CANCELLED, "CALL_CANCELLED", "The caller is gone or gave up."};

static void call_again(rpc_call *call);

rpc_call *call_ref(rpc_call *call)
{
    atomic_fetch_add(&call->refs, 1);
    return call;
}

void call_release(rpc_call *call)
{
    if (call->payload != NULL)
        grpc_byte_buffer_destroy(call->payload);
    call->payload = NULL;
    grpc_metadata_array_destroy(&call->metadata);
    grpc_metadata_array_init(&call->metadata);
    grpc_call_details_destroy(&call->path);
    grpc_call_details_init(&call->path);
    call->peer = NULL;
    call->certificate = NULL;

    pthread_mutex_lock(&call->lock); /* its time may run out just now */

    grpc_call *core = call->core;

    call->core = NULL;
    pthread_mutex_unlock(&call->lock);
    if (core != NULL)
        grpc_call_unref(core);
}

static void call_done(rpc_call *call)
{
    call_release(call);
    arena_done(&call->memory); /* a held stream's call keeps what begin attached */
    pthread_cond_destroy(&call->cancel_returned);
    pthread_mutex_destroy(&call->lock);
    stream_free(call->stream);
}

void call_unref(rpc_call *call)
{
    if (atomic_fetch_sub(&call->refs, 1) != 1)
        return;
    if (call->comes_again) {
        call_again(call);
        return;
    }
    call_done(call);
    free(call);
}

static void call_closed(core_tag *tag, bool ok)
{
    rpc_call *call = CORE_OWNER(tag, rpc_call, closed);
    void (*on_cancel)(void *arg) = NULL;
    void *arg = NULL;

    (void)ok;
    if (call->core_cancelled) {
        pthread_mutex_lock(&call->lock);
        atomic_store(&call->cancelled, true);
        on_cancel = call->on_cancel;
        arg = call->on_cancel_arg;
        call->on_cancel = NULL;
        call->on_cancel_runs = on_cancel != NULL;
        pthread_mutex_unlock(&call->lock);
    }
    if (on_cancel != NULL) {
        on_cancel(arg);
        pthread_mutex_lock(&call->lock);
        call->on_cancel_runs = false;
        pthread_cond_broadcast(&call->cancel_returned);
        pthread_mutex_unlock(&call->lock);
    }
    if (call->stream != NULL)
        stream_peer_closed(call->stream);
    call_unref(call);
}

static void call_answered(core_tag *tag, bool ok)
{
    rpc_call *call = CORE_OWNER(tag, rpc_call, answered);

    (void)ok;
    if (call->reply != NULL)
        grpc_byte_buffer_destroy(call->reply);
    call->reply = NULL;
    call_unref(call);
}

/* The path and the deadline of a call that came by the catch-all. */
static void identify(rpc_call *call)
{
    const grpc_slice path = call->path.method;

    call->deadline = call->path.deadline;
    call->method = server_find_method(call->server, (const char *)GRPC_SLICE_START_PTR(path), GRPC_SLICE_LENGTH(path));
}

static void call_arrived(core_tag *tag, bool ok)
{
    rpc_call *call = CORE_OWNER(tag, rpc_call, arrived);

    if (!ok) { /* the server stops */
        call_unref(call);
        return;
    }

    /* First of all: a method that nobody has asked for makes its callers wait inside the core. When there is no memory
     * to ask, this call gives way: as soon as it is over, its own memory asks. */
    if (!call_arm(call->port, call->queue, call->method)) {
        call->comes_again = true;
        call_refuse(call, OUT_OF_MEMORY);
        call_unref(call);
        return;
    }
    call->arrived_us = clock_monotonic_us();
    if (call->method == NULL)
        identify(call);

    const server_method *method = call->method;

    if (method == NULL)
        call_refuse(call, METHOD_UNKNOWN);
    else if (!method->binding.implements(method->binding.handlers, method->slot))
        call_refuse(call, METHOD_UNIMPLEMENTED);
    else if (method->method->kind == RPC_UNARY)
        unary_start(call);
    else
        stream_start(call);
    call_unref(call);
}

static void call_init(rpc_call *call, server_port *port, core_queue *queue, const server_method *method)
{
    memset(call, 0, sizeof *call);
    call->server = port->server;
    call->port = port;
    call->queue = queue;
    call->method = method;
    call->arrived.run = call_arrived;
    call->closed.run = call_closed;
    call->answered.run = call_answered;
    atomic_init(&call->refs, 1);
    atomic_init(&call->cancelled, false);
    grpc_metadata_array_init(&call->metadata);
    grpc_call_details_init(&call->path);
    arena_init(&call->memory, port->server->options.arena_cap);
    call->current = &call->memory;
    pthread_mutex_init(&call->lock, NULL);
    pthread_cond_init(&call->cancel_returned, NULL);
}

/* Asks the core for a call that this one will be. */
static void call_request(rpc_call *call)
{
    const server_port *port = call->port;
    const server_method *method = call->method;
    grpc_completion_queue *cq = call->queue->cq;
    grpc_call_error error;

    core_tag_give(&call->arrived); /* from here on it may have arrived, and is the queue thread's */
    if (method == NULL)
        error = grpc_server_request_call(port->core, &call->core, &call->path, &call->metadata, cq, cq, &call->arrived);
    else
        error = grpc_server_request_registered_call(port->core, port->methods[method - port->server->methods],
                                                    &call->core, &call->deadline, &call->metadata, &call->payload, cq,
                                                    cq, &call->arrived);
    if (error != GRPC_CALL_OK)
        call_unref(call);
}

bool call_arm(server_port *port, core_queue *queue, const server_method *method)
{
    rpc_call *call = malloc(sizeof *call);

    if (call == NULL)
        return false;
    call_init(call, port, queue, method);
    call_request(call);
    return true;
}

/* The core gets its old call back last: until then, mostly, no port of a server that stops is down. */
static void call_again(rpc_call *call)
{
    grpc_call *over = call->core;

    call->core = NULL;
    call_done(call);
    call_init(call, call->port, call->queue, call->method);
    call_request(call);
    grpc_call_unref(over);
}

bool call_start_batch(rpc_call *call, const grpc_op *ops, size_t count, core_tag *tag)
{
    call_ref(call);
    core_tag_give(tag);
    send_begin();

    bool started = grpc_call_start_batch(call->core, ops, count, tag, NULL) == GRPC_CALL_OK;

    send_end();
    if (!started)
        call_unref(call);
    return started;
}

bool call_start_answer(rpc_call *call, const grpc_op *ops, size_t count)
{
    grpc_completion_queue *cq = call->queue->cq;
    void *done;
    int ok;

    grpc_completion_queue_thread_local_cache_init(cq);

    bool started = call_start_batch(call, ops, count, &call->answered);

    if (grpc_completion_queue_thread_local_cache_flush(cq, &done, &ok)) {
        core_tag *tag = done;

        core_tag_take(tag);
        tag->run(tag, ok != 0);
    }
    return started;
}

void call_watch_close(rpc_call *call)
{
    grpc_op op = {.op = GRPC_OP_RECV_CLOSE_ON_SERVER};

    op.data.recv_close_on_server.cancelled = &call->core_cancelled;
    pthread_mutex_lock(&call->lock);
    if (!call->watched && !call->answering)
        call->watched = call_start_batch(call, &op, 1, &call->closed);
    pthread_mutex_unlock(&call->lock);
}

static sp_status decode_view(rpc_call *call, const message_view *view, arena *a, ProtobufCMessage **ret_message)
{
    const rpc_service *service = call->method->service;
    const ProtobufCMessageDescriptor *descriptor = call->method->method->request;
    const uint8_t *bytes = view->bytes;
    size_t size = view->size;
    prescan_fault fault;
    sp_status status = message_admit(descriptor, a, &bytes, &size, service->limits, service->limit_count, &fault);

    if (sp_failed(status)) {
        if (fault.field != NULL)
            rpc_call_violation(call, fault.path, status.reason, status.message);
        return status;
    }

    bool over_cap;
    ProtobufCMessage *message = message_unpack(descriptor, a, bytes, size, &over_cap);

    if (message == NULL)
        return over_cap ? MESSAGE_TOO_COMPLEX : MALFORMED_MESSAGE;
    *ret_message = message;
    return SP_DONE;
}

/* No message: the peer is gone, or half-closed without sending one; the core tells which. */
static sp_status explain_absence(const rpc_call *call)
{
    return grpc_call_failed_before_recv_message(call->core) ? CALL_CANCELLED : MALFORMED_MESSAGE;
}

sp_status call_decode(rpc_call *call, grpc_byte_buffer *buffer, arena *a, ProtobufCMessage **ret_message)
{
    message_view view;

    if (buffer == NULL)
        return explain_absence(call);
    if (grpc_byte_buffer_length(buffer) > call->server->options.max_message)
        return MESSAGE_TOO_LONG;
    if (!message_view_open(&view, buffer))
        return COMPRESSION_UNSUPPORTED;

    sp_status status = decode_view(call, &view, a, ret_message);

    message_view_close(&view);
    return status;
}

/* Whose reasons a call's are: what the program says, else the first word of the service's package. */
static const char *error_domain(const rpc_call *call, char *package)
{
    const char *path = call->method != NULL ? call->method->method->path + 1 : "";
    size_t length = strcspn(path, "./");

    if (call->server->options.error_domain != NULL)
        return call->server->options.error_domain;
    if (length >= DOMAIN_MAX_BYTES)
        length = DOMAIN_MAX_BYTES - 1;
    memcpy(package, path, length);
    package[length] = '\0';
    return package;
}

void call_answer_fill(call_answer *answer, rpc_call *call, sp_status status, grpc_op *op)
{
    memset(answer, 0, sizeof *answer);
    for (size_t i = 0; i < call->trailing.count; i++)
        answer->metadata[answer->count++] =
            metadata_from_text(call->trailing.entries[i].key, call->trailing.entries[i].value);
    if (sp_failed(status)) {
        grpc_metadata *entry = &answer->metadata[answer->count];
        char package[DOMAIN_MAX_BYTES];

        if (details_pack(&call->details, status, error_domain(call, package), &entry->value)) {
            entry->key = grpc_slice_from_static_string("grpc-status-details-bin");
            answer->count++;
        }
    }
    answer->text = grpc_slice_from_copied_string(status.message);

    memset(op, 0, sizeof *op);
    op->op = GRPC_OP_SEND_STATUS_FROM_SERVER;
    op->data.send_status_from_server.status = (grpc_status_code)status.code;
    op->data.send_status_from_server.status_details = &answer->text;
    op->data.send_status_from_server.trailing_metadata = answer->metadata;
    op->data.send_status_from_server.trailing_metadata_count = answer->count;
}

void call_answer_drop(call_answer *answer)
{
    metadata_drop(answer->metadata, answer->count);
    grpc_slice_unref(answer->text);
}

void call_headers_fill(call_headers *headers, const rpc_call *call, grpc_op *op)
{
    headers->count = call->initial.count;
    for (size_t i = 0; i < headers->count; i++)
        headers->metadata[i] = metadata_from_text(call->initial.entries[i].key, call->initial.entries[i].value);

    memset(op, 0, sizeof *op);
    op->op = GRPC_OP_SEND_INITIAL_METADATA;
    op->data.send_initial_metadata.metadata = headers->metadata;
    op->data.send_initial_metadata.count = headers->count;
}

void call_headers_drop(call_headers *headers)
{
    metadata_drop(headers->metadata, headers->count);
}

void call_refuse(rpc_call *call, sp_status status)
{
    grpc_op ops[3];
    call_answer answer;

    call_tell_refused(call, status);
    memset(ops, 0, sizeof ops);
    ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
    ops[1].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
    ops[1].data.recv_close_on_server.cancelled = &call->core_cancelled;
    call_answer_fill(&answer, call, status, &ops[2]);
    call_start_batch(call, ops, 3, &call->answered);
    call_answer_drop(&answer);
}
