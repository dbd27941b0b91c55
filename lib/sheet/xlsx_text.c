#include "xlsx_text.h"

#include <stdint.h>
#include <string.h>

enum { ESCAPE = 7 /* "_x0041_" */ };

void xlsx_text_clear(xlsx_text *t)
{
    t->length = 0;
    t->run = 0;
    t->verbatim = true;
}

void xlsx_text_append(xlsx_text *t, const char *text, size_t length)
{
    if (length > XLSX_TEXT_MAX - t->length)
        length = XLSX_TEXT_MAX - t->length;
    memcpy(t->bytes + t->length, text, length);
    t->length += length;
}

void xlsx_text_run_begins(xlsx_text *t, const char *space)
{
    t->run = t->length;
    t->verbatim = space && strcmp(space, "preserve") == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void xlsx_text_run_ends(xlsx_text *t)
{
    size_t first = t->run;

    if (t->verbatim)
        return;
    while (t->length > t->run && is_blank(t->bytes[t->length - 1]))
        t->length--;
    while (first < t->length && is_blank(t->bytes[first]))
        first++;
    if (first > t->run) {
        memmove(t->bytes + t->run, t->bytes + first, t->length - first);
        t->length -= first - t->run;
    }
}

static bool hex_digit(char c, uint32_t *value)
{
    if (c >= '0' && c <= '9')
        *value = *value * 16 + (uint32_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *value = *value * 16 + (uint32_t)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
        *value = *value * 16 + (uint32_t)(c - 'A' + 10);
    else
        return false;
    return true;
}

static bool escape_read(const char *at, size_t left, uint32_t *ret_unit)
{
    *ret_unit = 0;
    if (left < ESCAPE || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return false;
    for (int i = 2; i < 6; i++)
        if (!hex_digit(at[i], ret_unit))
            return false;
    return true;
}

/* Bytes of the escape that the text begins with, two of them for a character beyond U+FFFF; 0 when it begins with none
 * or with one that no text can hold. */
static size_t escape_length(const char *at, size_t left, uint32_t *ret_point)
{
    uint32_t low;

    if (!escape_read(at, left, ret_point) || *ret_point == 0)
        return 0;
    if (*ret_point < 0xd800 || *ret_point > 0xdfff)
        return ESCAPE;
    if (*ret_point > 0xdbff || !escape_read(at + ESCAPE, left - ESCAPE, &low) || low < 0xdc00 || low > 0xdfff)
        return 0;
    *ret_point = 0x10000 + ((*ret_point - 0xd800) << 10) + (low - 0xdc00);
    return (size_t)ESCAPE * 2;
}

static size_t utf8_write(uint32_t point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(marks[length] | point);
    return length;
}

void xlsx_text_finish(xlsx_text *t)
{
    size_t to = 0;

    t->bytes[t->length] = '\0';
    if (!memmem(t->bytes, t->length, "_x", 2))
        return;
    for (size_t from = 0; from < t->length;) {
        uint32_t point;
        size_t n = escape_length(t->bytes + from, t->length - from, &point);

        if (n == 0) {
            t->bytes[to++] = t->bytes[from++];
        } else {
            to += utf8_write(point, t->bytes + to);
            from += n;
        }
    }
    t->length = to;
    t->bytes[to] = '\0';
}
