/* Replies: the messages that JSON writes in a form of their own. */
#include <math.h>
#include <string.h>

#include "field_mask.h"
#include "time_text.h"
#include "wire_decoder.h"

enum { FIRST_FIELD = 1, VALUE_NUMBER = 2, ANY_VALUE = 2 };

/* Timestamp and Duration: seconds 1, nanos 2. */
static bool write_time(wire_decoder *decoder, message_form form, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field met;
    int64_t seconds = 0;
    int32_t nanos = 0;
    char text[TIME_TEXT_MAX];
    size_t length;

    while (protowire_next(&reader, &met)) {
        if (met.kind != WIRE_VARINT)
            continue;
        if (met.number == 1)
            seconds = (int64_t)met.value;
        else if (met.number == 2)
            nanos = (int32_t)met.value;
    }
    if (reader.bad)
        return decode_fail(decoder, wire_malformed);
    if (form == MESSAGE_TIMESTAMP)
        length = timestamp_to_text(seconds, nanos, text);
    else
        length = duration_to_text(seconds, nanos, text);
    if (length == 0)
        return decode_fail(decoder, "A time is out of range.");
    json_text(decoder->out, text, length);
    return true;
}

static bool write_field_mask(wire_decoder *decoder, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field path;
    byte_buffer text;
    bool fine = true;

    byte_buffer_init(&text, size + 1);
    while (fine && protowire_next(&reader, &path)) {
        if (path.number != FIRST_FIELD || path.kind != WIRE_BYTES)
            continue;
        if (text.size > 0)
            fine = byte_buffer_append(&text, ",", 1);
        fine = fine && field_mask_path_to_text(&text, path.data, path.size);
    }
    if (fine && reader.bad)
        fine = decode_fail(decoder, wire_malformed);
    if (fine)
        json_text(decoder->out, text.data ? (const char *)text.data : "", text.size);
    byte_buffer_done(&text);
    return fine || decode_fail(decoder, "A field mask has a path that JSON cannot write.");
}

/* Struct, ListValue and wrappers: the value of their one field. */
static bool write_only_field(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    const occurrence *slots = decode_enter(decoder, message, bytes, size);

    if (!slots || !decode_value(decoder, &message->fields[0], &slots[0], bytes + size))
        return false;
    decode_leave(decoder);
    return true;
}

static bool is_finite(const occurrence *met)
{
    double value;

    memcpy(&value, &met->value, sizeof value);
    return isfinite(value);
}

static bool write_value(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    const occurrence *slots = decode_enter(decoder, message, bytes, size);
    size_t set = 0;

    if (!slots)
        return false;
    while (set < message->count && slots[set].count == 0)
        set++;
    if (set == message->count)
        json_null(decoder->out);
    else if (message->fields[set].number == VALUE_NUMBER && !is_finite(&slots[set]))
        return decode_fail(decoder, "A value is a number that JSON cannot write.");
    else if (!decode_value(decoder, &message->fields[set], &slots[set], bytes + size))
        return false;
    decode_leave(decoder);
    return true;
}

static bool write_unknown_any(wire_decoder *decoder, const protowire_field *value)
{
    if (!decoder->reply->unknown_any_as_base64)
        return decode_fail(decoder, "An Any has a type that is not known here.");
    json_ready_key(decoder->out, "\"value\":", 8);
    json_base64(decoder->out, value->data, value->size);
    return true;
}

static bool write_any_content(wire_decoder *decoder, const protowire_field *url, const protowire_field *value)
{
    const uint8_t *slash = memrchr(url->data, '/', url->size), *name = slash ? slash + 1 : NULL;
    const uint8_t *bytes = value->data ? value->data : (const uint8_t *)"";
    const message_type *message = NULL;

    /* Without a slash it is no type's URL, and JSON with it would not be taken back. */
    if (name)
        message =
            descriptor_pool_message(decoder->reply->pool, (const char *)name, (size_t)(url->data + url->size - name));
    if (!message)
        return write_unknown_any(decoder, value);
    if (message->form == MESSAGE_PLAIN)
        return decode_members(decoder, message, bytes, value->size);
    json_ready_key(decoder->out, "\"value\":", 8);
    return decode_message(decoder, message, bytes, value->size);
}

static bool write_any(wire_decoder *decoder, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field met, url = {0}, value = {0};

    while (protowire_next(&reader, &met)) {
        if (met.kind != WIRE_BYTES)
            continue;
        if (met.number == FIRST_FIELD)
            url = met;
        else if (met.number == ANY_VALUE)
            value = met;
    }
    if (reader.bad)
        return decode_fail(decoder, wire_malformed);
    if (url.size == 0 && value.size > 0)
        return decode_fail(decoder, "An Any does not say what it holds.");
    /* An Any may hold an Any, and so on: that counts as nesting although no field of ours is entered. */
    if (++decoder->depth >= WIRE_MAX_DEPTH)
        return decode_fail(decoder, "The message is nested too deeply.");
    json_open_object(decoder->out);
    if (url.size > 0) {
        json_ready_key(decoder->out, "\"@type\":", 8);
        json_text(decoder->out, (const char *)url.data, url.size);
        if (!write_any_content(decoder, &url, &value))
            return false;
    }
    json_close_object(decoder->out);
    decoder->depth--;
    return true;
}

bool decode_well_known(wire_decoder *decoder, const message_type *message, const uint8_t *bytes, size_t size)
{
    switch (message->form) {
    case MESSAGE_TIMESTAMP:
    case MESSAGE_DURATION:
        return write_time(decoder, message->form, bytes, size);
    case MESSAGE_FIELD_MASK:
        return write_field_mask(decoder, bytes, size);
    case MESSAGE_ANY:
        return write_any(decoder, bytes, size);
    case MESSAGE_VALUE:
        return write_value(decoder, message, bytes, size);
    default:
        return write_only_field(decoder, message, bytes, size);
    }
}
