/* The grammar of numbers, and integers; json_float.c has the rest. */
#include "json_number.h"

#include <string.h>

enum {
    DIGITS_OF_UINT64 = 20,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(const char *text, size_t at, size_t size)
{
    size_t n = 0;

    while (at + n < size && is_digit(text[at + n]))
        n++;
    return n;
}

size_t number_length(const char *text, size_t size)
{
    size_t at = size > 0 && text[0] == '-', n = digits_at(text, at, size);

    if (n == 0 || (n > 1 && text[at] == '0'))
        return 0;
    at += n;
    if (at < size && text[at] == '.') {
        n = digits_at(text, at + 1, size);
        if (n == 0)
            return 0;
        at += 1 + n;
    }
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < size && (text[at + 1] == '+' || text[at + 1] == '-');

        n = digits_at(text, at + 1 + sign, size);
        if (n == 0)
            return 0;
        at += 1 + sign + n;
    }
    return at;
}

/* A number taken apart: digits × 10^exponent, without zeros at either end. */
typedef struct {
    bool negative;
    char digits[DIGITS_OF_UINT64];
    size_t count;
    long exponent;
} decimal;

/* The exponent that is written after 'e', held within what can still matter. */
static long written_exponent(const char *text, size_t length)
{
    bool negative = length > 0 && text[0] == '-';
    size_t at = length > 0 && (text[0] == '-' || text[0] == '+');
    long value = 0;

    for (; at < length; at++)
        if (value < 1000000)
            value = value * 10 + (text[at] - '0');
    return negative ? -value : value;
}

/* False when there are more significant digits than any 64-bit integer has. */
static bool decimal_read(const char *text, size_t length, decimal *ret)
{
    size_t at = text[0] == '-';
    bool fraction = false;
    long zeros = 0; /* seen since the last other digit: they count only if another one follows */

    *ret = (decimal){.negative = at == 1};
    for (; at < length && text[at] != 'e' && text[at] != 'E'; at++) {
        if (text[at] == '.') {
            fraction = true;
            continue;
        }
        ret->exponent -= fraction;
        if (text[at] == '0') {
            zeros++;
            continue;
        }
        if (ret->count == 0)
            zeros = 0;
        if (ret->count + (size_t)zeros >= DIGITS_OF_UINT64)
            return false;
        memset(ret->digits + ret->count, '0', (size_t)zeros);
        ret->count += (size_t)zeros;
        ret->digits[ret->count++] = text[at];
        zeros = 0;
    }
    ret->exponent += zeros;
    if (at < length)
        ret->exponent += written_exponent(text + at + 1, length - at - 1);
    return true;
}

/* The number without its sign; false when it is no integer or takes more than 64 bits. */
static bool magnitude(const char *text, size_t length, uint64_t *ret_value)
{
    decimal number;
    uint64_t value = 0;

    if (length > NUMBER_LENGTH_MAX || !decimal_read(text, length, &number))
        return false;
    *ret_value = 0;
    if (number.count == 0)
        return true;
    if (number.exponent < 0 || number.exponent >= DIGITS_OF_UINT64)
        return false;
    for (size_t i = 0; i < number.count + (size_t)number.exponent; i++) {
        unsigned digit = i < number.count ? (unsigned)(number.digits[i] - '0') : 0;

        if (__builtin_mul_overflow(value, UINT64_C(10), &value) || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

/* Nearly all integers are few plain digits. */
static bool short_digits(const char *text, size_t length, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (length == 0 || length >= DIGITS_OF_UINT64 || digits_at(text, 0, length) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        value = value * 10 + (unsigned)(text[i] - '0');
    *ret_value = value;
    return true;
}

bool number_to_uint64(const char *text, size_t length, uint64_t *ret_value)
{
    uint64_t value;

    if (!short_digits(text, length, &value) && !magnitude(text, length, &value))
        return false;
    if (text[0] == '-' && value != 0)
        return false;
    *ret_value = value;
    return true;
}

bool number_to_int64(const char *text, size_t length, int64_t *ret_value)
{
    bool negative = text[0] == '-';
    uint64_t value, limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;

    if (!short_digits(text + negative, length - negative, &value) && !magnitude(text, length, &value))
        return false;
    if (value > limit)
        return false;
    *ret_value = (int64_t)(negative ? 0 - value : value);
    return true;
}

size_t number_from_uint64(uint64_t value, char *out)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
        "9899";
    char text[DIGITS_OF_UINT64], *end = text + sizeof text, *at = end;

    for (; value >= 10; value /= 100)
        at = memcpy(at - 2, pairs + value % 100 * 2, 2);
    if (value > 0 || at == end)
        *--at = (char)('0' + value);
    memcpy(out, at, (size_t)(end - at));
    return (size_t)(end - at);
}

size_t number_from_int64(int64_t value, char *out)
{
    if (value >= 0)
        return number_from_uint64((uint64_t)value, out);
    *out = '-';
    return 1 + number_from_uint64(0 - (uint64_t)value, out + 1);
}
