/* Writes JSON text into a byte buffer as it comes: the writer puts the commas, the caller opens and closes.
 * Failures stick: nothing is written after the first, and json_failed tells. Not for use by two threads at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"

typedef struct {
    byte_buffer *out;
    bool comma; /* the next value of this container needs one before it */
    bool failed;
} json_writer;

/* Appends to the buffer, whose cap bounds the text. No NUL is kept after the last byte. */
void json_writer_init(json_writer *writer, byte_buffer *out);

static inline bool json_failed(const json_writer *writer)
{
    return writer->failed;
}

void json_open_object(json_writer *writer);
void json_close_object(json_writer *writer);
void json_open_array(json_writer *writer);
void json_close_array(json_writer *writer);

/* A key that comes from outside, and one that is written already, as "\"name\":". */
void json_key(json_writer *writer, const char *key, size_t length);
void json_ready_key(json_writer *writer, const char *quoted, size_t length);

/* Must be valid UTF-8, else the writer fails. json_text_lossy puts U+FFFD for what is not. */
void json_text(json_writer *writer, const char *text, size_t length);
void json_text_lossy(json_writer *writer, const char *text, size_t length);

/* Standard base64 with padding, in quotes. */
void json_base64(json_writer *writer, const uint8_t *bytes, size_t size);

void json_bool(json_writer *writer, bool value);
void json_null(json_writer *writer);
void json_int(json_writer *writer, int64_t value);
void json_uint(json_writer *writer, uint64_t value);

/* 64-bit integers in quotes, as proto3 JSON wants them. */
void json_quoted_int(json_writer *writer, int64_t value);
void json_quoted_uint(json_writer *writer, uint64_t value);

/* Infinities and not-a-number become "Infinity", "-Infinity" and "NaN". */
void json_double(json_writer *writer, double value);
void json_float(json_writer *writer, float value);

/* A value that is written already. */
void json_ready(json_writer *writer, const char *value, size_t length);
