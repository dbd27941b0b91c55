/* A growable row of bytes with a cap: what is put together piece by piece and whose size is not known before.
 * Not for use by two threads at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    uint8_t *data; /* NULL while nothing was ever added; a NUL that is not counted follows the last byte */
    size_t size;   /* bytes held */
    size_t room;   /* bytes allocated */
    size_t cap;    /* bytes; what would go beyond it is refused */
} byte_buffer;

/* Holds nothing and allocates nothing yet. */
void byte_buffer_init(byte_buffer *buffer, size_t cap);

/* All or nothing: false when the cap is reached or memory is out, and the buffer is as before. */
bool byte_buffer_append(byte_buffer *buffer, const void *bytes, size_t n);
bool byte_buffer_append_text(byte_buffer *buffer, const char *text);
bool byte_buffer_printf(byte_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for n more bytes and returns where they go, NULL as above; the caller fills them and adds to size. */
uint8_t *byte_buffer_reserve(byte_buffer *buffer, size_t n);

/* A stream that appends what it is written; NULL when memory is out. Only after close is all of it in the buffer; close
 * answers false when something was lost, at the cap or for want of memory. (The C library's own memory streams do not
 * tell: a text that could not grow is only shorter.) */
FILE *byte_buffer_stream(byte_buffer *buffer);
bool byte_buffer_stream_close(FILE *stream);

/* Forgets the first n bytes (at most size) and moves the rest to the front. */
void byte_buffer_drop(byte_buffer *buffer, size_t n);

/* Frees; the buffer may be used again. */
void byte_buffer_done(byte_buffer *buffer);
