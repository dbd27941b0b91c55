/* Answers that are whole: replies, failures, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "http_accept.h"
#include "log.h"
#include "session_cookie.h"

enum { ERROR_BODY_MAX = 1 << 20 };

/* ---- Fields ---- */

void field_add(answer_fields *fields, const char *name, const char *value)
{
    if (value && fields->count < sizeof fields->list / sizeof *fields->list)
        fields->list[fields->count++] = (http_field){name, value};
}

/* What makes answers to the same request differ, for caches. */
static const char *varies_by(const gateway *g)
{
    if (g->options.cors.origins)
        return g->compressors ? "Origin, Accept-Encoding" : "Origin";
    return g->compressors ? "Accept-Encoding" : NULL;
}

void fields_begin(const forward *f, answer_fields *fields)
{
    fields->count = 0;
    field_add(fields, "X-Request-Id", f->request_id);
    field_add(fields, "Vary", varies_by(f->gateway));
    if (f->origin)
        fields->count += cors_fields(&f->gateway->options.cors, f->origin, &fields->list[fields->count]);
}

/* ---- Sending ---- */

static void send_answer(forward *f, unsigned status, const answer_fields *fields, byte_buffer *bytes)
{
    http_head head = {status, fields->list, fields->count};

    http_answer_take(f->x, &head, bytes->data, bytes->size);
    *bytes = (byte_buffer){.cap = bytes->cap};
}

/* JSON, compressed for those who ask for it when that is worth it. */
static void send_json(forward *f, unsigned status, answer_fields *fields, byte_buffer *bytes)
{
    compressors *set = f->gateway->compressors;

    field_add(fields, "Content-Type", "application/json");
    if (set && bytes->size >= COMPRESS_FROM &&
        http_accept_coding(http_request_header(f->x, HTTP_ACCEPT_ENCODING), "gzip") > 0 && compress_bytes(set, bytes))
        field_add(fields, "Content-Encoding", "gzip");
    send_answer(f, status, fields, bytes);
}

/* Nothing but the status, when there is no memory for more. */
static void send_bare(forward *f, unsigned status)
{
    answer_fields fields;

    fields_begin(f, &fields);
    send_answer(f, status, &fields, &(byte_buffer){.cap = 0});
}

/* ---- Refusals ---- */

/* Whole seconds, upwards. */
static const char *retry_text(const refusal *why, char text[RETRY_TEXT_MAX])
{
    int64_t seconds = (why->retry_ms + 999) / 1000;

    if (why->http == 503 && seconds == 0)
        seconds = 1;
    snprintf(text, RETRY_TEXT_MAX, "%lld", (long long)seconds);
    return seconds > 0 ? text : NULL;
}

void answer_refusal(forward *f, const refusal *why)
{
    char retry[RETRY_TEXT_MAX], range[RETRY_TEXT_MAX + 16];
    answer_fields fields;
    byte_buffer body;

    f->input = NULL;
    byte_buffer_init(&body, ERROR_BODY_MAX);
    if (!error_body_of_refusal(&body, f, why)) {
        byte_buffer_done(&body);
        send_bare(f, why->http);
        return;
    }
    fields_begin(f, &fields);
    field_add(&fields, "Allow", why->allow);
    field_add(&fields, "Retry-After", retry_text(why, retry));
    if (why->http == 416) {
        snprintf(range, sizeof range, "bytes */%lld", (long long)why->body_size);
        field_add(&fields, "Content-Range", range);
    }
    send_json(f, why->http, &fields, &body);
}

void answer_refuse(forward *f, unsigned http, sp_code code, const char *reason, const char *message)
{
    const refusal why = {.http = http, .code = code, .reason = reason, .message = message, .field = ""};

    answer_refusal(f, &why);
}

void answer_beyond(forward *f)
{
    const refusal why = {.http = 416,
                         .code = SP_OUT_OF_RANGE,
                         .reason = "RANGE_BEYOND_END",
                         .message = "The body has no such range.",
                         .field = "",
                         .body_size = f->reply_state.size};

    answer_refusal(f, &why);
}

void answer_no_memory(forward *f)
{
    answer_refuse(f, 500, SP_INTERNAL, "NO_MEMORY", "The gateway has no memory left.");
}

refusal refusal_of_fault(const transcode_fault *fault)
{
    bool large = fault->kind == FAULT_TOO_LARGE;

    return (refusal){
        .http = large ? 413 : 400,
        .code = large ? SP_OUT_OF_RANGE : SP_INVALID_ARGUMENT,
        .reason = fault_reason(fault->kind),
        .message = fault->message,
        .field = fault->where,
    };
}

void answer_fault(forward *f, const transcode_fault *fault)
{
    const refusal why = refusal_of_fault(fault);

    answer_refusal(f, &why);
}

void answer_unusable(forward *f, const char *fault)
{
    log_write(LOG_ERROR, "a reply cannot be written as JSON", "method", f->match.route->method->path, "fault", fault,
              "request", f->request_id, "trace", f->trace.trace_id, NULL);
    answer_refuse(f, 500, SP_INTERNAL, "REPLY_UNUSABLE", "The server's reply cannot be shown.");
}

/* ---- What a call answered ---- */

static void answer_begin(forward *f, const rpc_answer *answer, answer_fields *fields)
{
    fields_begin(f, fields);
    field_add(fields, "Set-Cookie", session_cookie_write(answer, http_is_secure(f->x), http_arena(f->x)));
}

void answer_failure(forward *f, const rpc_answer *answer)
{
    unsigned status = http_status_of(answer->status.code);
    answer_fields fields;
    byte_buffer body;

    answer_begin(f, answer, &fields);
    byte_buffer_init(&body, ERROR_BODY_MAX);
    if (!error_body_of_answer(&body, f, answer, http_arena(f->x))) {
        byte_buffer_done(&body);
        send_bare(f, status);
        return;
    }
    if (status == 503)
        field_add(&fields, "Retry-After", "1");
    send_json(f, status, &fields, &body);
}

void answer_json(forward *f, const rpc_answer *answer)
{
    answer_fields fields;

    answer_begin(f, answer, &fields);
    send_json(f, 200, &fields, &f->reply);
}

void answer_raw(forward *f, const rpc_answer *answer)
{
    answer_fields fields;
    unsigned status;

    answer_begin(f, answer, &fields);
    status = raw_fields(f, &fields);
    if (status == 416) {
        answer_beyond(f);
        return;
    }
    if (status == 304)
        f->reply.size = 0;
    if (status == 206) {
        f->reply.size = (size_t)f->wish.last + 1;
        byte_buffer_drop(&f->reply, (size_t)f->wish.first);
    }
    send_answer(f, status, &fields, &f->reply);
}
