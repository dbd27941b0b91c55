#include "scalar_text.h"

#include <math.h>
#include <string.h>

#include "base64.h"
#include "field_mask.h"
#include "json_number.h"
#include "text.h"
#include "time_text.h"

static const char too_large[] = "makes the request too large.";

static const char *done(bool appended)
{
    return appended ? NULL : too_large;
}

/* The reader has looked at numbers already. */
static bool is_number(text_source source, const char *text, size_t length)
{
    return source == TEXT_NUMBER || (length > 0 && number_length(text, length) == length);
}

static const char *append_signed(byte_buffer *out, field_kind kind, int64_t value)
{
    switch (kind) {
    case FIELD_SINT32:
    case FIELD_SINT64:
        return done(protowire_add_varint(out, zigzag_encode(value)));
    case FIELD_SFIXED32:
        return done(protowire_add_fixed(out, (uint64_t)value, 4));
    case FIELD_SFIXED64:
        return done(protowire_add_fixed(out, (uint64_t)value, 8));
    default:
        return done(protowire_add_varint(out, (uint64_t)value));
    }
}

static const char *from_signed(byte_buffer *out, field_kind kind, text_source source, const char *text, size_t length)
{
    bool wide = kind == FIELD_INT64 || kind == FIELD_SINT64 || kind == FIELD_SFIXED64;
    int64_t value;

    if (!is_number(source, text, length) || !number_to_int64(text, length, &value))
        return wide ? "must be a whole number of 64 bits." : "must be a whole number of 32 bits.";
    if (!wide && (value < INT32_MIN || value > INT32_MAX))
        return "must be a whole number of 32 bits.";
    return append_signed(out, kind, value);
}

static const char *from_unsigned(byte_buffer *out, field_kind kind, text_source source, const char *text, size_t length)
{
    bool wide = kind == FIELD_UINT64 || kind == FIELD_FIXED64;
    uint64_t value;

    if (!is_number(source, text, length) || !number_to_uint64(text, length, &value) || (!wide && value > UINT32_MAX))
        return wide ? "must be a whole number of 64 bits, not negative."
                    : "must be a whole number of 32 bits, not negative.";
    if (kind == FIELD_FIXED32 || kind == FIELD_FIXED64)
        return done(protowire_add_fixed(out, value, wide ? 8 : 4));
    return done(protowire_add_varint(out, value));
}

static bool is(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool special_float(const char *text, size_t length, double *ret_value)
{
    if (is(text, length, "NaN"))
        *ret_value = (double)NAN;
    else if (is(text, length, "Infinity"))
        *ret_value = (double)INFINITY;
    else if (is(text, length, "-Infinity"))
        *ret_value = -(double)INFINITY;
    else
        return false;
    return true;
}

static const char *from_double(byte_buffer *out, text_source source, const char *text, size_t length)
{
    uint64_t bits;
    double value;

    if ((source == TEXT_NUMBER || !special_float(text, length, &value)) &&
        (!is_number(source, text, length) || !number_to_double(text, length, &value)))
        return "must be a number.";
    memcpy(&bits, &value, sizeof bits);
    return done(protowire_add_fixed(out, bits, 8));
}

static const char *from_float(byte_buffer *out, text_source source, const char *text, size_t length)
{
    double special;
    uint32_t bits;
    float value;

    if (source != TEXT_NUMBER && special_float(text, length, &special))
        value = (float)special;
    else if (!is_number(source, text, length) || !number_to_float(text, length, &value))
        return "must be a number of 32 bits.";
    memcpy(&bits, &value, sizeof bits);
    return done(protowire_add_fixed(out, bits, 4));
}

static const char *from_enum(byte_buffer *out, const enum_type *type, text_source source, const char *text,
                             size_t length)
{
    const enum_value *value = source == TEXT_NUMBER ? NULL : enum_value_by_name(type, text, length);
    int64_t number;

    if (value)
        return append_signed(out, FIELD_INT32, value->number);
    if (source == TEXT_STRING || !is_number(source, text, length) || !number_to_int64(text, length, &number) ||
        number < INT32_MIN || number > INT32_MAX)
        return "must be one of the enum's names, or a number.";
    return append_signed(out, FIELD_INT32, number);
}

static const char *from_bool(byte_buffer *out, text_source source, const char *text, size_t length)
{
    bool yes = is(text, length, "true");

    if (source != TEXT_PARAMETER || (!yes && !is(text, length, "false")))
        return "must be true or false.";
    return done(protowire_add_varint(out, yes));
}

static const char *from_string(byte_buffer *out, text_source source, const char *text, size_t length)
{
    if (source == TEXT_NUMBER)
        return "must be a string.";
    if (source == TEXT_PARAMETER && !utf8_is_valid(text, length))
        return "must be UTF-8 without NUL.";
    return done(protowire_add_varint(out, length) && byte_buffer_append(out, text, length));
}

static const char *from_base64(byte_buffer *out, text_source source, const char *text, size_t length)
{
    size_t size = base64_size(text, &length);
    uint8_t *room;

    if (!protowire_add_varint(out, size))
        return too_large;
    room = byte_buffer_reserve(out, size);
    if (!room)
        return too_large;
    if (source == TEXT_NUMBER || !base64_read(text, length, room))
        return "must be base64.";
    out->size += size;
    return NULL;
}

const char *scalar_from_text(byte_buffer *out, const field_type *field, text_source source, const char *text,
                             size_t length)
{
    switch (field->kind) {
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_SINT32:
    case FIELD_SINT64:
    case FIELD_SFIXED32:
    case FIELD_SFIXED64:
        return from_signed(out, field->kind, source, text, length);
    case FIELD_UINT32:
    case FIELD_UINT64:
    case FIELD_FIXED32:
    case FIELD_FIXED64:
        return from_unsigned(out, field->kind, source, text, length);
    case FIELD_FLOAT:
        return from_float(out, source, text, length);
    case FIELD_DOUBLE:
        return from_double(out, source, text, length);
    case FIELD_BOOL:
        return from_bool(out, source, text, length);
    case FIELD_STRING:
        return from_string(out, source, text, length);
    case FIELD_BYTES:
        return from_base64(out, source, text, length);
    case FIELD_ENUM:
        return from_enum(out, field->enumeration, source, text, length);
    default:
        return "must be an object.";
    }
}

static const char *append_seconds(byte_buffer *out, int64_t seconds, int32_t nanos)
{
    bool appended = true;

    if (seconds)
        appended = protowire_add_tag(out, 1, WIRE_VARINT) && protowire_add_varint(out, (uint64_t)seconds);
    if (nanos)
        appended =
            appended && protowire_add_tag(out, 2, WIRE_VARINT) && protowire_add_varint(out, (uint64_t)(int64_t)nanos);
    return done(appended);
}

const char *message_from_text(byte_buffer *out, message_form form, const char *text, size_t length)
{
    int64_t seconds;
    int32_t nanos;

    switch (form) {
    case MESSAGE_TIMESTAMP:
        if (!timestamp_from_text(text, length, &seconds, &nanos))
            return "must be a time like \"2026-01-31T08:00:00Z\".";
        return append_seconds(out, seconds, nanos);
    case MESSAGE_DURATION:
        if (!duration_from_text(text, length, &seconds, &nanos))
            return "must be a duration like \"1.5s\".";
        return append_seconds(out, seconds, nanos);
    case MESSAGE_FIELD_MASK:
        if (!field_mask_from_text(out, text, length))
            return "must be field names with commas, like \"name,photoId\".";
        return NULL;
    default:
        return "must be an object.";
    }
}
