/* Answers that are whole: replies, failures, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "log.h"
#include "session_cookie.h"

enum { ERROR_BODY_MAX = 1 << 20, FIELDS_MAX = 8 };

static void send_answer(forward *f, unsigned status, const http_field *fields, size_t count, byte_buffer *bytes)
{
    http_head head = {status, fields, count};

    http_answer_take(f->x, &head, bytes->data, bytes->size);
    *bytes = (byte_buffer){.cap = bytes->cap};
}

/* Nothing but the status, when there is no memory for more. */
static void send_bare(forward *f, unsigned status)
{
    byte_buffer nothing = {.cap = 0};

    send_answer(f, status, NULL, 0, &nothing);
}

void answer_refusal(forward *f, const refusal *why)
{
    http_field fields[FIELDS_MAX] = {{"Content-Type", "application/json"}, {"X-Request-Id", f->request_id}};
    size_t count = 2;
    byte_buffer body;

    f->shape = NULL;
    byte_buffer_init(&body, ERROR_BODY_MAX);
    if (!error_body_of_refusal(&body, why)) {
        byte_buffer_done(&body);
        send_bare(f, why->http);
        return;
    }
    if (why->allow)
        fields[count++] = (http_field){"Allow", why->allow};
    if (why->http == 503)
        fields[count++] = (http_field){"Retry-After", "1"};
    send_answer(f, why->http, fields, count, &body);
}

void answer_fault(forward *f, const transcode_fault *fault)
{
    const refusal why = {
        .http = fault->kind == FAULT_TOO_LARGE ? 413 : 400,
        .code = fault->kind == FAULT_TOO_LARGE ? SP_OUT_OF_RANGE : SP_INVALID_ARGUMENT,
        .reason = fault_reason(fault->kind),
        .message = fault->message,
        .field = fault->where,
    };

    answer_refusal(f, &why);
}

void answer_unusable(forward *f, const char *fault)
{
    const refusal why = {500, SP_INTERNAL, "REPLY_UNUSABLE", "The server's reply cannot be shown.", "", NULL};

    log_write(LOG_ERROR, "a reply cannot be written as JSON", "method", f->match.route->method->path, "fault", fault,
              "request", f->request_id, NULL);
    answer_refusal(f, &why);
}

static size_t common_fields(forward *f, const rpc_answer *answer, const char *content_type, http_field *fields)
{
    const char *cookie = session_cookie_write(answer, http_is_secure(f->x), http_arena(f->x));
    size_t count = 0;

    fields[count++] = (http_field){"Content-Type", content_type};
    fields[count++] = (http_field){"X-Request-Id", f->request_id};
    if (cookie)
        fields[count++] = (http_field){"Set-Cookie", cookie};
    return count;
}

void answer_failure(forward *f, const rpc_answer *answer)
{
    http_field fields[FIELDS_MAX];
    size_t count = common_fields(f, answer, "application/json", fields);
    unsigned status = http_status_of(answer->status.code);
    byte_buffer body;

    byte_buffer_init(&body, ERROR_BODY_MAX);
    if (!error_body_of_answer(&body, f->gateway, answer, http_arena(f->x))) {
        byte_buffer_done(&body);
        send_bare(f, status);
        return;
    }
    if (status == 503)
        fields[count++] = (http_field){"Retry-After", "1"};
    send_answer(f, status, fields, count, &body);
}

void answer_json(forward *f, const rpc_answer *answer)
{
    http_field fields[FIELDS_MAX];
    size_t count = common_fields(f, answer, "application/json", fields);

    send_answer(f, 200, fields, count, &f->json);
}

/* A page that was uploaded must not act in the console's name, should a browser ever show it. */
const char raw_policy[] = "default-src 'none'; frame-ancestors 'none'; sandbox";

void answer_raw(forward *f, const rpc_answer *answer)
{
    http_field fields[FIELDS_MAX];
    size_t count = common_fields(f, answer, f->reply_type, fields);

    fields[count++] = (http_field){"Content-Security-Policy", raw_policy};
    send_answer(f, 200, fields, count, &f->json);
}

const char *content_type_of(arena *memory, const char *text, size_t length)
{
    enum { CONTENT_TYPE_MAX = 128 };
    const char *copy = NULL;
    size_t printable = 0;

    while (printable < length && text[printable] >= ' ' && text[printable] < 0x7f)
        printable++;
    if (length > 0 && length <= CONTENT_TYPE_MAX && printable == length && memchr(text, '/', length))
        copy = arena_copy(memory, text, length);
    return copy ? copy : "application/octet-stream";
}
