/* A validating pull parser over a JSON text (RFC 8259) that lies whole in memory. Every byte of it is checked: UTF-8,
 * escapes, numbers, nesting of at most JSON_MAX_DEPTH. Numbers stay text, so that nothing is lost in a double.
 *
 * The reader is a plain value: a copy of it is a bookmark from which the same text can be read again.
 * Not for use by two threads at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum { JSON_MAX_DEPTH = 100 };

typedef enum {
    JSON_BAD, /* the text is malformed: fault says how; every later call answers JSON_BAD as well */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY, /* text; its value comes next */
    JSON_STRING,
    JSON_NUMBER, /* text is the number as it was written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_END, /* after the one value that a text holds */
} json_token;

typedef struct {
    const uint8_t *start, *at, *end;
    arena *memory;
    uint64_t in_object[(JSON_MAX_DEPTH + 63) / 64]; /* a bit a level: object or array */
    unsigned depth;
    uint8_t expects;
    bool skipping; /* strings are checked but not unescaped */

    const char *text; /* of a key, string or number, unescaped, not NUL-terminated; valid as long as input and arena */
    size_t length;
    const char *fault; /* static text that completes "the JSON text …" */
} json_reader;

/* Borrows the bytes; the arena takes the strings that have escapes. */
void json_reader_init(json_reader *reader, const char *bytes, size_t size, arena *memory);

json_token json_next(json_reader *reader);

/* Reads over the value whose first token was just returned; true for a scalar without doing anything. False when it
 * is malformed. */
bool json_skip(json_reader *reader, json_token first);

/* Line and column, from 1, of the byte that reading has come to. */
void json_position(const json_reader *reader, unsigned *ret_line, unsigned *ret_column);
