/* Two passes: the first checks every byte and finds the closing quote; the second, only for strings that have escapes,
 * writes what they stand for. */
#include "json_string.h"

#include <string.h>

#include "json_plain.h"
#include "utf8.h"

static const uint8_t *skip_plain(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= 8) {
        size_t n = json_plain_of_eight(at);

        at += n;
        if (n < 8)
            return at;
    }
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at `at`, or -1. */
static int32_t hex_four(const uint8_t *at, const uint8_t *end)
{
    int32_t value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

static bool is_high_surrogate(int32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low_surrogate(int32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Bytes of the escape whose backslash is at `at`; 0 when it is malformed. */
static size_t escape_length(const uint8_t *at, const uint8_t *end)
{
    int32_t unit;

    if (end - at < 2)
        return 0;
    if (at[1] != 'u')
        return strchr("\"\\/bfnrt", at[1]) && at[1] ? 2 : 0;
    unit = hex_four(at + 2, end);
    if (unit < 0 || is_low_surrogate(unit))
        return 0;
    if (!is_high_surrogate(unit))
        return 6;
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u' || !is_low_surrogate(hex_four(at + 8, end)))
        return 0;
    return 12;
}

/* Returns the closing quote, or NULL with the fault set. */
static const uint8_t *check(json_reader *reader, const uint8_t *at, bool *ret_escapes)
{
    const uint8_t *end = reader->end;

    *ret_escapes = false;
    for (;;) {
        size_t n;

        at = skip_plain(at, end);
        reader->at = at;
        if (at == end)
            return reader->fault = "ends within a string", NULL;
        if (*at == '"')
            return at;
        if (*at < 0x20)
            return reader->fault = "has a control character in a string", NULL;
        if (*at == '\\') {
            n = escape_length(at, end);
            if (n == 0)
                return reader->fault = "has a malformed escape in a string", NULL;
            *ret_escapes = true;
        } else {
            n = utf8_length(at, end);
            if (n == 0)
                return reader->fault = "is not valid UTF-8", NULL;
        }
        at += n;
    }
}

static uint8_t *unescape_one(const uint8_t **in, uint8_t *out)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    const uint8_t *at = *in + 2;
    uint8_t c = (*in)[1];
    const char *letter;
    int32_t point;

    if (c == 'u') {
        point = hex_four(at, at + 4);
        at += 4;
        if (is_high_surrogate(point)) {
            point = 0x10000 + ((point - 0xd800) << 10) + (hex_four(at + 2, at + 6) - 0xdc00);
            at += 6;
        }
        out += utf8_encode((uint32_t)point, out);
    } else {
        letter = strchr(letters, c);
        *out++ = letter ? (uint8_t)meanings[letter - letters] : c;
    }
    *in = at;
    return out;
}

/* No escape is shorter than what it stands for, so the string's own length is room enough. */
static bool unescape(json_reader *reader, const uint8_t *at, const uint8_t *end)
{
    uint8_t *text = arena_alloc(reader->memory, (size_t)(end - at)), *out = text;

    if (!text)
        return reader->fault = "needs more memory than a request may take", false;
    while (at < end) {
        if (*at == '\\')
            out = unescape_one(&at, out);
        else
            *out++ = *at++;
    }
    reader->text = (const char *)text;
    reader->length = (size_t)(out - text);
    return true;
}

bool json_string_read(json_reader *reader)
{
    const uint8_t *first = reader->at + 1;
    bool escapes;
    const uint8_t *quote = check(reader, first, &escapes);

    if (!quote)
        return false;
    reader->text = (const char *)first;
    reader->length = (size_t)(quote - first);
    if (escapes && !reader->skipping && !unescape(reader, first, quote))
        return false;
    reader->at = quote + 1;
    return true;
}
