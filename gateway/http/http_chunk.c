#include "http_chunk.h"

enum { SIZE_DIGITS_MAX = 15, FRAMING_MAX = 8192 };

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static chunk_state after_size_digit(chunk_reader *reader, uint8_t c)
{
    int value = hex_value(c);

    if (value >= 0) {
        reader->left = reader->left * 16 + (unsigned)value;
        return ++reader->digits <= SIZE_DIGITS_MAX ? CHUNK_SIZE : CHUNK_BAD;
    }
    if (reader->digits == 0)
        return CHUNK_BAD;
    if (c == '\r')
        return CHUNK_SIZE_END;
    return c == ';' || c == ' ' || c == '\t' ? CHUNK_EXTENSION : CHUNK_BAD;
}

static bool is_control(uint8_t c)
{
    return (c < ' ' && c != '\t') || c == 0x7f;
}

static chunk_state next_state(chunk_reader *reader, uint8_t c)
{
    switch (reader->state) {
    case CHUNK_SIZE:
        return after_size_digit(reader, c);
    case CHUNK_EXTENSION:
        return c == '\r' ? CHUNK_SIZE_END : is_control(c) ? CHUNK_BAD : CHUNK_EXTENSION;
    case CHUNK_SIZE_END:
        if (c != '\n')
            return CHUNK_BAD;
        return reader->left > 0 ? CHUNK_DATA : CHUNK_TRAILER_START;
    case CHUNK_DATA_CR:
        return c == '\r' ? CHUNK_DATA_LF : CHUNK_BAD;
    case CHUNK_DATA_LF:
        reader->digits = 0;
        return c == '\n' ? CHUNK_SIZE : CHUNK_BAD;
    case CHUNK_TRAILER_START:
        return c == '\r' ? CHUNK_END_LF : is_control(c) ? CHUNK_BAD : CHUNK_TRAILER;
    case CHUNK_TRAILER:
        return c == '\r' ? CHUNK_TRAILER_LF : is_control(c) ? CHUNK_BAD : CHUNK_TRAILER;
    case CHUNK_TRAILER_LF:
        return c == '\n' ? CHUNK_TRAILER_START : CHUNK_BAD;
    case CHUNK_END_LF:
        return c == '\n' ? CHUNK_DONE : CHUNK_BAD;
    default:
        return reader->state;
    }
}

size_t http_chunk_skip(chunk_reader *reader, const uint8_t *bytes, size_t size)
{
    size_t n = 0;

    while (n < size && reader->state != CHUNK_DATA && reader->state != CHUNK_DONE && reader->state != CHUNK_BAD) {
        reader->state = next_state(reader, bytes[n++]);
        if (++reader->framing > FRAMING_MAX)
            reader->state = CHUNK_BAD;
    }
    return n;
}

void http_chunk_take(chunk_reader *reader, size_t size)
{
    reader->left -= size;
    if (size > 0)
        reader->framing = 0;
    if (reader->left == 0)
        reader->state = CHUNK_DATA_CR;
}
