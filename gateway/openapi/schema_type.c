#include "schema_type.h"

#include "schema.h"

typedef struct {
    const char *type, *format, *pattern, *example;
} scalar_form;

/* 64-bit integers are strings, because JavaScript's numbers are not that exact. */
static scalar_form form_of(field_kind kind)
{
    switch (kind) {
    case FIELD_INT32:
    case FIELD_SINT32:
    case FIELD_SFIXED32:
        return (scalar_form){.type = "integer", .format = "int32"};
    case FIELD_UINT32:
    case FIELD_FIXED32:
        return (scalar_form){.type = "integer", .format = "uint32"};
    case FIELD_INT64:
    case FIELD_SINT64:
    case FIELD_SFIXED64:
        return (scalar_form){"string", "int64", "^-?[0-9]{1,19}$", "42"};
    case FIELD_UINT64:
    case FIELD_FIXED64:
        return (scalar_form){"string", "uint64", "^[0-9]{1,20}$", "42"};
    case FIELD_BOOL:
        return (scalar_form){.type = "boolean"};
    default:
        return (scalar_form){.type = "string"};
    }
}

static void put_examples(document *d, const char *example)
{
    put_array(d, "examples");
    put_value(d, example);
    json_close_array(d->out);
}

static void put_type(document *d, const char *type, bool nullable)
{
    if (!nullable) {
        put_text(d, "type", type);
        return;
    }
    put_array(d, "type");
    put_value(d, type);
    put_value(d, "null");
    json_close_array(d->out);
}

/* JSON has no infinities: they are spelt out. */
static void put_floating(document *d, field_kind kind, bool nullable)
{
    put_array(d, "anyOf");
    json_open_object(d->out);
    put_type(d, "number", nullable);
    put_text(d, "format", kind == FIELD_DOUBLE ? "double" : "float");
    json_close_object(d->out);
    json_open_object(d->out);
    put_text(d, "type", "string");
    put_ready(d, "enum", "[\"NaN\",\"Infinity\",\"-Infinity\"]");
    json_close_object(d->out);
    json_close_array(d->out);
}

static void put_scalar(document *d, field_kind kind, bool nullable)
{
    scalar_form form = form_of(kind);

    if (kind == FIELD_DOUBLE || kind == FIELD_FLOAT) {
        put_floating(d, kind, nullable);
        return;
    }
    put_type(d, form.type, nullable);
    if (form.format)
        put_text(d, "format", form.format);
    if (kind == FIELD_UINT32 || kind == FIELD_FIXED32) {
        put_int(d, "minimum", 0);
        put_int(d, "maximum", UINT32_MAX);
    }
    if (kind == FIELD_BYTES)
        put_text(d, "contentEncoding", "base64");
    if (form.pattern)
        put_text(d, "pattern", form.pattern);
    if (form.example)
        put_examples(d, form.example);
}

static void put_reference(document *d, const char *full_name)
{
    put_text(d, "$ref", text_of(d, "#/components/schemas/%s", schema_name(d, full_name)));
}

static void put_any(document *d)
{
    put_text(d, "type", "object");
    put_ready(d, "properties",
              "{\"@type\":{\"type\":\"string\",\"description\":\"The type of the message that this object holds, "
              "after the last slash of a URL.\",\"examples\":[\"type.googleapis.com/google.rpc.ErrorInfo\"]}}");
    put_ready(d, "required", "[\"@type\"]");
    put_ready(d, "additionalProperties", "true");
}

static void put_string_of(document *d, const char *format, const char *pattern, const char *example)
{
    put_text(d, "type", "string");
    if (format)
        put_text(d, "format", format);
    if (pattern)
        put_text(d, "pattern", pattern);
    if (example)
        put_examples(d, example);
}

void schema_put_message(document *d, const message_type *message)
{
    switch (message->form) {
    case MESSAGE_ANY:
        put_any(d);
        break;
    case MESSAGE_DURATION:
        put_string_of(d, NULL, "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$", "1.5s");
        break;
    case MESSAGE_FIELD_MASK:
        put_string_of(d, "field-mask", NULL, NULL);
        break;
    case MESSAGE_LIST_VALUE:
        put_text(d, "type", "array");
        put_ready(d, "items", "{}");
        break;
    case MESSAGE_STRUCT:
        put_text(d, "type", "object");
        put_ready(d, "additionalProperties", "true");
        break;
    case MESSAGE_TIMESTAMP:
        put_string_of(d, "date-time", NULL, "2026-01-31T08:30:00Z");
        break;
    case MESSAGE_VALUE: /* anything at all */
        break;
    case MESSAGE_WRAPPER:
        put_scalar(d, message->fields[0].kind, true);
        break;
    case MESSAGE_PLAIN:
        put_reference(d, message->full_name);
        break;
    }
}

void schema_put_type(document *d, const field_type *field)
{
    if (field->message)
        schema_put_message(d, field->message);
    else if (field->enumeration && field->enumeration->null_value)
        put_text(d, "type", "null");
    else if (field->enumeration)
        put_reference(d, field->enumeration->full_name);
    else
        put_scalar(d, field->kind, false);
}

bool schema_is_component(const message_type *message)
{
    return message->form == MESSAGE_PLAIN;
}
