#include "json_writer.h"

#include <math.h>

#include "json_number.h"
#include "json_plain.h"
#include "utf8.h"

void json_writer_init(json_writer *writer, byte_buffer *out)
{
    *writer = (json_writer){.out = out};
}

/* Room for n bytes and the comma before them, already written if due; NULL after a failure. */
static inline uint8_t *value_room(json_writer *writer, size_t n)
{
    byte_buffer *out = writer->out;
    uint8_t *at;

    if (writer->failed)
        return NULL;
    if (out->room > out->size && out->room - out->size > n + 2 && out->cap - out->size > n)
        at = out->data + out->size;
    else
        at = byte_buffer_reserve(out, n + 1);
    if (!at) {
        writer->failed = true;
        return NULL;
    }
    if (writer->comma) {
        *at++ = ',';
        out->size++;
    }
    return at;
}

static inline void wrote(json_writer *writer, size_t n, bool comma)
{
    writer->out->size += n;
    writer->comma = comma;
}

void json_ready(json_writer *writer, const char *value, size_t length)
{
    uint8_t *at = value_room(writer, length);

    if (!at)
        return;
    memcpy(at, value, length);
    wrote(writer, length, true);
}

void json_ready_key(json_writer *writer, const char *quoted, size_t length)
{
    json_ready(writer, quoted, length);
    writer->comma = false;
}

static void open_container(json_writer *writer, uint8_t bracket)
{
    uint8_t *at = value_room(writer, 1);

    if (!at)
        return;
    *at = bracket;
    wrote(writer, 1, false);
}

static void close_container(json_writer *writer, uint8_t bracket)
{
    writer->comma = false;
    open_container(writer, bracket);
    writer->comma = true;
}

void json_open_object(json_writer *writer)
{
    open_container(writer, '{');
}

void json_close_object(json_writer *writer)
{
    close_container(writer, '}');
}

void json_open_array(json_writer *writer)
{
    open_container(writer, '[');
}

void json_close_array(json_writer *writer)
{
    close_container(writer, ']');
}

enum { NEEDS_UTF8 = 1 };

/* 0 for characters that stand for themselves, 'u' for those that need \u00XX, else the letter of the escape. The line
 * separators U+2028 and U+2029 are left alone: no browser trips over them in JSON. */
static const uint8_t care_of[256] = {
    [0 ... 7] = 'u',
    ['\b'] = 'b',
    ['\t'] = 't',
    ['\n'] = 'n',
    [11] = 'u',
    ['\f'] = 'f',
    ['\r'] = 'r',
    ['"'] = '"',
    ['\\'] = '\\',
    [14 ... 31] = 'u',
    [0x80 ... 0xff] = NEEDS_UTF8,
};

static uint8_t *escape(uint8_t *at, uint8_t c, uint8_t care)
{
    static const char digits[] = "0123456789abcdef";

    *at++ = '\\';
    *at++ = care;
    if (care == 'u') {
        *at++ = '0';
        *at++ = '0';
        *at++ = (uint8_t)digits[c >> 4];
        *at++ = (uint8_t)digits[c & 15];
    }
    return at;
}

/* One character as it is, an invalid one as U+FFFD if that is allowed; NULL if not. */
static uint8_t *copy_character(uint8_t *at, const uint8_t **in, const uint8_t *end, bool lossy)
{
    size_t n = utf8_length(*in, end);

    if (n > 0) {
        memcpy(at, *in, n);
        *in += n;
        return at + n;
    }
    ++*in;
    return lossy ? at + utf8_encode(0xfffd, at) : NULL;
}

/* Six bytes for one is the worst that can happen to a string. Returns past the last byte, NULL on invalid UTF-8. */
static uint8_t *escape_all(uint8_t *at, const uint8_t *in, const uint8_t *end, bool lossy)
{
    while (at && in < end) {
        uint8_t care;

        if (end - in >= 8) {
            size_t n = json_plain_of_eight(in);

            memcpy(at, in, 8); /* what is not plain is written over */
            at += n;
            in += n;
            if (n == 8)
                continue;
        }
        care = care_of[*in];
        if (care == 0)
            *at++ = *in++;
        else if (care == NEEDS_UTF8)
            at = copy_character(at, &in, end, lossy);
        else
            at = escape(at, *in++, care);
    }
    return at;
}

/* Pieces, so that the room asked for stays near what the text takes; cut only between characters. */
static size_t piece_length(const uint8_t *in, size_t left)
{
    enum { PIECE = 4096 };
    size_t n = left;

    if (left <= PIECE)
        return left;
    for (n = PIECE; n > PIECE - 4 && (in[n] & 0xc0) == 0x80; n--)
        ;
    return n;
}

static void write_string(json_writer *writer, const char *text, size_t length, bool lossy, uint8_t after)
{
    const uint8_t *in = (const uint8_t *)text, *end = in + length;
    uint8_t *begins, *at;
    bool first = true;

    do {
        size_t n = piece_length(in, (size_t)(end - in));

        begins = at = value_room(writer, n * 6 + 3);
        if (!at)
            return;
        if (first)
            *at++ = '"';
        first = false;
        at = escape_all(at, in, in + n, lossy);
        if (!at) {
            writer->failed = true;
            return;
        }
        in += n;
        if (in == end)
            *at++ = '"';
        if (in == end && after)
            *at++ = after;
        wrote(writer, (size_t)(at - begins), false);
    } while (in < end);
    writer->comma = after == 0;
}

void json_key(json_writer *writer, const char *key, size_t length)
{
    write_string(writer, key, length, false, ':');
}

void json_text(json_writer *writer, const char *text, size_t length)
{
    write_string(writer, text, length, false, 0);
}

void json_text_lossy(json_writer *writer, const char *text, size_t length)
{
    write_string(writer, text, length, true, 0);
}

void json_base64(json_writer *writer, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = size / 3 * 4 + (size % 3 ? 4 : 0) + 2;
    uint8_t *at = size > SIZE_MAX / 2 ? NULL : value_room(writer, length);

    if (!at) {
        writer->failed = true;
        return;
    }
    *at++ = '"';
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)bytes[i] << 16;

        three |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        three |= left > 2 ? bytes[i + 2] : 0;
        *at++ = (uint8_t)digits[three >> 18];
        *at++ = (uint8_t)digits[three >> 12 & 63];
        *at++ = left > 1 ? (uint8_t)digits[three >> 6 & 63] : '=';
        *at++ = left > 2 ? (uint8_t)digits[three & 63] : '=';
    }
    *at = '"';
    wrote(writer, length, true);
}

void json_bool(json_writer *writer, bool value)
{
    json_ready(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_null(json_writer *writer)
{
    json_ready(writer, "null", 4);
}

void json_int(json_writer *writer, int64_t value)
{
    char text[NUMBER_TEXT_MAX];

    json_ready(writer, text, number_from_int64(value, text));
}

void json_uint(json_writer *writer, uint64_t value)
{
    char text[NUMBER_TEXT_MAX];

    json_ready(writer, text, number_from_uint64(value, text));
}

static void quoted(json_writer *writer, char *text, size_t length)
{
    text[0] = text[length + 1] = '"';
    json_ready(writer, text, length + 2);
}

void json_quoted_int(json_writer *writer, int64_t value)
{
    char text[NUMBER_TEXT_MAX + 2];

    quoted(writer, text, number_from_int64(value, text + 1));
}

void json_quoted_uint(json_writer *writer, uint64_t value)
{
    char text[NUMBER_TEXT_MAX + 2];

    quoted(writer, text, number_from_uint64(value, text + 1));
}

/* True when it was one of those that JSON has no number for. */
static bool wrote_special(json_writer *writer, double value)
{
    if (isnan(value))
        json_ready(writer, "\"NaN\"", 5);
    else if (isinf(value) && value > 0)
        json_ready(writer, "\"Infinity\"", 10);
    else if (isinf(value))
        json_ready(writer, "\"-Infinity\"", 11);
    else
        return false;
    return true;
}

void json_double(json_writer *writer, double value)
{
    char text[NUMBER_TEXT_MAX];

    if (!wrote_special(writer, value))
        json_ready(writer, text, number_from_double(value, text));
}

void json_float(json_writer *writer, float value)
{
    char text[NUMBER_TEXT_MAX];

    if (!wrote_special(writer, value))
        json_ready(writer, text, number_from_float(value, text));
}
