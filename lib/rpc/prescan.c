/* Judges untrusted wire bytes before protobuf-c sees them: protobuf-c has no depth limit, does not look at UTF-8 and
 * turns four megabytes of wire into hundreds of memory. Nothing here allocates. */
#include "prescan.h"

#include <string.h>

#include "text.h"
#include "wire.h"

SP_STATUS(MALFORMED_MESSAGE, SP_INVALID_ARGUMENT, "The message is not well-formed protobuf.");
SP_STATUS(FIELD_TOO_LONG, SP_INVALID_ARGUMENT, "A field is longer than its limit.");
SP_STATUS(TOO_MANY_ITEMS, SP_INVALID_ARGUMENT, "A field has more items than its limit.");
SP_STATUS(FIELD_REQUIRED, SP_INVALID_ARGUMENT, "A required field is empty.");

/* To a client these are the same mistake; the sentence helps its developer. */
static const sp_status NESTED_TOO_DEEP = {SP_INVALID_ARGUMENT, "MALFORMED_MESSAGE", "Messages are nested too deep."};
static const sp_status TEXT_NOT_UTF8 = {SP_INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                                        "A string is not valid UTF-8 or contains a NUL."};

SP_STATUS(LIMITS_UNUSABLE, SP_INTERNAL, "A message has more limited fields than can be checked.");

/* Rows of the limits table that belong to one message: [first, last). Rows of others may lie between. */
typedef struct {
    const ProtobufCMessageDescriptor *message;
    size_t first;
    size_t last;
} limit_range;

typedef struct {
    const rpc_limit *limits;
    size_t limit_count;
    limit_range known; /* the range looked up last: items of one list ask for the same again and again */
    unsigned depth;
    const char *names[PRESCAN_DEPTH_MAX]; /* the fields that lead to the message at hand */
    prescan_fault *fault;
} scan;

static limit_range find_range(scan *s, const ProtobufCMessageDescriptor *message)
{
    if (s->known.message == message)
        return s->known;

    limit_range range = {message, 0, 0};

    for (size_t i = 0; i < s->limit_count; i++) {
        if (s->limits[i].message != message)
            continue;
        if (range.last == 0)
            range.first = i;
        range.last = i + 1;
    }
    s->known = range;
    return range;
}

static const rpc_limit *find_limit(const scan *s, limit_range range, uint32_t field, size_t *ret_row)
{
    for (size_t i = range.first; i < range.last; i++) {
        if (s->limits[i].field == field && s->limits[i].message == range.message) {
            *ret_row = i - range.first;
            return &s->limits[i];
        }
    }
    return NULL;
}

/* The path is put together from its tail, so that the field itself is there however deep it lies. */
static sp_status limit_broken(scan *s, const char *name, sp_status status)
{
    char *path = s->fault->path;
    size_t at = sizeof s->fault->path - 1;
    unsigned level = s->depth;
    const char *part = name;

    path[at] = '\0';
    for (;;) {
        size_t length = strlen(part);

        if (length + 1 > at)
            break;
        at -= length;
        memcpy(path + at, part, length);
        if (level-- <= 1)
            break;
        path[--at] = '.';
        part = s->names[level];
    }
    if (path[at] == '.')
        at++;
    memmove(path, path + at, sizeof s->fault->path - at);
    s->fault->field = name;
    return status;
}

static wire_type natural_wire_type(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_LENGTH;
    default:
        return WIRE_VARINT;
    }
}

static sp_status scan_packed(wire_reader inner, wire_type item, uint32_t *ret_items)
{
    uint32_t items = 0;

    while (wire_left(&inner) > 0) {
        if (!wire_skip(&inner, item))
            return MALFORMED_MESSAGE;
        items++;
    }
    *ret_items = items;
    return SP_DONE;
}

static sp_status scan_message(scan *s, const ProtobufCMessageDescriptor *descriptor, wire_reader reader);

static sp_status scan_nested(scan *s, const ProtobufCFieldDescriptor *field, wire_reader inner)
{
    if (s->depth >= PRESCAN_DEPTH_MAX)
        return NESTED_TOO_DEEP;

    s->names[s->depth] = field->name;
    return scan_message(s, field->descriptor, inner);
}

/* A field with a length. *ret_items is how many values it brings: 0 for an empty one, so that "required" means
 * something in it. */
static sp_status scan_length_field(scan *s, const ProtobufCFieldDescriptor *field, const rpc_limit *limit,
                                   wire_reader *reader, uint32_t *ret_items)
{
    wire_type natural = natural_wire_type(field->type);
    wire_reader inner;

    if (!wire_read_length(reader, &inner))
        return MALFORMED_MESSAGE;

    if (natural != WIRE_LENGTH) {
        if (field->label != PROTOBUF_C_LABEL_REPEATED)
            return MALFORMED_MESSAGE;
        return scan_packed(inner, natural, ret_items);
    }

    if (limit != NULL && limit->max_bytes > 0 && wire_left(&inner) > limit->max_bytes)
        return limit_broken(s, field->name, FIELD_TOO_LONG);

    bool counts_when_empty = field->label == PROTOBUF_C_LABEL_REPEATED || field->type == PROTOBUF_C_TYPE_MESSAGE;

    *ret_items = wire_left(&inner) > 0 || counts_when_empty;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return scan_nested(s, field, inner);
    if (field->type == PROTOBUF_C_TYPE_STRING && !utf8_is_valid((const char *)inner.at, wire_left(&inner)))
        return TEXT_NOT_UTF8;
    return SP_DONE;
}

static sp_status scan_scalar_field(const ProtobufCFieldDescriptor *field, wire_type type, wire_reader *reader,
                                   uint32_t *ret_items)
{
    const uint8_t *start = reader->at;
    bool nonzero = false;

    if (type != natural_wire_type(field->type) || !wire_skip(reader, type))
        return MALFORMED_MESSAGE;

    for (const uint8_t *byte = start; byte < reader->at; byte++)
        nonzero = nonzero || (*byte & (type == WIRE_VARINT ? 0x7f : 0xff)) != 0;
    *ret_items = nonzero || field->label == PROTOBUF_C_LABEL_REPEATED;
    return SP_DONE;
}

static sp_status check_required(scan *s, limit_range range, const uint32_t *items)
{
    for (size_t i = range.first; i < range.last; i++) {
        const rpc_limit *limit = &s->limits[i];

        if (limit->message != range.message || !limit->required || items[i - range.first] > 0)
            continue;

        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(limit->message, limit->field);
        if (field != NULL)
            return limit_broken(s, field->name, FIELD_REQUIRED);
    }
    return SP_DONE;
}

/* One known field: its value, and its place in the counts. */
static sp_status scan_field(scan *s, const ProtobufCFieldDescriptor *field, wire_type type, wire_reader *reader,
                            limit_range range, uint32_t *items)
{
    size_t row = 0;
    const rpc_limit *limit = find_limit(s, range, field->id, &row);
    uint32_t brought = 0;
    sp_status status = type == WIRE_LENGTH ? scan_length_field(s, field, limit, reader, &brought)
                                           : scan_scalar_field(field, type, reader, &brought);

    if (sp_failed(status) || limit == NULL)
        return status;

    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        items[row] = brought; /* the last value wins */
        return SP_DONE;
    }
    items[row] += brought; /* cannot wrap: each item took a byte of a message below 4 GiB */
    if (limit->max_items > 0 && items[row] > limit->max_items)
        return limit_broken(s, field->name, TOO_MANY_ITEMS);
    return SP_DONE;
}

/* Fields share bits when a message has more than 64: then pieces are assumed where there may be none. */
static void note_piece(scan *s, const ProtobufCMessageDescriptor *descriptor, const ProtobufCFieldDescriptor *field,
                       uint64_t *met)
{
    uint64_t bit = UINT64_C(1) << ((size_t)(field - descriptor->fields) % 64);

    if (field->type != PROTOBUF_C_TYPE_MESSAGE || field->label == PROTOBUF_C_LABEL_REPEATED)
        return;
    if ((*met & bit) != 0)
        s->fault->pieces = true;
    *met |= bit;
}

static sp_status scan_message(scan *s, const ProtobufCMessageDescriptor *descriptor, wire_reader reader)
{
    limit_range range = find_range(s, descriptor);
    uint32_t items[PRESCAN_LIMITS_MAX];
    uint64_t met = 0;
    sp_status status = SP_DONE;

    if (range.last - range.first > PRESCAN_LIMITS_MAX)
        return LIMITS_UNUSABLE;
    memset(items, 0, (range.last - range.first) * sizeof *items);

    s->depth++;
    while (wire_left(&reader) > 0) {
        uint32_t number;
        wire_type type;

        if (!wire_read_tag(&reader, &number, &type))
            return MALFORMED_MESSAGE;

        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(descriptor, number);

        if (field != NULL) {
            note_piece(s, descriptor, field, &met);
            status = scan_field(s, field, type, &reader, range, items);
        } else if (!wire_skip(&reader, type)) {
            status = MALFORMED_MESSAGE;
        }
        if (sp_failed(status))
            return status;
    }
    status = check_required(s, range, items);
    s->depth--;
    return status;
}

sp_status prescan_message(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                          const rpc_limit *limits, size_t limit_count, prescan_fault *ret_fault)
{
    scan s = {.limits = limits, .limit_count = limit_count, .fault = ret_fault};

    ret_fault->field = NULL;
    ret_fault->path[0] = '\0';
    ret_fault->pieces = false;
    return scan_message(&s, descriptor, wire_open(bytes, size));
}

sp_status rpc_prescan(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                      const rpc_limit *limits, size_t limit_count, const char **ret_field)
{
    prescan_fault fault;
    sp_status status = prescan_message(descriptor, bytes, size, limits, limit_count, &fault);

    *ret_field = fault.field;
    return status;
}

bool prescan_takes_limits(const rpc_limit *limits, size_t limit_count)
{
    scan s = {.limits = limits, .limit_count = limit_count};

    for (size_t i = 0; i < limit_count; i++) {
        limit_range range = find_range(&s, limits[i].message);

        if (range.last - range.first > PRESCAN_LIMITS_MAX)
            return false;
    }
    return true;
}
