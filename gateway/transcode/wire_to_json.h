/* The wire bytes of a reply → JSON, by descriptor: lowerCamelCase names, 64-bit integers as strings, enums by name,
 * defaults of fields without presence printed. Fields come in the order of the contract, whatever theirs is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "descriptor_pool.h"
#include "json_writer.h"

enum { WIRE_MAX_DEPTH = 100 };

typedef struct {
    const descriptor_pool *pool;
    const message_type *message;
    const field_type *only;     /* the value of this field instead of the whole message; NULL: the whole */
    bool unknown_any_as_base64; /* an Any of a type that is not known shows its bytes instead of failing */
    bool omit_defaults;         /* fields without presence are left out where they hold their default */
} wire_reply;

/* What wire_to_json says when the bytes are not well-formed; whatever else it says is about what they mean. */
extern const char wire_malformed[];

/* Writes one JSON value. NULL, or a static sentence about what is wrong; the writer then holds half a value. The arena
 * takes what does not outlive the call. [any thread] */
const char *wire_to_json(const wire_reply *reply, const uint8_t *bytes, size_t size, arena *memory, json_writer *out);
