/* The protobuf wire format: varints, tags and lengths. */
#include "wire.h"

enum {
    VARINT_BYTES_MAX = 10,
    SHORT_VARINT_BYTES_MAX = 5, /* tags and lengths; protobuf-c refuses longer spellings */
    FIELD_NUMBER_MAX = (1 << 29) - 1,
};

static bool read_varint(wire_reader *reader, int bytes_max, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes_max && reader->at < reader->end; i++) {
        uint8_t byte = *reader->at++;

        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

bool wire_read_varint(wire_reader *reader, uint64_t *ret_value)
{
    return read_varint(reader, VARINT_BYTES_MAX, ret_value);
}

bool wire_read_tag(wire_reader *reader, uint32_t *ret_field, wire_type *ret_type)
{
    uint64_t tag;

    if (!read_varint(reader, SHORT_VARINT_BYTES_MAX, &tag))
        return false;

    uint64_t field = tag >> 3;
    unsigned type = tag & 7;

    if (field == 0 || field > FIELD_NUMBER_MAX)
        return false;
    if (type != WIRE_VARINT && type != WIRE_64BIT && type != WIRE_LENGTH && type != WIRE_32BIT)
        return false;

    *ret_field = (uint32_t)field;
    *ret_type = (wire_type)type;
    return true;
}

bool wire_read_length(wire_reader *reader, wire_reader *ret_inner)
{
    uint64_t length;

    if (!read_varint(reader, SHORT_VARINT_BYTES_MAX, &length) || length > wire_left(reader))
        return false;

    *ret_inner = wire_open(reader->at, (size_t)length);
    reader->at += length;
    return true;
}

static bool skip_bytes(wire_reader *reader, size_t n)
{
    if (wire_left(reader) < n)
        return false;
    reader->at += n;
    return true;
}

bool wire_skip(wire_reader *reader, wire_type type)
{
    uint64_t value;
    wire_reader inner;

    switch (type) {
    case WIRE_VARINT:
        return wire_read_varint(reader, &value);
    case WIRE_64BIT:
        return skip_bytes(reader, 8);
    case WIRE_LENGTH:
        return wire_read_length(reader, &inner);
    case WIRE_32BIT:
        return skip_bytes(reader, 4);
    }
    return false;
}
