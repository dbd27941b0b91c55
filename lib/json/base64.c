#include "base64.h"

enum { NO_DIGIT = 0x80, TABLE_FIRST = 0x20, TABLE_SIZE = 0x60 };

#define XX NO_DIGIT
/* What the characters from the space on stand for. */
static const uint8_t digits[TABLE_SIZE] = {
    XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, 62, XX, 62, XX, 63, 52, 53, 54, 55, 56, 57, 58, 59,
    60, 61, XX, XX, XX, XX, XX, XX, XX, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, XX, XX, XX, XX, 63, XX, 26, 27, 28, 29, 30, 31, 32,
    33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, XX, XX, XX, XX, XX,
};
#undef XX

static inline uint8_t digit_of(char c)
{
    uint8_t at = (uint8_t)((uint8_t)c - TABLE_FIRST);

    return at < TABLE_SIZE ? digits[at] : NO_DIGIT;
}

size_t base64_size(const char *text, size_t *length)
{
    size_t n = *length;

    /* Padding fills up a group of four; anything else that ends in = keeps it and is refused for it. */
    if (n > 0 && n % 4 == 0 && text[n - 1] == '=')
        n -= text[n - 2] == '=' ? 2 : 1;
    *length = n;
    return n / 4 * 3 + n % 4 * 3 / 4;
}

bool base64_read(const char *text, size_t length, uint8_t *out)
{
    const char *end = text + length / 4 * 4;
    uint8_t a, b, c, d, bad = 0;

    for (; text < end; text += 4, out += 3) {
        a = digit_of(text[0]);
        b = digit_of(text[1]);
        c = digit_of(text[2]);
        d = digit_of(text[3]);
        bad |= a | b | c | d;
        out[0] = (uint8_t)(a << 2 | b >> 4);
        out[1] = (uint8_t)(b << 4 | c >> 2);
        out[2] = (uint8_t)(c << 6 | d);
    }
    length %= 4;
    if (length < 2) /* one digit alone is no byte */
        return length == 0 && bad < NO_DIGIT;
    a = digit_of(text[0]);
    b = digit_of(text[1]);
    c = length > 2 ? digit_of(text[2]) : 0;
    out[0] = (uint8_t)(a << 2 | b >> 4);
    if (length > 2)
        out[1] = (uint8_t)(b << 4 | c >> 2);
    return (bad | a | b | c) < NO_DIGIT;
}
