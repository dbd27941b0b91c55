/* Raw bodies that are streamed to the server: parts of at most UPLOAD_PART_MAX bytes as google.api.HttpBody. While one
 * is under way the next is gathered; when that is full, the client's connection waits. */
#include <string.h>

#include "forward.h"
#include "http_body.h"

enum { REPLY_MAX = 16 << 20, WIRE_EXTRA = 1024 };

/* Locked. Sends what is gathered; the last part half-closes the call. */
static void send_part(forward *f)
{
    const char *type = http_request_header(f->x, HTTP_CONTENT_TYPE);
    bool first = f->uploaded == f->body.size;
    http_body part = {.data = f->body.data, .size = f->body.size};
    byte_buffer wire;

    if (first && type && strlen(type) < WIRE_EXTRA / 2) {
        part.content_type = type;
        part.content_type_length = strlen(type);
    }
    byte_buffer_init(&wire, UPLOAD_PART_MAX + WIRE_EXTRA);
    f->failed = !http_body_append(&wire, &part) ||
                !rpc_raw_write(f->call, wire.data ? wire.data : (const uint8_t *)"", wire.size, f->whole);
    f->closed = f->whole;
    f->writing = true;
    f->body.size = 0;
    byte_buffer_done(&wire);
}

/* Locked. An upload without a byte still is one part, which tells its type. */
static void push(forward *f)
{
    if (f->writing || f->closed || f->ended || f->failed || !f->call)
        return;
    if (f->body.size > 0 || (f->whole && f->uploaded == 0)) {
        send_part(f);
    } else if (f->whole) {
        rpc_raw_half_close(f->call);
        f->closed = true;
    }
}

static void upload_writable(rpc_raw_call *call, void *context)
{
    forward *f = context;

    (void)call;
    pthread_mutex_lock(&f->lock);
    f->writing = false;
    push(f);
    pthread_mutex_unlock(&f->lock);
    http_continue(f->x);
}

static void upload_begin(forward *f)
{
    static const rpc_raw_events events = {.message = unary_message, .writable = upload_writable, .done = unary_done};
    const gateway_options *options = &f->gateway->options;

    byte_buffer_init(&f->body, UPLOAD_PART_MAX);
    byte_buffer_init(&f->json, REPLY_MAX);
    if (http_content_length(f->x) > (int64_t)options->upload_max) {
        const refusal why = {413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The upload is too large.", "", NULL};

        answer_refusal(f, &why);
        return;
    }
    forward_start(f, CALL_MESSAGES, f->match.route->method->path, options->upload_timeout_ms, &events, NULL);
}

/* Locked. */
static size_t take(forward *f, const uint8_t *bytes, size_t size)
{
    size_t room = UPLOAD_PART_MAX - f->body.size, n = size < room ? size : room;

    if (f->ended || f->failed)
        return size; /* the answer is there or near: the rest is read away */
    if (!byte_buffer_append(&f->body, bytes, n))
        return 0;
    f->uploaded += n;
    push(f);
    return n;
}

static size_t upload_body(forward *f, const uint8_t *bytes, size_t size)
{
    const refusal why = {413, SP_OUT_OF_RANGE, "BODY_TOO_LARGE", "The upload is too large.", "", NULL};
    size_t taken;

    pthread_mutex_lock(&f->lock);
    if (size > f->gateway->options.upload_max - f->uploaded) {
        taken = size;
        f->failed = true;
        answer_refusal(f, &why);
        if (f->call)
            rpc_raw_cancel(f->call);
    } else {
        taken = take(f, bytes, size);
    }
    pthread_mutex_unlock(&f->lock);
    return taken;
}

static void upload_complete(forward *f)
{
    pthread_mutex_lock(&f->lock);
    f->whole = true;
    push(f);
    pthread_mutex_unlock(&f->lock);
}

const forward_shape upload_shape = {.begin = upload_begin, .body = upload_body, .complete = upload_complete};
