/* Calls with one request and one reply. */
#include <string.h>

#include "forward.h"
#include "http_body.h"
#include "json_writer.h"
#include "wire_to_json.h"

enum { REPLY_MAX = 64 << 20 };

/* Locked. */
static const char *keep_raw(forward *f, const uint8_t *bytes, size_t size)
{
    http_body body;

    if (!http_body_read(bytes, size, &body))
        return "The message is malformed.";
    f->reply_type = content_type_of(http_arena(f->x), body.content_type, body.content_type_length);
    return byte_buffer_append(&f->json, body.data, body.size) ? NULL : "The reply is too large.";
}

/* Locked. */
static const char *keep_json(forward *f, const uint8_t *bytes, size_t size)
{
    const route *found = f->match.route;
    const wire_reply reply = {
        .pool = f->gateway->options.pool, .message = found->method->output, .only = found->reply_field};
    json_writer out;

    json_writer_init(&out, &f->json);
    return wire_to_json(&reply, bytes, size, http_arena(f->x), &out);
}

void unary_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    forward *f = context;

    pthread_mutex_lock(&f->lock);
    if (f->replied)
        f->reply_fault = "There is more than one reply.";
    else if (f->match.route->raw_out)
        f->reply_fault = keep_raw(f, bytes, size);
    else
        f->reply_fault = keep_json(f, bytes, size);
    f->replied = true;
    pthread_mutex_unlock(&f->lock);
    rpc_raw_read(call);
}

void unary_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    forward *f = context;

    (void)call;
    pthread_mutex_lock(&f->lock);
    if (sp_failed(answer->status))
        answer_failure(f, answer);
    else if (!f->replied || f->reply_fault)
        answer_unusable(f, f->reply_fault ? f->reply_fault : "There is none.");
    else if (f->match.route->raw_out)
        answer_raw(f, answer);
    else
        answer_json(f, answer);
    pthread_mutex_unlock(&f->lock);
    forward_call_ended(f);
}

static void unary_begin(forward *f)
{
    const gateway_options *options = &f->gateway->options;
    int64_t announced = http_content_length(f->x);

    byte_buffer_init(&f->body, f->match.route->raw_in ? options->upload_max : options->json_max);
    byte_buffer_init(&f->json, REPLY_MAX);
    if (announced > (int64_t)f->body.cap) {
        const refusal why = {413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The request's body is too large.", "", NULL};

        answer_refusal(f, &why);
    }
}

size_t unary_body(forward *f, const uint8_t *bytes, size_t size)
{
    if (f->match.route->body != BODY_NONE && !byte_buffer_append(&f->body, bytes, size)) {
        const refusal why = {413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The request's body is too large.", "", NULL};

        answer_refusal(f, &why);
    }
    return size;
}

static bool build(forward *f, byte_buffer *wire)
{
    const char *type = http_request_header(f->x, HTTP_CONTENT_TYPE);
    const http_body body = {type ? type : "", type ? strlen(type) : 0, f->body.data, f->body.size};

    if (!f->match.route->raw_in)
        return forward_build_request(f, wire);
    return http_body_append(wire, &body);
}

static void unary_complete(forward *f)
{
    static const rpc_raw_events events = {.message = unary_message, .done = unary_done};
    const gateway_options *options = &f->gateway->options;
    byte_buffer wire;

    byte_buffer_init(&wire, options->json_max + options->upload_max);
    if (build(f, &wire))
        forward_start(f, CALL_UNARY, f->match.route->method->path, options->call_timeout_ms, &events, &wire);
    byte_buffer_done(&wire);
}

const forward_shape unary_shape = {.begin = unary_begin, .body = unary_body, .complete = unary_complete};
