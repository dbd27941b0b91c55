/* What an operation takes as its body. */
#include "operation.h"
#include "schema.h"

bool operation_body_has(const route *from, const field_type *field)
{
    for (size_t i = 0; i < from->path.variable_count; i++)
        if (from->variables[i].depth == 1 && from->variables[i].field[0] == field)
            return false;
    return true;
}

static bool is_left_to_body(const void *context, const field_type *field)
{
    return operation_body_has(context, field);
}

bool operation_body_is_partial(const route *from)
{
    for (size_t i = 0; i < from->path.variable_count; i++)
        if (from->variables[i].depth == 1)
            return true;
    return false;
}

static const contract_note *note_of_body_field(document *d, const route *from)
{
    const contract_note *note = note_of(d->notes, from->method->input->full_name);

    return note->members ? &note->members[from->body_field->index] : note_of(d->notes, "");
}

static bool is_body_required(document *d, const route *from)
{
    if (route_takes_raw(from) || from->method->client_streaming)
        return true;
    return from->body == BODY_FIELD ? note_of_body_field(d, from)->required
                                    : schema_needs_fields(d, from->method->input);
}

static const char binary[] = "{\"type\":\"string\",\"format\":\"binary\"}";

static void put_media(document *d, const char *type, const char *schema)
{
    put_object(d, type);
    put_ready(d, "schema", schema);
    json_close_object(d->out);
}

/* A form brings the same bytes as a file. */
static void put_raw(document *d, const route *from)
{
    put_media(d, "application/octet-stream", binary);
    put_media(d, "*/*", binary);
    put_object(d, "multipart/form-data");
    put_object(d, "schema");
    put_text(d, "type", "object");
    put_object(d, "properties");
    put_ready(d, from->raw_in ? "file" : from->body_field->json_name, binary);
    json_close_object(d->out);
    json_close_object(d->out);
    json_close_object(d->out);
}

static void put_body_schema(document *d, const route *from)
{
    if (from->body == BODY_FIELD)
        schema_of_field(d, from->body_field, note_of_body_field(d, from));
    else if (operation_body_is_partial(from))
        schema_of_some_fields(d, from->method->input, is_left_to_body, from);
    else
        schema_of_message(d, from->method->input);
}

static void put_lines(document *d, const route *from)
{
    put_object(d, "application/x-ndjson");
    put_ready(d, "schema", "{\"type\":\"string\",\"description\":\"Lines of JSON, each as `x-itemSchema` says.\"}");
    put_key(d, "x-itemSchema");
    put_body_schema(d, from);
    json_close_object(d->out);
}

static void put_json(document *d, const route *from)
{
    put_object(d, "application/json");
    put_key(d, "schema");
    put_body_schema(d, from);
    json_close_object(d->out);
}

void operation_put_body(document *d, const binding *b)
{
    const route *from = b->route;

    if (from->body == BODY_NONE)
        return;
    put_object(d, "requestBody");
    if (route_takes_raw(from))
        put_text(d, "description", "The bytes themselves, under their own media type, or as the file of a form.");
    put_true_if(d, "required", is_body_required(d, from));
    put_object(d, "content");
    if (route_takes_raw(from))
        put_raw(d, from);
    else if (from->method->client_streaming)
        put_lines(d, from);
    else
        put_json(d, from);
    json_close_object(d->out);
    json_close_object(d->out);
}
