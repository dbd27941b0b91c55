/* Unary calls: from the queue thread to a worker, through interceptor and handler, and the answer in one batch. */
#include <string.h>

#include "call.h"
#include "message.h"

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

/* with_close: nobody watches for the peer's end yet, so the answer's batch does. */
static void answer(rpc_call *call, sp_status status, const ProtobufCMessage *reply, bool with_close)
{
    grpc_op ops[4];
    size_t count = 0;
    call_answer closing;

    memset(ops, 0, sizeof ops);
    ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    if (with_close) {
        ops[count].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
        ops[count++].data.recv_close_on_server.cancelled = &call->core_cancelled;
    }
    if (!sp_failed(status)) {
        call->reply = message_pack(reply);
        ops[count].op = GRPC_OP_SEND_MESSAGE;
        ops[count++].data.send_message.send_message = call->reply;
    }
    call_answer_fill(&closing, call, status, &ops[count++]);
    if (!call_start_batch(call, ops, count, &call->answered) && call->reply != NULL) {
        grpc_byte_buffer_destroy(call->reply);
        call->reply = NULL;
    }
    call_answer_drop(&closing);
}

static void serve(rpc_call *call, bool with_close)
{
    ProtobufCMessage *reply = NULL;
    sp_status status = run_handler(call, &reply);

    answer(call, status, reply, with_close);
    call_end(call, status);
    call_unref(call);
}

static void serve_on_worker(worker_task *task)
{
    rpc_call *call = CORE_OWNER(task, rpc_call, task);

    /* Whoever gave up while the call waited gets no work done any more. */
    if (rpc_call_cancelled(call))
        call_unref(call);
    else
        serve(call, false);
}

void unary_start(rpc_call *call)
{
    call_ref(call);
    if (call->method->method->runs_inline) {
        serve(call, true);
        return;
    }

    /* The handler may take its time, so the end of its caller must be seen meanwhile. */
    call->task.run = serve_on_worker;
    call_watch_close(call);
    if (!workers_push(&call->server->workers, &call->task)) {
        answer(call, CALL_SERVER_BUSY, NULL, false);
        call_unref(call);
    }
}
