/* Unary calls: from the queue thread to a worker, through interceptor and handler, and the answer in one batch. */
#include <string.h>

#include "call.h"
#include "clock.h"
#include "message.h"

enum {
    PACE_SHORT_US = 50, /* handlers that take no longer on average are run by one worker one after the other */
    PACE_MAX_US = 400,  /* what is longer was preempted, or blocks; either way it counts as this */
    PACE_MEMORY = 16,
};

static sp_status run_handler(rpc_call *call, ProtobufCMessage **ret_reply)
{
    const server_method *method = call->method;
    const ProtobufCMessageDescriptor *kind = method->method->reply;
    ProtobufCMessage *request;
    sp_status status = call_begin(call);

    if (!sp_failed(status))
        status = call_decode(call, call->payload, &call->memory, &request);
    if (sp_failed(status))
        return status;

    ProtobufCMessage *reply = arena_alloc(&call->memory, kind->sizeof_message);

    if (reply == NULL)
        return OUT_OF_MEMORY;
    kind->message_init(reply);
    status = method->binding.unary(method->binding.handlers, method->slot, call, request, reply);
    rpc_call_on_cancel(call, NULL, NULL);
    status = call_finish(call, status);
    *ret_reply = reply;
    return status;
}

/* The answer's batch watches for the peer's end unless that is done already. False when it does, or nothing needs to:
 * from now on nobody else starts to. */
static bool close_is_unwatched(rpc_call *call)
{
    pthread_mutex_lock(&call->lock);

    bool unwatched = !call->watched;

    call->answering = true;
    pthread_mutex_unlock(&call->lock);
    return unwatched;
}

static void answer(rpc_call *call, sp_status status, const ProtobufCMessage *reply)
{
    grpc_op ops[4];
    size_t count = 0;
    call_headers opening;
    call_answer closing;

    memset(ops, 0, sizeof ops);
    call->headers_left = true;
    call_headers_fill(&opening, call, &ops[count++]);
    if (close_is_unwatched(call)) {
        ops[count].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
        ops[count++].data.recv_close_on_server.cancelled = &call->core_cancelled;
    }
    if (!sp_failed(status)) {
        call->reply = message_pack(reply);
        ops[count].op = GRPC_OP_SEND_MESSAGE;
        ops[count++].data.send_message.send_message = call->reply;
    }
    call_answer_fill(&closing, call, status, &ops[count++]);
    if (!call_start_answer(call, ops, count) && call->reply != NULL) {
        grpc_byte_buffer_destroy(call->reply);
        call->reply = NULL;
    }
    call_headers_drop(&opening);
    call_answer_drop(&closing);
}

static void serve(rpc_call *call)
{
    ProtobufCMessage *reply = NULL;
    sp_status status = run_handler(call, &reply);

    answer(call, status, reply);
    call_end(call, status);
    call_unref(call);
}

/* A running average; several workers may lose each other's part of it, which does no harm. */
static void learn_pace(atomic_int *pace_us, int64_t took_us)
{
    int known = atomic_load_explicit(pace_us, memory_order_relaxed);
    int sample = took_us < PACE_MAX_US ? (int)took_us : PACE_MAX_US;

    atomic_store_explicit(pace_us, known + (sample - known) / PACE_MEMORY, memory_order_relaxed);
}

static void serve_on_worker(worker_task *task)
{
    rpc_call *call = CORE_OWNER(task, rpc_call, task);
    atomic_int *pace_us = call->method->pace_us;
    int64_t began_us = clock_monotonic_us();

    /* Whoever gave up while the call waited gets no work done any more. */
    if (atomic_load(&call->cancelled))
        call_unref(call);
    else
        serve(call);
    learn_pace(pace_us, clock_monotonic_us() - began_us);
}

void unary_start(rpc_call *call)
{
    call_ref(call);
    if (call->method->method->runs_inline) {
        serve(call);
        return;
    }
    call->task.run = serve_on_worker;
    call->task.lingers = atomic_load_explicit(call->method->pace_us, memory_order_relaxed) > PACE_SHORT_US;
    if (workers_are_busy(&call->server->workers))
        call_watch_close(call); /* it will wait, and its caller may lose patience */
    if (!workers_push(&call->server->workers, &call->task)) {
        call_tell_refused(call, CALL_SERVER_BUSY);
        answer(call, CALL_SERVER_BUSY, NULL);
        call_unref(call);
    }
}
