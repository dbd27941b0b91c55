#include "percent.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %XX at the front stands for, −1 when it is malformed. */
static int escaped_byte(const char *text, size_t left)
{
    int high = left < 3 ? -1 : hex_digit(text[1]), low = high < 0 ? -1 : hex_digit(text[2]);

    return low < 0 ? -1 : high << 4 | low;
}

bool percent_is_malformed(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '%' && escaped_byte(text + i, length - i) < 0)
            return true;
    return false;
}

const char *percent_decode(arena *memory, percent_rule rule, const char *text, size_t length, size_t *ret_length)
{
    char *copy;
    size_t n = 0;

    *ret_length = length;
    if (!memchr(text, '%', length) && (rule != PERCENT_QUERY || !memchr(text, '+', length)))
        return text;
    copy = arena_alloc(memory, length);
    if (!copy)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        int byte;

        if (text[i] != '%') {
            copy[n++] = rule == PERCENT_QUERY && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        byte = escaped_byte(text + i, length - i);
        if (byte < 0)
            return NULL;
        if (rule == PERCENT_RESERVED && byte == '/') {
            memcpy(copy + n, text + i, 3);
            n += 3;
        } else {
            copy[n++] = (char)byte;
        }
        i += 2;
    }
    *ret_length = n;
    return copy;
}
