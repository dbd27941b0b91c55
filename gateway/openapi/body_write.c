/* What an operation takes as its body. */
#include "operation.h"
#include "schema.h"

static bool is_given_by_path(const route *from, const field_type *field)
{
    for (size_t i = 0; i < from->path.variable_count; i++)
        if (from->variables[i].depth == 1 && from->variables[i].field[0] == field)
            return true;
    return false;
}

static bool is_left_to_body(const void *context, const field_type *field)
{
    return !is_given_by_path(context, field);
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
    if (from->raw_in)
        return true;
    return from->body == BODY_FIELD ? note_of_body_field(d, from)->required
                                    : schema_needs_fields(d, from->method->input);
}

static void put_raw(document *d)
{
    put_text(d, "description", "The bytes themselves, under their own media type.");
    put_object(d, "content");
    put_ready(d, "application/octet-stream", "{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}");
    put_ready(d, "*/*", "{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}");
    json_close_object(d->out);
}

static void put_json(document *d, const route *from)
{
    put_object(d, "content");
    put_object(d, "application/json");
    put_key(d, "schema");
    if (from->body == BODY_FIELD)
        schema_of_field(d, from->body_field, note_of_body_field(d, from));
    else if (operation_body_is_partial(from))
        schema_of_some_fields(d, from->method->input, is_left_to_body, from);
    else
        schema_of_message(d, from->method->input);
    json_close_object(d->out);
    json_close_object(d->out);
}

void operation_put_body(document *d, const binding *b)
{
    const route *from = b->route;

    if (from->body == BODY_NONE)
        return;
    put_object(d, "requestBody");
    put_true_if(d, "required", is_body_required(d, from));
    if (from->raw_in)
        put_raw(d);
    else
        put_json(d, from);
    json_close_object(d->out);
}
