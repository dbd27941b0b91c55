/* Requests: the messages that JSON writes in a form of their own. */
#include <string.h>

#include "protowire.h"
#include "scalar_text.h"
#include "wire_encoder.h"

enum { VALUE_NULL = 1, VALUE_NUMBER = 2, VALUE_STRING = 3, VALUE_BOOL = 4, VALUE_STRUCT = 5, VALUE_LIST = 6 };
enum { ANY_TYPE_URL = 1, ANY_VALUE = 2 };

static bool encode_text_form(wire_encoder *encoder, const message_type *message, json_token token)
{
    const char *wrong = "must be a string.";

    if (token == JSON_STRING)
        wrong = message_from_text(encoder->out, message->form, encoder->in.text, encoder->in.length);
    return !wrong || encode_invalid(encoder, wrong);
}

/* google.protobuf.Value. */
static bool encode_value(wire_encoder *encoder, const message_type *value, json_token token)
{
    uint32_t member;

    switch (token) {
    case JSON_NULL:
        member = VALUE_NULL;
        break;
    case JSON_NUMBER:
        member = VALUE_NUMBER;
        break;
    case JSON_STRING:
        member = VALUE_STRING;
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        member = VALUE_BOOL;
        break;
    case JSON_OBJECT:
        member = VALUE_STRUCT;
        break;
    default:
        member = VALUE_LIST;
        break;
    }
    return encode_single(encoder, message_field_by_number(value, member), token, NULL);
}

/* Finds "@type" of the object that the reader has just entered, without moving it. True with *ret_length 0 when the
 * object is empty. */
static bool find_type_url(wire_encoder *encoder, const char **ret_url, size_t *ret_length)
{
    json_reader ahead = encoder->in;
    json_token token = json_next(&ahead);

    *ret_length = 0;
    if (token == JSON_OBJECT_END)
        return true;
    for (; token == JSON_KEY; token = json_next(&ahead)) {
        bool found = ahead.length == 5 && memcmp(ahead.text, "@type", 5) == 0;

        token = json_next(&ahead);
        if (found && token == JSON_STRING && ahead.length > 0) {
            *ret_url = ahead.text;
            *ret_length = ahead.length;
            return true;
        }
        if (!json_skip(&ahead, token))
            break;
    }
    if (ahead.fault) {
        encoder->in = ahead;
        return encode_malformed(encoder);
    }
    return encode_invalid(encoder, "must have an \"@type\".");
}

/* {"@type": …, "value": …}: a message in a form of its own. */
static bool encode_any_form(wire_encoder *encoder, const message_type *message)
{
    bool have_value = false;
    json_token token;

    for (token = json_next(&encoder->in); token == JSON_KEY; token = json_next(&encoder->in)) {
        bool value = encoder->in.length == 5 && memcmp(encoder->in.text, "value", 5) == 0;
        bool type = encoder->in.length == 5 && memcmp(encoder->in.text, "@type", 5) == 0;

        if ((value && have_value) || (!value && !type))
            return encode_invalid(encoder, "must have an \"@type\" and one \"value\" alone.");
        token = json_next(&encoder->in);
        if (value && !encode_message(encoder, message, token, NULL))
            return fault_in_field(encoder->fault, "value", 5);
        if (type && !json_skip(&encoder->in, token))
            return encode_malformed(encoder);
        have_value |= value;
    }
    if (token != JSON_OBJECT_END)
        return encode_malformed(encoder);
    return have_value || encode_invalid(encoder, "must have a \"value\" beside \"@type\".");
}

static bool encode_any(wire_encoder *encoder, json_token token)
{
    const message_type *message;
    const char *url, *slash;
    size_t length, opened;

    if (token != JSON_OBJECT)
        return encode_invalid(encoder, "must be an object.");
    if (!find_type_url(encoder, &url, &length))
        return false;
    if (length == 0)
        return json_next(&encoder->in) == JSON_OBJECT_END || encode_malformed(encoder);

    slash = memrchr(url, '/', length);
    message = slash ? descriptor_pool_message(encoder->pool, slash + 1, (size_t)(url + length - slash - 1)) : NULL;
    if (!message)
        return encode_invalid(encoder, "has an \"@type\" that is not known here.");
    if (!protowire_add_bytes(encoder->out, ANY_TYPE_URL, url, length))
        return encode_overflow(encoder);
    opened = protowire_open(encoder->out, ANY_VALUE);
    if (opened == SIZE_MAX)
        return encode_overflow(encoder);
    if (message->form == MESSAGE_PLAIN ? !encode_members(encoder, message, NULL, true)
                                       : !encode_any_form(encoder, message))
        return false;
    return protowire_close(encoder->out, opened) || encode_overflow(encoder);
}

bool encode_well_known(wire_encoder *encoder, const message_type *message, json_token token)
{
    if (token == JSON_BAD)
        return encode_malformed(encoder);
    switch (message->form) {
    case MESSAGE_ANY:
        return encode_any(encoder, token);
    case MESSAGE_STRUCT:
    case MESSAGE_LIST_VALUE:
        if (token == JSON_NULL)
            return encode_invalid(encoder, "must not be null.");
        return encode_field(encoder, &message->fields[0], token, NULL);
    case MESSAGE_WRAPPER:
        return encode_single(encoder, &message->fields[0], token, NULL);
    case MESSAGE_VALUE:
        return encode_value(encoder, message, token);
    default:
        return encode_text_form(encoder, message, token);
    }
}
