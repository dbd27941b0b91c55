#include "body_mask.h"

#include <string.h>

#include "protowire.h"

enum { MASK_PATHS = 1, PATH_BYTES_MAX = 1024 };

/* The path to the object at hand, "name." or "group.owner.". */
typedef struct {
    wire_encoder *encoder;
    char path[PATH_BYTES_MAX];
    size_t length;
} mask_walk;

static bool push(mask_walk *walk, const char *name)
{
    size_t length = strlen(name);

    if (length + 1 > sizeof walk->path - walk->length)
        return encode_overflow(walk->encoder);
    memcpy(walk->path + walk->length, name, length);
    walk->length += length;
    return true;
}

static bool is_walked(const field_type *field, parameter *own, json_token token)
{
    return field->message && !field->repeated && field->message->form == MESSAGE_PLAIN && token == JSON_OBJECT &&
           (!own || own->children);
}

static bool walk_members(mask_walk *walk, const message_type *message, parameter *parameters, bool *ret_any);

/* A message that names nothing of itself is set as a whole. */
static bool walk_member(mask_walk *walk, const field_type *field, parameter *own, json_token token)
{
    wire_encoder *encoder = walk->encoder;
    size_t outside = walk->length;
    bool any = false, fine;

    if (own && own->of_path)
        return json_skip(&encoder->in, token);
    if (!push(walk, field->name))
        return false;
    if (is_walked(field, own, token)) {
        walk->path[walk->length++] = '.';
        fine = walk_members(walk, field->message, own ? own->children : NULL, &any);
        walk->length--;
    } else {
        fine = json_skip(&encoder->in, token);
    }
    if (fine && !any)
        fine = protowire_add_bytes(encoder->out, MASK_PATHS, walk->path, walk->length) || encode_overflow(encoder);
    walk->length = outside;
    return fine;
}

static bool walk_members(mask_walk *walk, const message_type *message, parameter *parameters, bool *ret_any)
{
    wire_encoder *encoder = walk->encoder;
    json_token token;

    for (token = json_next(&encoder->in); token == JSON_KEY; token = json_next(&encoder->in)) {
        const field_type *field = message_field_by_name(message, encoder->in.text, encoder->in.length);
        parameter *own = field && parameters ? parameter_of(parameters, field) : NULL;

        token = json_next(&encoder->in);
        if (!field) { /* ignored when it was encoded */
            if (!json_skip(&encoder->in, token))
                return encode_malformed(encoder);
            continue;
        }
        *ret_any = true;
        if (!walk_member(walk, field, own, token))
            return false;
    }
    return token == JSON_OBJECT_END || encode_malformed(encoder);
}

bool body_mask_to_wire(wire_encoder *encoder, const wire_request *request)
{
    mask_walk walk = {.encoder = encoder};
    parameter *own = parameter_of(request->parameters, request->body_field);
    size_t opened = protowire_open(encoder->out, request->mask->number);
    bool any;

    if (opened == SIZE_MAX)
        return encode_overflow(encoder);
    if (request->json_size > 0) {
        json_reader_init(&encoder->in, request->json, request->json_size, encoder->memory);
        if (json_next(&encoder->in) == JSON_OBJECT &&
            !walk_members(&walk, request->body_field->message, own ? own->children : NULL, &any))
            return false;
    }
    return protowire_close(encoder->out, opened) || encode_overflow(encoder);
}
