#include "json_to_wire.h"

#include <string.h>

#include "body_mask.h"
#include "map_keys.h"
#include "protowire.h"
#include "scalar_text.h"
#include "wire_encoder.h"

bool encode_malformed(wire_encoder *encoder)
{
    unsigned line, column;

    json_position(&encoder->in, &line, &column);
    return fault_set(encoder->fault, FAULT_MALFORMED_JSON, "The JSON text %s (line %u, column %u).",
                     encoder->in.fault ? encoder->in.fault : "is malformed", line, column);
}

bool encode_invalid(wire_encoder *encoder, const char *wrong)
{
    return fault_set(encoder->fault, FAULT_INVALID_VALUE, "The value %s", wrong);
}

bool encode_overflow(wire_encoder *encoder)
{
    return fault_set(encoder->fault, FAULT_TOO_LARGE, "The request needs more memory than it may take.");
}

/* ---- One value ---- */

static bool encode_scalar(wire_encoder *encoder, const field_type *field, json_token token)
{
    const char *wrong;

    switch (token) {
    case JSON_STRING:
        wrong = scalar_from_text(encoder->out, field, TEXT_STRING, encoder->in.text, encoder->in.length);
        break;
    case JSON_NUMBER:
        wrong = scalar_from_text(encoder->out, field, TEXT_NUMBER, encoder->in.text, encoder->in.length);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        if (field->kind != FIELD_BOOL)
            return encode_invalid(encoder, "must not be true or false.");
        wrong = protowire_add_varint(encoder->out, token == JSON_TRUE) ? NULL : "makes the request too large.";
        break;
    case JSON_BAD:
        return encode_malformed(encoder);
    default:
        return encode_invalid(encoder, token == JSON_NULL ? "must not be null." : "must be no object and no list.");
    }
    return !wrong || encode_invalid(encoder, wrong);
}

bool encode_message(wire_encoder *encoder, const message_type *message, json_token token, parameter *parameters)
{
    if (message->form != MESSAGE_PLAIN)
        return encode_well_known(encoder, message, token);
    if (token == JSON_BAD)
        return encode_malformed(encoder);
    if (token != JSON_OBJECT)
        return encode_invalid(encoder, "must be an object.");
    return encode_members(encoder, message, parameters, false);
}

bool encode_single(wire_encoder *encoder, const field_type *field, json_token token, parameter *parameters)
{
    size_t opened;

    if (field->kind == FIELD_ENUM && field->enumeration->null_value && token == JSON_NULL)
        return (protowire_add_tag(encoder->out, field->number, WIRE_VARINT) && protowire_add_varint(encoder->out, 0)) ||
               encode_overflow(encoder);
    if (!field->message)
        return protowire_add_tag(encoder->out, field->number, field->wire) ? encode_scalar(encoder, field, token)
                                                                           : encode_overflow(encoder);
    opened = protowire_open(encoder->out, field->number);
    if (opened == SIZE_MAX)
        return encode_overflow(encoder);
    return encode_message(encoder, field->message, token, parameters) &&
           (protowire_close(encoder->out, opened) || encode_overflow(encoder));
}

/* ---- Lists and maps ---- */

static bool takes_null(const field_type *field)
{
    return (field->message && field->message->form == MESSAGE_VALUE) ||
           (field->enumeration && field->enumeration->null_value);
}

/* Whether a value is the name of an enum value that only a newer contract has, and such names are ignored. */
static bool is_unknown_name(const wire_encoder *encoder, const field_type *field, json_token token)
{
    return encoder->ignore_unknown && token == JSON_STRING && field->kind == FIELD_ENUM &&
           !enum_value_by_name(field->enumeration, encoder->in.text, encoder->in.length);
}

static bool encode_item(wire_encoder *encoder, const field_type *field, json_token token)
{
    if (is_unknown_name(encoder, field, token))
        return true;
    if (token == JSON_NULL && !takes_null(field))
        return encode_invalid(encoder, "must not be null.");
    return field->packed ? encode_scalar(encoder, field, token) : encode_single(encoder, field, token, NULL);
}

static bool encode_items(wire_encoder *encoder, const field_type *field)
{
    size_t index = 0;

    for (json_token token = json_next(&encoder->in); token != JSON_ARRAY_END; token = json_next(&encoder->in)) {
        if (token == JSON_BAD)
            return encode_malformed(encoder);
        if (!encode_item(encoder, field, token))
            return fault_in_item(encoder->fault, index);
        index++;
    }
    return true;
}

static bool encode_list(wire_encoder *encoder, const field_type *field, json_token token)
{
    size_t opened;

    if (token != JSON_ARRAY)
        return encode_invalid(encoder, "must be a list.");
    if (!field->packed)
        return encode_items(encoder, field);
    opened = protowire_open(encoder->out, field->number);
    if (opened == SIZE_MAX)
        return encode_overflow(encoder);
    return encode_items(encoder, field) && (protowire_close(encoder->out, opened) || encode_overflow(encoder));
}

/* An entry is a message of its own: key 1, value 2. An entry whose value is ignored ends after its key. */
static bool encode_entry(wire_encoder *encoder, const message_type *entry, map_keys *keys, bool *ret_ignored)
{
    const field_type *key = message_field_by_number(entry, 1), *value = message_field_by_number(entry, 2);
    size_t begins = encoder->out->size;
    const char *wrong;
    json_token token;

    if (!protowire_add_tag(encoder->out, 1, key->wire))
        return encode_overflow(encoder);
    /* Keys are strings in JSON whatever they are: only those of truth values and numbers need the rule of parameters.
     */
    wrong = scalar_from_text(encoder->out, key, key->kind == FIELD_STRING ? TEXT_STRING : TEXT_PARAMETER,
                             encoder->in.text, encoder->in.length);
    if (wrong)
        return fault_set(encoder->fault, FAULT_INVALID_VALUE, "The key %s", wrong);
    switch (map_keys_add(keys, encoder->memory, encoder->out->data + begins, encoder->out->size - begins)) {
    case MAP_KEY_TWICE:
        return fault_set(encoder->fault, FAULT_DUPLICATE_FIELD, "The key is given twice.");
    case MAP_KEY_NO_MEMORY:
        return encode_overflow(encoder);
    default:
        token = json_next(&encoder->in);
        *ret_ignored = is_unknown_name(encoder, value, token);
        return encode_item(encoder, value, token);
    }
}

static bool encode_map(wire_encoder *encoder, const field_type *field, json_token token)
{
    map_keys keys = {0};

    if (token != JSON_OBJECT)
        return encode_invalid(encoder, "must be an object.");
    for (token = json_next(&encoder->in); token == JSON_KEY; token = json_next(&encoder->in)) {
        const char *name = encoder->in.text;
        size_t length = encoder->in.length, begins = encoder->out->size;
        size_t opened = protowire_open(encoder->out, field->number);
        bool ignored = false;

        if (opened == SIZE_MAX)
            return encode_overflow(encoder);
        if (!encode_entry(encoder, field->message, &keys, &ignored))
            return fault_in_field(encoder->fault, name, length);
        if (ignored)
            encoder->out->size = begins;
        else if (!protowire_close(encoder->out, opened))
            return encode_overflow(encoder);
    }
    return token == JSON_OBJECT_END || encode_malformed(encoder);
}

bool encode_field(wire_encoder *encoder, const field_type *field, json_token token, parameter *parameters)
{
    if (token == JSON_BAD)
        return encode_malformed(encoder);
    if (token == JSON_NULL && (field->repeated || !takes_null(field)))
        return true;
    if (!field->repeated && is_unknown_name(encoder, field, token))
        return true;
    if (field->map)
        return encode_map(encoder, field, token);
    if (field->repeated)
        return encode_list(encoder, field, token);
    return encode_single(encoder, field, token, parameters);
}

/* ---- Objects ---- */

/* Which fields and oneofs of one object were met: a bit each. */
typedef struct {
    uint64_t few[4];
    uint64_t *bits;
} seen_set;

static bool seen_init(seen_set *seen, const message_type *message, arena *memory)
{
    size_t words = (message->count + message->oneof_count + 63) / 64;

    memset(seen->few, 0, sizeof seen->few);
    seen->bits = words <= 4 ? seen->few : arena_array(memory, words, sizeof *seen->bits);
    return seen->bits != NULL;
}

/* True the first time. */
static bool seen_first(seen_set *seen, size_t index)
{
    uint64_t bit = UINT64_C(1) << (index % 64), *word = &seen->bits[index / 64];
    bool first = !(*word & bit);

    *word |= bit;
    return first;
}

/* Most clients send fields in the order of the contract: what comes after the last one is looked at first. */
static const field_type *find_field(const message_type *message, size_t next, const char *name, size_t length)
{
    if (next < message->count) {
        const field_type *field = &message->fields[next];

        if (field->json_key_size == length + 3 && memcmp(field->json_key + 1, name, length) == 0)
            return field;
    }
    return message_field_by_name(message, name, length);
}

static bool encode_member(wire_encoder *encoder, const message_type *message, const field_type *field, seen_set *seen,
                          parameter *parameters)
{
    parameter *own = parameters ? parameter_of(parameters, field) : NULL;
    json_token token;

    if (!seen_first(seen, field->index))
        return fault_set(encoder->fault, FAULT_DUPLICATE_FIELD, "The field is given twice.");
    token = json_next(&encoder->in);
    if (token != JSON_NULL && field->oneof >= 0 && !seen_first(seen, message->count + (size_t)field->oneof))
        return fault_set(encoder->fault, FAULT_DUPLICATE_FIELD, "Only one field of its oneof may be given.");
    if (own && own->children && token == JSON_OBJECT) {
        own->written = true;
        return encode_single(encoder, field, token, own->children);
    }
    return encode_field(encoder, field, token, NULL);
}

static bool is_type_url_key(const wire_encoder *encoder)
{
    return encoder->in.length == 5 && memcmp(encoder->in.text, "@type", 5) == 0;
}

bool encode_members(wire_encoder *encoder, const message_type *message, parameter *parameters, bool in_any)
{
    json_token token;
    seen_set seen;
    size_t next = 0;

    if (!seen_init(&seen, message, encoder->memory))
        return encode_overflow(encoder);
    for (token = json_next(&encoder->in); token == JSON_KEY; token = json_next(&encoder->in)) {
        const char *name = encoder->in.text;
        size_t length = encoder->in.length;
        const field_type *field = find_field(message, next, name, length);

        if (field) {
            next = field->index + 1u;
            if (!encode_member(encoder, message, field, &seen, parameters))
                return fault_in_field(encoder->fault, name, length);
        } else if (encoder->ignore_unknown || (in_any && is_type_url_key(encoder))) {
            if (!json_skip(&encoder->in, json_next(&encoder->in)))
                return encode_malformed(encoder);
        } else {
            fault_set(encoder->fault, FAULT_UNKNOWN_FIELD, "There is no such field in %s.", message->full_name);
            return fault_in_field(encoder->fault, name, length);
        }
    }
    if (token != JSON_OBJECT_END)
        return encode_malformed(encoder);
    return parameters_to_wire(encoder->out, parameters, encoder->fault);
}

/* ---- The request ---- */

static bool encode_body_field(wire_encoder *encoder, const wire_request *request, json_token token)
{
    const field_type *field = request->body_field;
    parameter *own = parameter_of(request->parameters, field);
    bool encoded;

    if (own && own->children && token == JSON_OBJECT) {
        own->written = true;
        encoded = encode_single(encoder, field, token, own->children);
    } else {
        encoded = encode_field(encoder, field, token, NULL);
    }
    return encoded || fault_in_field(encoder->fault, field->name, strlen(field->name));
}

static bool encode_body(wire_encoder *encoder, const wire_request *request)
{
    json_token token = json_next(&encoder->in);

    if (request->body == BODY_WHOLE) {
        if (!encode_message(encoder, request->message, token, request->parameters))
            return false;
    } else if (!encode_body_field(encoder, request, token)) {
        return false;
    }
    if (json_next(&encoder->in) != JSON_END)
        return encode_malformed(encoder);
    /* A whole message that is an object has its parameters already. */
    return (request->body == BODY_WHOLE && request->message->form == MESSAGE_PLAIN) ||
           parameters_to_wire(encoder->out, request->parameters, encoder->fault);
}

bool json_to_wire(const descriptor_pool *pool, const wire_request *request, arena *memory, byte_buffer *out,
                  transcode_fault *fault)
{
    wire_encoder encoder = {
        .pool = pool, .out = out, .memory = memory, .fault = fault, .ignore_unknown = request->ignore_unknown};

    if (request->body == BODY_NONE || request->json_size == 0) {
        if (!parameters_to_wire(out, request->parameters, fault))
            return false;
    } else {
        json_reader_init(&encoder.in, request->json, request->json_size, memory);
        if (!encode_body(&encoder, request))
            return false;
    }
    if (request->mask && !parameter_of(request->parameters, request->mask))
        return body_mask_to_wire(&encoder, request);
    return true;
}
