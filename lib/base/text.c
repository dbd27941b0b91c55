#include "text.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hex_encode(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++) {
        *out++ = hex_digits[bytes[i] >> 4];
        *out++ = hex_digits[bytes[i] & 15];
    }
    *out = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(text[2 * i]);
        int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);

        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * n] == '\0';
}

void base64url_encode(const uint8_t *bytes, size_t n, char *out)
{
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < n; i++) {
        held = held << 8 | bytes[i];
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            *out++ = base64url_digits[held >> bits & 63];
        }
    }
    if (bits > 0)
        *out++ = base64url_digits[held << (6 - bits) & 63];
    *out = '\0';
}

void base32_encode(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < n; i++) {
        held = held << 8 | bytes[i];
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            *out++ = digits[held >> bits & 31];
        }
    }
    if (bits > 0)
        *out++ = digits[held << (5 - bits) & 31];
    *out = '\0';
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

/* Characters without the padding; false when there is padding and it does not fill the last group of four. */
static bool strip_padding(const char *text, size_t *length)
{
    size_t n = *length;

    while (n > 0 && text[n - 1] == '=')
        n--;
    if (n != *length && (*length % 4 != 0 || *length - n > 2))
        return false;
    *length = n;
    return n % 4 != 1;
}

long base64_decode(const char *text, size_t length, uint8_t *out, size_t cap)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t written = 0;

    if (!strip_padding(text, &length))
        return -1;
    for (size_t i = 0; i < length; i++) {
        int value = base64_value(text[i]);

        if (value < 0)
            return -1;
        held = held << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            if (written == cap)
                return -1;
            bits -= 8;
            out[written++] = (uint8_t)(held >> bits);
        }
    }
    /* Leftover bits must be zero, or one value would have several spellings. */
    if ((held & ((1u << bits) - 1)) != 0)
        return -1;
    return (long)written;
}

/* Bytes of the character that starts here, at most left; 0 when it is malformed. */
static size_t utf8_character(const unsigned char *at, size_t left)
{
    unsigned char low = 0x80, high = 0xbf; /* what the second byte may be: narrower after E0, ED, F0 and F4 */
    size_t n;

    if (at[0] < 0x80)
        return at[0] != '\0';
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    n = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    if (n > left)
        return 0;

    if (at[0] == 0xe0)
        low = 0xa0; /* below: overlong */
    else if (at[0] == 0xed)
        high = 0x9f; /* above: surrogates */
    else if (at[0] == 0xf0)
        low = 0x90; /* below: overlong */
    else if (at[0] == 0xf4)
        high = 0x8f; /* above: beyond U+10FFFF */
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool utf8_is_valid(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;

    while (length > 0) {
        size_t n = utf8_character(at, length);

        if (n == 0)
            return false;
        at += n;
        length -= n;
    }
    return true;
}

bool int64_parse(const char *text, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = *text == '-';
    int64_t value = 0;

    text += negative;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        int digit = *text - '0';

        /* Built on the negative side, which reaches one further. */
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && __builtin_mul_overflow(value, -1, &value))
        return false;
    if (value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
    const volatile uint8_t *x = a;
    const volatile uint8_t *y = b;
    uint8_t difference = 0;

    for (size_t i = 0; i < n; i++)
        difference |= x[i] ^ y[i];
    return difference == 0;
}
