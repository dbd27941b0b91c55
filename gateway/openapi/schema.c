#include "schema.h"

#include "component.h"
#include "schema_type.h"

/* ---- A field ---- */

static bool is_map_key_text(const field_type *key)
{
    return key->kind == FIELD_STRING;
}

static void put_map(document *d, const field_type *field)
{
    const field_type *key = message_field_by_number(field->message, 1);
    const field_type *value = message_field_by_number(field->message, 2);

    put_text(d, "type", "object");
    if (key && key->kind == FIELD_BOOL)
        put_ready(d, "propertyNames", "{\"enum\":[\"true\",\"false\"]}");
    else if (key && !is_map_key_text(key))
        put_ready(d, "propertyNames", "{\"pattern\":\"^-?[0-9]{1,20}$\"}");
    put_object(d, "additionalProperties");
    if (value)
        schema_put_type(d, value);
    json_close_object(d->out);
}

/* A text of n bytes has at most n characters; n bytes in base64 have a fixed length. */
static void put_length_limit(document *d, const field_type *field, const contract_note *note, bool filled)
{
    int64_t most = note->max_bytes;

    if (field->kind != FIELD_STRING && field->kind != FIELD_BYTES)
        return;
    if (filled)
        put_int(d, "minLength", 1);
    if (most == 0)
        return;
    put_int(d, "maxLength", field->kind == FIELD_BYTES ? (most + 2) / 3 * 4 : most);
    put_int(d, "x-max-bytes", most);
}

static void put_list(document *d, const field_type *field, const contract_note *note)
{
    put_text(d, "type", "array");
    put_object(d, "items");
    schema_put_type(d, field);
    put_length_limit(d, field, note, false);
    json_close_object(d->out);
    if (note->required)
        put_int(d, "minItems", 1);
    if (note->max_items)
        put_int(d, "maxItems", note->max_items);
}

static const char *limit_text(document *d, const field_type *field, const contract_note *note)
{
    const char *text = "";

    if (note->max_bytes && field->kind == FIELD_STRING)
        text = text_of(d, "At most %u bytes of UTF-8%s.", note->max_bytes, field->repeated ? " each" : "");
    else if (note->max_bytes && field->kind == FIELD_BYTES)
        text = text_of(d, "At most %u bytes%s.", note->max_bytes, field->repeated ? " each" : "");
    return text;
}

const char *schema_field_text(document *d, const field_type *field, const contract_note *note)
{
    const char *limits = limit_text(d, field, note);
    bool optional = field->has_presence && !field->message && field->oneof < 0;

    return paragraphs(d, paragraphs(d, note->comment, limits), optional ? "Absent when it is not set." : "");
}

static void put_field_type(document *d, const field_type *field, const contract_note *note)
{
    if (field->map) {
        put_map(d, field);
        if (note->max_items)
            put_int(d, "maxProperties", note->max_items);
    } else if (field->repeated) {
        put_list(d, field, note);
    } else {
        schema_put_type(d, field);
        put_length_limit(d, field, note, note->required);
    }
}

void schema_of_field(document *d, const field_type *field, const contract_note *note)
{
    json_open_object(d->out);
    put_field_type(d, field, note);
    put_text_if(d, "description", schema_field_text(d, field, note));
    put_true_if(d, "deprecated", note->deprecated);
    put_true_if(d, "readOnly", note->read_only);
    put_true_if(d, "writeOnly", note->write_only);
    json_close_object(d->out);
}

void schema_of_parameter(document *d, const field_type *field, const contract_note *note)
{
    json_open_object(d->out);
    put_field_type(d, field, note);
    json_close_object(d->out);
}

/* ---- A message ---- */

static bool is_of_oneof(const field_type *field, size_t oneof)
{
    return field->oneof >= 0 && (size_t)field->oneof == oneof;
}

static size_t count_choices(const message_type *message, size_t oneof)
{
    size_t count = 0;

    for (size_t i = 0; i < message->count; i++)
        count += is_of_oneof(&message->fields[i], oneof);
    return count;
}

static void put_choice_required(document *d, const field_type *field)
{
    put_array(d, "required");
    put_value(d, field->json_name);
    json_close_array(d->out);
}

/* One of the members, or none of them. */
static void put_oneof(document *d, const message_type *message, size_t oneof, const char *name)
{
    put_array(d, "oneOf");
    for (size_t i = 0; i < message->count; i++) {
        if (!is_of_oneof(&message->fields[i], oneof))
            continue;
        json_open_object(d->out);
        put_text(d, "title", message->fields[i].json_name);
        put_choice_required(d, &message->fields[i]);
        json_close_object(d->out);
    }
    json_open_object(d->out);
    put_text(d, "title", text_of(d, "no %s", name));
    put_object(d, "not");
    put_array(d, "anyOf");
    for (size_t i = 0; i < message->count; i++) {
        if (!is_of_oneof(&message->fields[i], oneof))
            continue;
        json_open_object(d->out);
        put_choice_required(d, &message->fields[i]);
        json_close_object(d->out);
    }
    json_close_array(d->out);
    json_close_object(d->out);
    json_close_object(d->out);
    json_close_array(d->out);
}

static void put_oneofs(document *d, const message_type *message, const contract_note *note)
{
    bool open = false;

    for (size_t i = 0; i < message->oneof_count && note->oneofs; i++) {
        if (count_choices(message, i) < 2)
            continue;
        if (!open)
            put_array(d, "allOf");
        open = true;
        json_open_object(d->out);
        put_text_if(d, "description", note->oneofs[i].comment);
        put_oneof(d, message, i, note->oneofs[i].name);
        json_close_object(d->out);
    }
    if (open)
        json_close_array(d->out);
}

static const contract_note *note_of_field(const contract_note *message, const field_type *field)
{
    static const contract_note nothing = {.comment = "", .name = "", .package = "", .permission = "", .audit = ""};

    return message->members ? &message->members[field->index] : &nothing;
}

static void put_properties(document *d, const message_type *message, bool (*wanted)(const void *, const field_type *),
                           const void *context)
{
    const contract_note *note = note_of(d->notes, message->full_name);

    put_object(d, "properties");
    for (size_t i = 0; i < message->count; i++) {
        const field_type *field = &message->fields[i];

        if (wanted && !wanted(context, field))
            continue;
        put_key(d, field->json_name);
        schema_of_field(d, field, note_of_field(note, field));
    }
    json_close_object(d->out);
}

/* Of an answer: every field that is printed even when it is unset. */
static bool is_required(const field_type *field, const contract_note *note, bool answer)
{
    return note->required || (answer && !field->has_presence);
}

static void put_required(document *d, const message_type *message, bool answer,
                         bool (*wanted)(const void *, const field_type *), const void *context)
{
    const contract_note *note = note_of(d->notes, message->full_name);
    bool open = false;

    for (size_t i = 0; i < message->count; i++) {
        const field_type *field = &message->fields[i];

        if ((wanted && !wanted(context, field)) || !is_required(field, note_of_field(note, field), answer))
            continue;
        if (!open)
            put_array(d, "required");
        open = true;
        put_value(d, field->json_name);
    }
    if (open)
        json_close_array(d->out);
}

bool schema_needs_fields(document *d, const message_type *message)
{
    const contract_note *note = note_of(d->notes, message->full_name);

    for (size_t i = 0; i < message->count; i++)
        if (note_of_field(note, &message->fields[i])->required)
            return true;
    return false;
}

void schema_of_some_fields(document *d, const message_type *message, bool (*wanted)(const void *, const field_type *),
                           const void *context)
{
    json_open_object(d->out);
    put_text(d, "type", "object");
    put_properties(d, message, wanted, context);
    put_required(d, message, false, wanted, context);
    json_close_object(d->out);
}

void schema_put_members(document *d, const message_type *message, bool answer_only)
{
    put_properties(d, message, NULL, NULL);
    put_required(d, message, answer_only, NULL, NULL);
    put_oneofs(d, message, note_of(d->notes, message->full_name));
}

void schema_of_message(document *d, const message_type *message)
{
    json_open_object(d->out);
    schema_put_message(d, message);
    json_close_object(d->out);
}
