/* Errors as AIP-193 wants them in JSON. */
#include <stdio.h>
#include <string.h>

#include "forward.h"
#include "json_writer.h"
#include "protowire.h"
#include "wire_to_json.h"

enum { STATUS_DETAILS = 3 }; /* of google.rpc.Status */

static const char domain[] = "smartpass";
static const char request_info[] = "type.googleapis.com/google.rpc.RequestInfo";

unsigned http_status_of(sp_code code)
{
    switch (code) {
    case SP_OK:
        return 200;
    case SP_CANCELLED:
        return 499;
    case SP_INVALID_ARGUMENT:
    case SP_FAILED_PRECONDITION:
    case SP_OUT_OF_RANGE:
        return 400;
    case SP_UNAUTHENTICATED:
        return 401;
    case SP_PERMISSION_DENIED:
        return 403;
    case SP_NOT_FOUND:
        return 404;
    case SP_ALREADY_EXISTS:
    case SP_ABORTED:
        return 409;
    case SP_RESOURCE_EXHAUSTED:
        return 429;
    case SP_UNIMPLEMENTED:
        return 501;
    case SP_UNAVAILABLE:
        return 503;
    case SP_DEADLINE_EXCEEDED:
        return 504;
    default:
        return 500;
    }
}

bool is_unreachable(const rpc_answer *answer)
{
    return answer->status.code == SP_UNAVAILABLE && answer->details_size == 0;
}

static void member(json_writer *out, const char *name, const char *text)
{
    json_key(out, name, strlen(name));
    json_text_lossy(out, text, strlen(text));
}

/* Up to the details, which the caller writes. */
static void open_error(json_writer *out, unsigned http, const char *message, const char *status)
{
    json_open_object(out);
    json_ready_key(out, "\"error\":", 8);
    json_open_object(out);
    json_ready_key(out, "\"code\":", 7);
    json_int(out, http);
    member(out, "message", message);
    member(out, "status", status);
    json_ready_key(out, "\"details\":", 10);
    json_open_array(out);
}

static bool close_error(json_writer *out)
{
    json_close_array(out);
    json_close_object(out);
    json_close_object(out);
    return !json_failed(out);
}

static void write_error_info(json_writer *out, const refusal *why)
{
    json_open_object(out);
    member(out, "@type", "type.googleapis.com/google.rpc.ErrorInfo");
    member(out, "reason", why->reason);
    member(out, "domain", domain);
    json_ready_key(out, "\"metadata\":", 11);
    json_open_object(out);
    if (*why->field)
        member(out, why->field, why->reason);
    json_close_object(out);
    json_close_object(out);
}

static void write_violation(json_writer *out, const refusal *why)
{
    json_open_object(out);
    member(out, "@type", "type.googleapis.com/google.rpc.BadRequest");
    json_ready_key(out, "\"fieldViolations\":", 18);
    json_open_array(out);
    json_open_object(out);
    member(out, "field", why->field);
    member(out, "description", why->message);
    json_close_object(out);
    json_close_array(out);
    json_close_object(out);
}

static void write_retry(json_writer *out, int64_t retry_ms)
{
    char delay[RETRY_TEXT_MAX];

    snprintf(delay, sizeof delay, "%lld.%03llds", (long long)(retry_ms / 1000), (long long)(retry_ms % 1000));
    json_open_object(out);
    member(out, "@type", "type.googleapis.com/google.rpc.RetryInfo");
    member(out, "retryDelay", delay);
    json_close_object(out);
}

/* By which the request is found in the logs of everything that it passed. */
static void write_request_info(json_writer *out, const forward *f)
{
    json_open_object(out);
    member(out, "@type", request_info);
    member(out, "requestId", f->request_id);
    member(out, "servingData", f->trace.trace_id);
    json_close_object(out);
}

bool error_body_of_refusal(byte_buffer *out, const forward *f, const refusal *why)
{
    json_writer writer;

    json_writer_init(&writer, out);
    open_error(&writer, why->http, why->message, sp_code_name(why->code));
    write_error_info(&writer, why);
    if (*why->field)
        write_violation(&writer, why);
    if (why->retry_ms > 0)
        write_retry(&writer, why->retry_ms);
    write_request_info(&writer, f);
    return close_error(&writer);
}

/* Each detail is written aside first: one that cannot be must not spoil the answer. True when it is a RequestInfo. */
static bool write_detail(json_writer *out, const gateway *g, const protowire_field *detail, arena *memory)
{
    const wire_reply any = {.pool = g->options.pool, .message = g->any, .unknown_any_as_base64 = true};
    json_writer aside;
    byte_buffer text;

    byte_buffer_init(&text, 1 << 20);
    json_writer_init(&aside, &text);
    if (!wire_to_json(&any, detail->data, detail->size, memory, &aside))
        json_ready(out, (const char *)text.data, text.size);
    byte_buffer_done(&text);
    return memmem(detail->data, detail->size, request_info, sizeof request_info - 1) != NULL;
}

bool error_body_of_answer(byte_buffer *out, const forward *f, const rpc_answer *answer, arena *memory)
{
    protowire_reader reader = protowire_read(answer->details, answer->details_size);
    const gateway *g = f->gateway;
    protowire_field field;
    json_writer writer;
    bool identified = false;

    if (is_unreachable(answer)) {
        const refusal why = {.http = 503,
                             .code = SP_UNAVAILABLE,
                             .reason = "SERVER_UNAVAILABLE",
                             .message = "The server cannot be reached.",
                             .field = "",
                             .retry_ms = 1000};

        return error_body_of_refusal(out, f, &why);
    }
    json_writer_init(&writer, out);
    open_error(&writer, http_status_of(answer->status.code), answer->status.message, sp_code_name(answer->status.code));
    while (answer->details && g->any && protowire_next(&reader, &field))
        if (field.number == STATUS_DETAILS && field.kind == WIRE_BYTES)
            identified = write_detail(&writer, g, &field, memory) || identified;
    if (!identified)
        write_request_info(&writer, f);
    return close_error(&writer);
}
