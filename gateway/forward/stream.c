/* Calls whose replies keep coming: server-sent events or JSON lines. When the client takes them more slowly than they
 * come, no more are asked of the server. */
#include <string.h>

#include "clock.h"
#include "forward.h"
#include "http_accept.h"
#include "json_writer.h"
#include "protowire.h"
#include "wire_to_json.h"

enum {
    HEAD_AFTER_MS = 300, /* a call that was not refused by then is taken to be accepted */
    EVENT_ID_MAX = 256,
};

/* Locked. */
static void send_head(forward *f)
{
    answer_fields fields;

    fields_begin(f, &fields);
    field_add(&fields, "Content-Type", f->events ? "text/event-stream" : "application/x-ndjson");
    field_add(&fields, "X-Accel-Buffering", "no"); /* a proxy must not gather events */
    f->head_sent = true;
    f->quiet_since_ms = clock_monotonic_ms();
    http_answer_stream(f->x, &(http_head){200, fields.list, fields.count}, -1);
    if (f->events)
        http_write(f->x, "retry: 2000\n\n", 13);
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

/* Locked. One event or line into f->reply; a static sentence when it cannot be. */
static const char *write_message(forward *f, const uint8_t *bytes, size_t size)
{
    const route *found = f->match.route;
    const wire_reply reply = {
        .pool = f->gateway->options.pool, .message = found->method->output, .only = found->reply_field};
    bool framed = true;
    const char *id, *fault;
    json_writer out;
    size_t n;

    f->reply.size = 0;
    if (f->events && event_id(found->method->output, bytes, size, &id, &n))
        framed = byte_buffer_append(&f->reply, "id: ", 4) && byte_buffer_append(&f->reply, id, n) &&
                 byte_buffer_append(&f->reply, "\n", 1);
    framed = framed && byte_buffer_append_text(&f->reply, f->events ? "data: " : "{\"result\":");
    json_writer_init(&out, &f->reply);
    fault = wire_to_json(&reply, bytes, size, &f->scratch, &out);
    arena_reset(&f->scratch);
    framed = framed && byte_buffer_append_text(&f->reply, f->events ? "\n\n" : "}\n");
    return fault ? fault : framed ? NULL : "The reply is too large.";
}

static void stream_message(forward *f, const uint8_t *bytes, size_t size)
{
    if (f->settled)
        return;
    f->reply_fault = write_message(f, bytes, size);
    if (f->reply_fault) {
        rpc_raw_cancel(f->call);
        return;
    }
    if (!f->head_sent)
        send_head(f);
    f->quiet_since_ms = clock_monotonic_ms();
    f->resting = http_write(f->x, f->reply.data, f->reply.size) >= HTTP_QUEUE_HIGH;
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
static void write_last(forward *f, const rpc_answer *answer, const refusal *why)
{
    bool written;

    f->reply.size = 0;
    if (f->events)
        byte_buffer_append_text(&f->reply, "event: error\ndata: ");
    written =
        answer ? error_body_of_answer(&f->reply, f, answer, &f->scratch) : error_body_of_refusal(&f->reply, f, why);
    arena_reset(&f->scratch);
    if (written && byte_buffer_append_text(&f->reply, f->events ? "\n\n" : "\n"))
        http_write(f->x, f->reply.data, f->reply.size);
}

static const refusal unusable = {
    .http = 500, .code = SP_INTERNAL, .reason = "REPLY_UNUSABLE", .message = "A reply cannot be shown.", .field = ""};

static void stream_done(forward *f, const rpc_answer *answer)
{
    bool failed = sp_failed(answer->status) || f->reply_fault;

    if (f->settled)
        return;
    /* A browser gives up an event stream for good when it is refused, but comes again when it merely ends. */
    if (!f->head_sent && failed && !(f->events && is_unreachable(answer))) {
        if (f->reply_fault)
            answer_unusable(f, f->reply_fault);
        else
            answer_failure(f, answer);
        return;
    }
    if (!f->head_sent)
        send_head(f);
    if (failed)
        write_last(f, f->reply_fault ? NULL : answer, &unusable);
    http_finish(f->x, true);
}

void stream_fail(forward *f, const transcode_fault *fault)
{
    const refusal why = refusal_of_fault(fault);

    f->settled = true;
    write_last(f, NULL, &why);
    http_finish(f->x, true);
}

static void stream_wake(forward *f)
{
    int64_t now_ms = clock_monotonic_ms(), ping_ms = f->gateway->options.ping_ms;

    pthread_mutex_lock(&f->lock);
    if (!f->ended && !f->settled && f->call) {
        if (!f->head_sent)
            send_head(f);
        if (f->events && now_ms - f->quiet_since_ms >= ping_ms) {
            http_write(f->x, ": ping\n\n", 8);
            f->quiet_since_ms = now_ms;
        }
        if (f->events)
            http_wake_at(f->x, f->quiet_since_ms + ping_ms);
    }
    pthread_mutex_unlock(&f->lock);
}

/* Events for those who ask for them rather than for lines. */
static void stream_begin(forward *f)
{
    const char *accept = http_request_header(f->x, HTTP_ACCEPT);
    unsigned lines = http_accept_type(accept, "application/x-ndjson"),
             events = http_accept_type(accept, "text/event-stream");

    byte_buffer_init(&f->reply, f->gateway->options.memory_max);
    f->events = accept && events > 0 && events >= lines && strcasestr(accept, "text/event-stream");
    http_wake_at(f->x, clock_monotonic_ms() + HEAD_AFTER_MS);
}

const forward_output stream_output = {
    .begin = stream_begin,
    .message = stream_message,
    .done = stream_done,
    .drained = stream_drained,
    .wake = stream_wake,
};
