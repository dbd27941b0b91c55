#include "protowire.h"

#include <string.h>

enum { VARINT_MAX = 10, GROUP_DEPTH_MAX = 64, FIELD_NUMBER_MAX = (1 << 29) - 1 };

bool protowire_next_varint(protowire_reader *reader, uint64_t *ret_value)
{
    const uint8_t *at = reader->at;
    uint64_t value = 0;

    if (at < reader->end && *at < 0x80) {
        *ret_value = *at;
        reader->at = at + 1;
        return true;
    }
    for (unsigned shift = 0; shift < 7 * VARINT_MAX && at < reader->end; shift += 7) {
        value |= (uint64_t)(*at & 0x7f) << shift;
        if (*at++ < 0x80) {
            *ret_value = value;
            reader->at = at;
            return true;
        }
    }
    /* The end of a packed field is not a fault; a varint without an end is. */
    reader->bad |= at != reader->at;
    return false;
}

bool protowire_next_fixed(protowire_reader *reader, size_t width, uint64_t *ret_value)
{
    uint64_t value = 0;

    if ((size_t)(reader->end - reader->at) < width) {
        reader->bad |= reader->at != reader->end;
        return false;
    }
    for (size_t i = 0; i < width; i++)
        value |= (uint64_t)reader->at[i] << (8 * i);
    reader->at += width;
    *ret_value = value;
    return true;
}

static bool read_tag(protowire_reader *reader, protowire_field *field)
{
    uint64_t tag;

    field->begins = reader->at;
    if (!protowire_next_varint(reader, &tag))
        return false;
    field->number = (uint32_t)(tag >> 3);
    field->kind = (wire_kind)(tag & 7);
    if (tag > UINT32_MAX || field->number == 0 || field->kind > WIRE_FIXED32) {
        reader->bad = true;
        return false;
    }
    return true;
}

static bool read_content(protowire_reader *reader, protowire_field *field)
{
    switch (field->kind) {
    case WIRE_VARINT:
        return protowire_next_varint(reader, &field->value);
    case WIRE_FIXED64:
        return protowire_next_fixed(reader, 8, &field->value);
    case WIRE_FIXED32:
        return protowire_next_fixed(reader, 4, &field->value);
    case WIRE_BYTES:
        if (!protowire_next_varint(reader, &field->value) || field->value > (size_t)(reader->end - reader->at))
            return false;
        field->data = reader->at;
        field->size = (size_t)field->value;
        reader->at += field->size;
        return true;
    default:
        return true;
    }
}

/* Reads to the end of the group that was just begun, and of those within it. */
static bool skip_group(protowire_reader *reader, uint32_t number)
{
    uint32_t open[GROUP_DEPTH_MAX];
    size_t depth = 0;
    protowire_field field;

    open[depth++] = number;
    while (depth > 0) {
        if (!read_tag(reader, &field) || !read_content(reader, &field))
            return false;
        if (field.kind == WIRE_GROUP) {
            if (depth == GROUP_DEPTH_MAX)
                return false;
            open[depth++] = field.number;
        } else if (field.kind == WIRE_GROUP_END && open[--depth] != field.number) {
            return false;
        }
    }
    return true;
}

bool protowire_next(protowire_reader *reader, protowire_field *ret_field)
{
    if (reader->at == reader->end || reader->bad)
        return false;
    if (!read_tag(reader, ret_field) || !read_content(reader, ret_field) || ret_field->kind == WIRE_GROUP_END ||
        (ret_field->kind == WIRE_GROUP && !skip_group(reader, ret_field->number))) {
        reader->bad = true;
        return false;
    }
    return true;
}

static size_t write_varint(uint8_t *at, uint64_t value)
{
    size_t n = 0;

    while (value >= 0x80) {
        at[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    at[n++] = (uint8_t)value;
    return n;
}

static uint8_t *room(byte_buffer *out, size_t n)
{
    if (out->room - out->size > n && out->cap - out->size >= n)
        return out->data + out->size;
    return byte_buffer_reserve(out, n);
}

bool protowire_add_varint(byte_buffer *out, uint64_t value)
{
    uint8_t bytes[VARINT_MAX], *at;
    size_t n;

    if (out->room - out->size > VARINT_MAX && out->cap - out->size >= VARINT_MAX) {
        out->size += write_varint(out->data + out->size, value);
        return true;
    }
    n = write_varint(bytes, value);
    at = room(out, n);
    if (!at)
        return false;
    memcpy(at, bytes, n);
    out->size += n;
    return true;
}

bool protowire_add_fixed(byte_buffer *out, uint64_t value, size_t width)
{
    uint8_t *at = room(out, width);

    if (!at)
        return false;
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
    out->size += width;
    return true;
}

bool protowire_add_tag(byte_buffer *out, uint32_t number, wire_kind kind)
{
    return protowire_add_varint(out, (uint64_t)number << 3 | kind);
}

bool protowire_add_bytes(byte_buffer *out, uint32_t number, const void *bytes, size_t size)
{
    return protowire_add_tag(out, number, WIRE_BYTES) && protowire_add_varint(out, size) &&
           byte_buffer_append(out, bytes, size);
}

size_t protowire_open(byte_buffer *out, uint32_t number)
{
    if (!protowire_add_tag(out, number, WIRE_BYTES) || !room(out, 1))
        return SIZE_MAX;
    out->data[out->size++] = 0; /* most lengths take one byte; close makes room for more */
    return out->size;
}

bool protowire_close(byte_buffer *out, size_t opened)
{
    size_t size = out->size - opened;
    uint8_t bytes[VARINT_MAX];
    size_t n = write_varint(bytes, size);

    if (n > 1) {
        if (!room(out, n - 1))
            return false;
        memmove(out->data + opened + n - 1, out->data + opened, size);
        out->size += n - 1;
    }
    memcpy(out->data + opened - 1, bytes, n);
    return true;
}
