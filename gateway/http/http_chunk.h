/* Bodies that come in chunks (RFC 9112, 7.1): tells data from framing. No sockets, no memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_END,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER_START,
    CHUNK_TRAILER,
    CHUNK_TRAILER_LF,
    CHUNK_END_LF,
    CHUNK_DONE,
    CHUNK_BAD,
} chunk_state;

typedef struct {
    chunk_state state;
    uint64_t left;    /* data bytes of this chunk that were not taken yet */
    unsigned digits;  /* of its size */
    unsigned framing; /* bytes of framing since the last data: a bound for extensions and trailers */
} chunk_reader;

/* Reads framing up to the next data, the end of the body or of the bytes; returns how many bytes that were. In the
 * state CHUNK_DATA the next `left` bytes are data: whoever takes some of them says so with http_chunk_take. */
size_t http_chunk_skip(chunk_reader *reader, const uint8_t *bytes, size_t size);
void http_chunk_take(chunk_reader *reader, size_t size);
