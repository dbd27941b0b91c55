/* The protobuf wire format, read and written field by field. Reading trusts no length and allocates nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

typedef enum {
    WIRE_VARINT = 0,
    WIRE_FIXED64 = 1,
    WIRE_BYTES = 2,
    WIRE_GROUP = 3,
    WIRE_GROUP_END = 4,
    WIRE_FIXED32 = 5,
} wire_kind;

typedef struct {
    const uint8_t *at, *end;
    bool bad; /* the bytes are malformed */
} protowire_reader;

typedef struct {
    const uint8_t *begins; /* at its tag */
    uint32_t number;
    wire_kind kind;
    uint64_t value;      /* of a varint or fixed field */
    const uint8_t *data; /* of a field of bytes */
    size_t size;
} protowire_field;

static inline protowire_reader protowire_read(const uint8_t *bytes, size_t size)
{
    return (protowire_reader){bytes, size > 0 ? bytes + size : bytes, false}; /* no bytes at all may be NULL */
}

/* False at the end and when the bytes are malformed. A group comes as one field without content. */
bool protowire_next(protowire_reader *reader, protowire_field *ret_field);

/* The next of packed values; false as above. */
bool protowire_next_varint(protowire_reader *reader, uint64_t *ret_value);
bool protowire_next_fixed(protowire_reader *reader, size_t width, uint64_t *ret_value);

/* Each appends; false when the buffer's cap is reached or memory is out. No NUL is kept after the last byte. */
bool protowire_add_varint(byte_buffer *out, uint64_t value);
bool protowire_add_fixed(byte_buffer *out, uint64_t value, size_t width);
bool protowire_add_tag(byte_buffer *out, uint32_t number, wire_kind kind);
bool protowire_add_bytes(byte_buffer *out, uint32_t number, const void *bytes, size_t size);

/* A field of bytes whose size is not known yet: open returns where it began (SIZE_MAX on failure), close puts the
 * length before what was appended in between. */
size_t protowire_open(byte_buffer *out, uint32_t number);
bool protowire_close(byte_buffer *out, size_t opened);

static inline uint64_t zigzag_encode(int64_t value)
{
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t zigzag_decode(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}
