/* The gRPC call of a request: its start, its metadata, and the way of its events to the request's input and output. */
#include <string.h>

#include "forward.h"

enum { METADATA_FIELDS = 8 };

/* ---- Events ---- */

static void call_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    forward *f = context;

    pthread_mutex_lock(&f->lock);
    f->output->message(f, bytes, size);
    if (!f->resting)
        rpc_raw_read(call);
    pthread_mutex_unlock(&f->lock);
}

static void call_writable(rpc_raw_call *call, void *context)
{
    forward *f = context;
    const forward_input *input;

    (void)call;
    pthread_mutex_lock(&f->lock);
    f->writing = false;
    input = f->input;
    if (input && input->writable)
        input->writable(f);
    pthread_mutex_unlock(&f->lock);
    http_continue(f->x);
}

static void call_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    forward *f = context;

    (void)call;
    if (answer->status.code == SP_UNAUTHENTICATED)
        caller_failed(f);
    pthread_mutex_lock(&f->lock);
    f->output->done(f, answer);
    f->ended = true;
    pthread_mutex_unlock(&f->lock);
    http_continue(f->x); /* what of the body still waits is of no use any more */
    http_release(f->x);
}

/* ---- Start ---- */

static size_t fill_metadata(const forward *f, const char *traceparent, rpc_metadatum *metadata)
{
    size_t count = 0;

    metadata[count++] = (rpc_metadatum){"x-request-id", f->request_id};
    metadata[count++] = (rpc_metadatum){"traceparent", traceparent};
    if (f->trace_state)
        metadata[count++] = (rpc_metadatum){"tracestate", f->trace_state};
    metadata[count++] = (rpc_metadatum){"smartpass-client-address", f->address};
    if (f->by_cookie)
        metadata[count++] = (rpc_metadatum){"smartpass-session-transport", "cookie"};
    if (f->authorization)
        metadata[count++] = (rpc_metadatum){"authorization", f->authorization};
    if (f->user_agent)
        metadata[count++] = (rpc_metadatum){"smartpass-user-agent", f->user_agent};
    return count;
}

/* Locked, so that no event of the call gets on before the call is held. */
static bool start(forward *f, call_kind kind, const char *path, const rpc_options *options, const byte_buffer *wire)
{
    static const rpc_raw_events events = {.message = call_message, .writable = call_writable, .done = call_done};
    rpc_client *client = f->gateway->options.client;
    const uint8_t *bytes = wire && wire->data ? wire->data : (const uint8_t *)"";

    http_hold(f->x);
    f->call = kind == CALL_UNARY ? rpc_raw_unary(client, path, options, bytes, wire->size, &events, f)
                                 : rpc_raw_start(client, path, options, &events, f);
    if (!f->call) {
        http_release(f->x);
        return false;
    }
    rpc_raw_hold(f->call);
    if (kind == CALL_ANSWERS)
        rpc_raw_write(f->call, bytes, wire->size, true);
    if (kind != CALL_UNARY)
        rpc_raw_read(f->call);
    return true;
}

bool forward_start(forward *f, call_kind kind, const char *path, int64_t timeout_ms, const byte_buffer *wire)
{
    char traceparent[TRACEPARENT_LENGTH + 1];
    rpc_metadatum metadata[METADATA_FIELDS];
    rpc_options options = {.timeout_ms = timeout_ms, .metadata = metadata};
    bool started, left;

    trace_header(&f->trace, traceparent);
    options.metadata_count = fill_metadata(f, traceparent, metadata);
    pthread_mutex_lock(&f->lock);
    left = f->left;
    started = !left && start(f, kind, path, &options, wire);
    pthread_mutex_unlock(&f->lock);
    if (!started && !left)
        answer_no_memory(f);
    return started;
}

bool forward_start_method(forward *f, const byte_buffer *wire)
{
    const gateway_options *options = &f->gateway->options;
    const method_type *method = f->match.route->method;
    call_kind kind = method->client_streaming ? CALL_MESSAGES : method->server_streaming ? CALL_ANSWERS : CALL_UNARY;
    int64_t timeout_ms = kind == CALL_UNARY ? options->call_timeout_ms : options->upload_timeout_ms;

    if (f->output == &stream_output)
        timeout_ms = 0;
    return forward_start(f, kind, method->path, timeout_ms, wire);
}

void forward_fail(forward *f, const transcode_fault *fault)
{
    f->failed = true;
    if (f->call)
        rpc_raw_cancel(f->call);
    if (!f->head_sent)
        answer_fault(f, fault);
    else if (f->output == &stream_output)
        stream_fail(f, fault);
    else
        http_finish(f->x, false);
}
