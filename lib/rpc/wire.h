/* Reads the protobuf wire format step by step, without allocating and without trusting any length.
 * As strict as protobuf-c's own parser: what passes here is not refused there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WIRE_VARINT = 0,
    WIRE_64BIT = 1,
    WIRE_LENGTH = 2,
    WIRE_32BIT = 5,
} wire_type;

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} wire_reader;

static inline wire_reader wire_open(const uint8_t *bytes, size_t size)
{
    return (wire_reader){bytes, size > 0 ? bytes + size : bytes}; /* no bytes at all may be NULL */
}

static inline size_t wire_left(const wire_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* Each of these moves the reader past what it read, or returns false when the bytes are malformed. */
bool wire_read_varint(wire_reader *reader, uint64_t *ret_value);

/* Groups and field number 0 are malformed. */
bool wire_read_tag(wire_reader *reader, uint32_t *ret_field, wire_type *ret_type);

/* A length and so many bytes, which ret_inner reads. */
bool wire_read_length(wire_reader *reader, wire_reader *ret_inner);

bool wire_skip(wire_reader *reader, wire_type type);
