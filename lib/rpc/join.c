/* Concatenating the bytes of two messages merges them, so no value is ever decoded here. */
#include "join.h"

#include <string.h>

#include "prescan.h"
#include "wire.h"

/* Where a singular message field is met within one message. */
typedef struct {
    const uint8_t *first; /* at the tag of the first piece that counts */
    const uint8_t *last;
    uint32_t count;
} pieces;

typedef struct {
    arena *memory;
    unsigned depth;
    uint8_t *out;
} joining;

/* One field as it stands on the wire. */
typedef struct {
    const uint8_t *begins;
    uint32_t number;
    wire_type type;
    wire_reader inner; /* of a field with a length */
    const ProtobufCFieldDescriptor *known;
} wire_field;

static bool next_field(const ProtobufCMessageDescriptor *descriptor, wire_reader *reader, wire_field *ret)
{
    ret->begins = reader->at;
    if (!wire_read_tag(reader, &ret->number, &ret->type))
        return false;
    ret->known = protobuf_c_message_descriptor_get_field(descriptor, ret->number);
    return ret->type == WIRE_LENGTH ? wire_read_length(reader, &ret->inner) : wire_skip(reader, ret->type);
}

static bool is_message(const wire_field *field)
{
    return field->known != NULL && field->known->type == PROTOBUF_C_TYPE_MESSAGE && field->type == WIRE_LENGTH;
}

static bool is_single_message(const wire_field *field)
{
    return is_message(field) && field->known->label != PROTOBUF_C_LABEL_REPEATED;
}

/* Another member of the oneof was met: what the message members had so far is gone. */
static void forget_rivals(const ProtobufCMessageDescriptor *descriptor, const ProtobufCFieldDescriptor *met,
                          pieces *places)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &descriptor->fields[i];

        if (other != met && (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            other->quantifier_offset == met->quantifier_offset)
            places[i].count = 0;
    }
}

/* A place for each field of the descriptor, by its index. NULL when the bytes are malformed or memory is out. */
static pieces *find_pieces(joining *join, const ProtobufCMessageDescriptor *descriptor, wire_reader reader)
{
    pieces *places = arena_array(join->memory, descriptor->n_fields, sizeof *places);
    wire_field field;

    if (places == NULL)
        return NULL;
    while (wire_left(&reader) > 0) {
        if (!next_field(descriptor, &reader, &field))
            return NULL;
        if (field.known == NULL)
            continue;
        if ((field.known->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
            forget_rivals(descriptor, field.known, places);
        if (is_single_message(&field)) {
            pieces *place = &places[field.known - descriptor->fields];

            if (place->count++ == 0)
                place->first = field.begins;
            place->last = field.begins;
        }
    }
    return places;
}

/* True when some field may have come twice; sure when not. */
static bool may_have_pieces(const ProtobufCMessageDescriptor *descriptor, wire_reader reader)
{
    uint64_t met = 0;
    wire_field field;

    while (wire_left(&reader) > 0 && next_field(descriptor, &reader, &field)) {
        if (!is_single_message(&field))
            continue;

        uint64_t bit = UINT64_C(1) << ((size_t)(field.known - descriptor->fields) % 64);

        if ((met & bit) != 0)
            return true;
        met |= bit;
    }
    return false;
}

/* The contents of all pieces from the first to the last, one after the other. */
static bool gather(joining *join, const ProtobufCMessageDescriptor *descriptor, const pieces *place,
                   const wire_field *last, wire_reader *ret_content)
{
    const uint8_t *end = last->inner.end;
    wire_reader reader = {place->first, end};
    uint8_t *content = arena_alloc(join->memory, (size_t)(end - place->first));
    size_t size = 0;
    wire_field field;

    if (content == NULL)
        return false;
    while (wire_left(&reader) > 0 && next_field(descriptor, &reader, &field)) {
        if (field.number != last->number || field.type != WIRE_LENGTH)
            continue;
        memcpy(content + size, field.inner.at, wire_left(&field.inner));
        size += wire_left(&field.inner);
    }
    *ret_content = wire_open(content, size);
    return true;
}

static void put(joining *join, const uint8_t *from, const uint8_t *end)
{
    memcpy(join->out, from, (size_t)(end - from));
    join->out += end - from;
}

static size_t put_varint(uint8_t *at, size_t value)
{
    size_t n = 0;

    for (; value >= 0x80; value >>= 7)
        at[n++] = (uint8_t)(value | 0x80);
    at[n++] = (uint8_t)value;
    return n;
}

static bool join_message(joining *join, const ProtobufCMessageDescriptor *descriptor, wire_reader reader);

/* The content never grows, so the room for its length is known before the content is. */
static bool join_nested(joining *join, const wire_field *field, wire_reader content)
{
    uint8_t length[10];
    size_t room = put_varint(length, wire_left(&content)), size, used;
    uint8_t *begins;

    join->out += put_varint(join->out, (size_t)field->number << 3 | WIRE_LENGTH);
    begins = join->out;
    join->out += room;
    if (!join_message(join, field->known->descriptor, content))
        return false;
    size = (size_t)(join->out - begins) - room;
    used = put_varint(begins, size);
    if (used < room)
        memmove(begins + used, begins + room, size);
    join->out = begins + used + size;
    return true;
}

static bool join_field(joining *join, const ProtobufCMessageDescriptor *descriptor, const pieces *places,
                       const wire_field *field, const uint8_t *end)
{
    wire_reader content = field->inner;

    if (!is_message(field)) {
        put(join, field->begins, end);
        return true;
    }
    if (places != NULL && is_single_message(field)) {
        const pieces *place = &places[field->known - descriptor->fields];

        if (place->count == 0 || place->last != field->begins)
            return true; /* it comes with the last piece, or a rival has taken its place */
        if (place->count > 1 && !gather(join, descriptor, place, field, &content))
            return false;
    }
    return join_nested(join, field, content);
}

static bool join_message(joining *join, const ProtobufCMessageDescriptor *descriptor, wire_reader reader)
{
    pieces *places = NULL;
    wire_field field;

    if (join->depth > PRESCAN_DEPTH_MAX)
        return false;
    if (may_have_pieces(descriptor, reader)) {
        places = find_pieces(join, descriptor, reader);
        if (places == NULL)
            return false;
    }
    join->depth++;
    while (wire_left(&reader) > 0)
        if (!next_field(descriptor, &reader, &field) || !join_field(join, descriptor, places, &field, reader.at))
            return false;
    join->depth--;
    return true;
}

bool join_pieces(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t **bytes, size_t *size)
{
    uint8_t *out = arena_alloc(a, *size);
    joining join = {.memory = a, .out = out};

    if (out == NULL || !join_message(&join, descriptor, wire_open(*bytes, *size)))
        return false;
    *bytes = out;
    *size = (size_t)(join.out - out);
    return true;
}
