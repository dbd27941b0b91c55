#include "xlsx_text.h"

#include <stdint.h>
#include <string.h>

#include "cell_text.h"

enum { ESCAPE = 7 /* "_x0041_" */ };

void xlsx_text_clear(xlsx_text *t)
{
    t->length = 0;
}

void xlsx_text_append(xlsx_text *t, const char *text, size_t length)
{
    if (length > XLSX_TEXT_MAX - t->length)
        length = XLSX_TEXT_MAX - t->length;
    memcpy(t->bytes + t->length, text, length);
    t->length += length;
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
            to += utf8_put(point, t->bytes + to);
            from += n;
        }
    }
    t->length = to;
    t->bytes[to] = '\0';
}
