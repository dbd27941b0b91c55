/* What an operation answers. */
#include "comment_text.h"
#include "error_schema.h"
#include "operation.h"
#include "schema.h"

static void put_reply_schema(document *d, const route *from)
{
    const contract_note *note = note_of(d->notes, from->method->output->full_name);

    if (from->reply_field)
        schema_of_field(d, from->reply_field,
                        note->members ? &note->members[from->reply_field->index] : note_of(d->notes, ""));
    else
        schema_of_message(d, from->method->output);
}

static void put_stream(document *d, const route *from, const char *media, const char *words, bool framed)
{
    put_object(d, media);
    put_object(d, "schema");
    put_text(d, "type", "string");
    put_text(d, "description", words);
    json_close_object(d->out);
    put_key(d, "x-itemSchema");
    if (framed) {
        json_open_object(d->out);
        put_text(d, "type", "object");
        put_object(d, "properties");
        put_key(d, "result");
        put_reply_schema(d, from);
        put_ready(d, "error", "{\"$ref\":\"#/components/schemas/Error/properties/error\"}");
        json_close_object(d->out);
        put_ready(d, "oneOf", "[{\"required\":[\"result\"]},{\"required\":[\"error\"]}]");
        json_close_object(d->out);
    } else {
        put_reply_schema(d, from);
    }
    json_close_object(d->out);
}

static void put_content(document *d, const route *from)
{
    put_object(d, "content");
    if (route_answers_raw(from)) {
        put_ready(d, "*/*", "{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}");
    } else if (from->method->server_streaming) {
        put_stream(d, from, "text/event-stream",
                   "Server-sent events. The data of each is JSON as `x-itemSchema` says; an event `error` with an "
                   "error ends a stream that failed; comments are signs of life.",
                   false);
        put_stream(d, from, "application/x-ndjson", "Lines of JSON, each as `x-itemSchema` says.", true);
    } else {
        put_object(d, "application/json");
        put_key(d, "schema");
        put_reply_schema(d, from);
        json_close_object(d->out);
    }
    json_close_object(d->out);
}

static const char *reply_text(document *d, const route *from)
{
    const char *name = from->method->output->full_name, *comment = note_of(d->notes, name)->comment;
    bool ours = strncmp(name, "google.", 7) != 0 && !from->reply_field;

    if (route_answers_raw(from))
        return "The bytes themselves, under their own media type.";
    if (from->method->server_streaming)
        return "A stream: server-sent events when Accept asks for text/event-stream, else lines of JSON.";
    return *comment && ours ? text_of(d, "%s.", text_or_fail(d, comment_first_sentence(comment, d->memory)))
                            : "The reply.";
}

static void put_headers(document *d, const route *from, bool part)
{
    put_object(d, "headers");
    put_ready(d, "X-Request-Id", "{\"$ref\":\"#/components/headers/RequestId\"}");
    if (route_answers_raw(from)) {
        put_ready(d, "ETag", "{\"description\":\"Other bytes have another.\",\"schema\":{\"type\":\"string\"}}");
        put_ready(d, "Accept-Ranges",
                  "{\"description\":\"`bytes` where the length is known.\",\"schema\":{\"type\":\"string\"}}");
    }
    if (part)
        put_ready(d, "Content-Range",
                  "{\"description\":\"Which bytes, and of how many.\",\"schema\":{\"type\":\"string\"}}");
    json_close_object(d->out);
}

static void put_success(document *d, const route *from)
{
    put_object(d, "200");
    put_text(d, "description", reply_text(d, from));
    put_headers(d, from, false);
    put_content(d, from);
    json_close_object(d->out);
}

/* What else a download may be answered with. */
static void put_parts(document *d, const route *from)
{
    put_object(d, "206");
    put_text(d, "description", "The bytes that Range asks for.");
    put_headers(d, from, true);
    put_content(d, from);
    json_close_object(d->out);
    put_object(d, "304");
    put_text(d, "description", "The caller has them already.");
    json_close_object(d->out);
}

static void put_errors(document *d, const route *from, bool download)
{
    method_caller caller = note_of(d->notes, from->method->path)->caller;
    bool open = caller == CALLER_ANYONE;

    error_response_put(d, "400", "InvalidRequest");
    if (!open)
        error_response_put(d, "401", "Unauthenticated");
    if (!open || !operation_only_reads(from))
        error_response_put(d, "403", "Forbidden");
    if (from->path.variable_count > 0)
        error_response_put(d, "404", "NotFound");
    if (download)
        error_response_put(d, "416", "NoSuchRange");
    if (open || caller == CALLER_UNSTATED)
        error_response_put(d, "429", "TooManyRequests");
    error_response_put(d, "default", "Failed");
}

void operation_put_responses(document *d, const binding *b)
{
    bool download = route_answers_raw(b->route) && operation_only_reads(b->route);

    put_object(d, "responses");
    put_success(d, b->route);
    if (download)
        put_parts(d, b->route);
    put_errors(d, b->route, download);
    json_close_object(d->out);
    d->downloads |= download;
    d->limited |= note_of(d->notes, b->route->method->path)->caller <= CALLER_ANYONE;
}
