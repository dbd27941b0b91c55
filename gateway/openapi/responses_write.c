/* What an operation answers. */
#include "comment_text.h"
#include "error_schema.h"
#include "operation.h"
#include "schema.h"

bool operation_is_refused(const route *from)
{
    return from->method->client_streaming && (!from->raw_in || from->method->server_streaming);
}

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
    if (from->raw_out) {
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

    if (from->raw_out)
        return "The bytes themselves, under their own media type.";
    if (from->method->server_streaming)
        return "A stream: server-sent events when Accept asks for text/event-stream, else lines of JSON.";
    return *comment && ours ? arena_printf(d->memory, "%s.", comment_first_sentence(comment, d->memory)) : "The reply.";
}

static void put_success(document *d, const route *from)
{
    put_object(d, "200");
    put_text(d, "description", reply_text(d, from));
    put_ready(d, "headers", "{\"X-Request-Id\":{\"$ref\":\"#/components/headers/RequestId\"}}");
    put_content(d, from);
    json_close_object(d->out);
}

static void put_errors(document *d, const route *from)
{
    const contract_note *note = note_of(d->notes, from->method->path);
    bool open = note->caller == CALLER_ANYONE;

    error_response_put(d, "400", "InvalidRequest");
    if (!open)
        error_response_put(d, "401", "Unauthenticated");
    if (!open || !operation_only_reads(from))
        error_response_put(d, "403", "Forbidden");
    if (from->path.variable_count > 0)
        error_response_put(d, "404", "NotFound");
    if (operation_is_refused(from))
        error_response_put(d, "501", "NotForwarded");
    error_response_put(d, "default", "Failed");
}

void operation_put_responses(document *d, const binding *b)
{
    put_object(d, "responses");
    if (!operation_is_refused(b->route))
        put_success(d, b->route);
    put_errors(d, b->route);
    json_close_object(d->out);
}
