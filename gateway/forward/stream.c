/* Calls whose replies keep coming: server-sent events, JSON lines, raw bytes. When the client takes them more slowly
 * than they come, no more are asked of the server. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "forward.h"
#include "http_body.h"
#include "json_writer.h"
#include "protowire.h"
#include "text.h"
#include "wire_to_json.h"

enum {
    MESSAGE_MAX = 24 << 20,
    HEAD_AFTER_MS = 300, /* a call that was not refused by then is taken to be accepted */
    SCRATCH_MAX = 24 << 20,
    EVENT_ID_MAX = 256,
};

/* Locked. */
static void send_head(forward *f, const char *content_type)
{
    char cache[64];
    http_field fields[4] = {{"Content-Type", content_type}, {"X-Request-Id", f->request_id}};
    http_head head = {200, fields, 2};
    int64_t cache_s = f->gateway->options.download_cache_s;

    if (f->form != STREAM_RAW)
        fields[head.field_count++] = (http_field){"X-Accel-Buffering", "no"}; /* a proxy must not gather events */
    else
        fields[head.field_count++] = (http_field){"Content-Security-Policy", raw_policy};
    if (f->form == STREAM_RAW && cache_s > 0) {
        snprintf(cache, sizeof cache, "private, max-age=%lld, immutable", (long long)cache_s);
        fields[head.field_count++] = (http_field){"Cache-Control", cache};
    }
    f->head_sent = true;
    f->quiet_since_ms = clock_monotonic_ms();
    http_answer_stream(f->x, &head, -1);
    if (f->form == STREAM_EVENTS)
        http_write(f->x, "retry: 2000\n\n", 13);
}

static void send_text_head(forward *f)
{
    send_head(f, f->form == STREAM_EVENTS ? "text/event-stream" : "application/x-ndjson");
}

/* The value of the message's string field "id", if it can stand in one line. */
static bool event_id(const message_type *message, const uint8_t *bytes, size_t size, const char **ret_id, size_t *ret_n)
{
    const field_type *field = message_field_by_name(message, "id", 2);
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field met;

    *ret_n = 0;
    while (field && field->kind == FIELD_STRING && protowire_next(&reader, &met)) {
        if (met.number == field->number && met.kind == WIRE_BYTES) {
            *ret_id = (const char *)met.data;
            *ret_n = met.size;
        }
    }
    for (size_t i = 0; i < *ret_n; i++)
        if ((unsigned char)(*ret_id)[i] < 0x20)
            return false;
    return *ret_n > 0 && *ret_n <= EVENT_ID_MAX;
}

/* Locked. One event or line into f->json; a static sentence when it cannot be. */
static const char *write_message(forward *f, const uint8_t *bytes, size_t size)
{
    const route *found = f->match.route;
    const wire_reply reply = {
        .pool = f->gateway->options.pool, .message = found->method->output, .only = found->reply_field};
    bool events = f->form == STREAM_EVENTS, framed = true;
    const char *id, *fault;
    json_writer out;
    size_t n;

    f->json.size = 0;
    if (events && event_id(found->method->output, bytes, size, &id, &n))
        framed = byte_buffer_append(&f->json, "id: ", 4) && byte_buffer_append(&f->json, id, n) &&
                 byte_buffer_append(&f->json, "\n", 1);
    framed = framed && byte_buffer_append_text(&f->json, events ? "data: " : "{\"result\":");
    json_writer_init(&out, &f->json);
    fault = wire_to_json(&reply, bytes, size, &f->scratch, &out);
    arena_reset(&f->scratch);
    framed = framed && byte_buffer_append_text(&f->json, events ? "\n\n" : "}\n");
    return fault ? fault : framed ? NULL : "The reply is too large.";
}

/* Locked. The message's bytes on their way to the client; the queue's size. */
static size_t pass_raw(forward *f, const uint8_t *bytes, size_t size)
{
    http_body body;

    if (!http_body_read(bytes, size, &body)) {
        f->reply_fault = "The message is malformed.";
        return 0;
    }
    if (!f->head_sent)
        send_head(f, content_type_of(http_arena(f->x), body.content_type, body.content_type_length));
    return body.size > 0 ? http_write(f->x, body.data, body.size) : 0;
}

/* Locked. */
static size_t pass_text(forward *f, const uint8_t *bytes, size_t size)
{
    f->reply_fault = write_message(f, bytes, size);
    if (f->reply_fault)
        return 0;
    if (!f->head_sent)
        send_text_head(f);
    f->quiet_since_ms = clock_monotonic_ms();
    return http_write(f->x, f->json.data, f->json.size);
}

static void stream_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    forward *f = context;
    size_t queued;

    pthread_mutex_lock(&f->lock);
    queued = f->form == STREAM_RAW ? pass_raw(f, bytes, size) : pass_text(f, bytes, size);
    f->resting = queued >= HTTP_QUEUE_HIGH;
    if (f->reply_fault)
        rpc_raw_cancel(call);
    if (!f->resting)
        rpc_raw_read(call);
    pthread_mutex_unlock(&f->lock);
}

static void stream_drained(forward *f)
{
    pthread_mutex_lock(&f->lock);
    if (f->resting && !f->ended) {
        f->resting = false;
        rpc_raw_read(f->call);
    }
    pthread_mutex_unlock(&f->lock);
}

/* Locked. The last words of a stream that had begun. */
static void write_failure(forward *f, const rpc_answer *answer)
{
    bool events = f->form == STREAM_EVENTS;

    f->json.size = 0;
    if (events)
        byte_buffer_append_text(&f->json, "event: problem\ndata: ");
    if (error_body_of_answer(&f->json, f->gateway, answer, &f->scratch) &&
        byte_buffer_append_text(&f->json, events ? "\n\n" : "\n"))
        http_write(f->x, f->json.data, f->json.size);
}

/* Locked. */
static void end_stream(forward *f, const rpc_answer *answer, bool failed)
{
    if (!f->head_sent && f->form == STREAM_RAW)
        send_head(f, "application/octet-stream");
    else if (!f->head_sent)
        send_text_head(f);
    if (failed && f->form != STREAM_RAW)
        write_failure(f, answer);
    http_finish(f->x, !failed || f->form != STREAM_RAW);
}

static void stream_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    forward *f = context;
    bool failed = sp_failed(answer->status) || f->reply_fault;

    (void)call;
    pthread_mutex_lock(&f->lock);
    /* A browser gives up an event stream for good when it is refused, but comes again when it merely ends. */
    if (f->head_sent || !failed || (f->form == STREAM_EVENTS && is_unreachable(answer)))
        end_stream(f, answer, failed);
    else if (f->reply_fault)
        answer_unusable(f, f->reply_fault);
    else
        answer_failure(f, answer);
    pthread_mutex_unlock(&f->lock);
    forward_call_ended(f);
}

static void stream_wake(forward *f)
{
    int64_t now_ms = clock_monotonic_ms(), ping_ms = f->gateway->options.ping_ms;

    pthread_mutex_lock(&f->lock);
    if (!f->ended) {
        if (!f->head_sent)
            send_text_head(f);
        if (f->form == STREAM_EVENTS && now_ms - f->quiet_since_ms >= ping_ms) {
            http_write(f->x, ": ping\n\n", 8);
            f->quiet_since_ms = now_ms;
        }
        if (f->form == STREAM_EVENTS)
            http_wake_at(f->x, f->quiet_since_ms + ping_ms);
    }
    pthread_mutex_unlock(&f->lock);
}

static bool asks_for(const forward *f, const char *type)
{
    const char *accept = http_request_header(f->x, HTTP_ACCEPT);

    return accept && strcasestr(accept, type);
}

static void stream_begin(forward *f)
{
    byte_buffer_init(&f->body, f->gateway->options.json_max);
    byte_buffer_init(&f->json, MESSAGE_MAX);
    arena_init(&f->scratch, SCRATCH_MAX);
    if (f->match.route->raw_out)
        f->form = STREAM_RAW;
    else
        f->form = asks_for(f, "text/event-stream") ? STREAM_EVENTS : STREAM_LINES;
}

static void stream_complete(forward *f)
{
    static const rpc_raw_events events = {.message = stream_message, .done = stream_done};
    const gateway_options *options = &f->gateway->options;
    int64_t timeout_ms = f->form == STREAM_RAW ? options->upload_timeout_ms : 0;
    byte_buffer wire;

    byte_buffer_init(&wire, options->json_max * 2);
    if (f->form != STREAM_RAW)
        http_wake_at(f->x, clock_monotonic_ms() + HEAD_AFTER_MS);
    if (forward_build_request(f, &wire))
        forward_start(f, CALL_ANSWERS, f->match.route->method->path, timeout_ms, &events, &wire);
    byte_buffer_done(&wire);
}

const forward_shape stream_shape = {
    .begin = stream_begin,
    .body = unary_body,
    .complete = stream_complete,
    .drained = stream_drained,
    .wake = stream_wake,
};
