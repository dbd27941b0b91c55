/* Numbers that are no integers, read and written exactly. What people write, up to 19 digits and neither huge nor tiny,
 * goes through integers of 128 bits; the rest through the C library, whose conversions are used in the "C" locale
 * alone, which the program never leaves. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_number.h"

__extension__ typedef unsigned __int128 wide;

enum { POWERS = 20 };

static const uint64_t power_of_ten[POWERS] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

/* ---- Reading ---- */

/* A number as digits × 10^exponent. */
typedef struct {
    uint64_t digits;
    int exponent;
    bool negative;
} decimal;

/* False when it has more than 19 digits or a long exponent. */
static bool take_apart(const char *text, size_t length, decimal *ret)
{
    const char *at = text, *end = text + length;
    int count = 0, fraction = 0, written = 0;
    bool point = false, minus;

    *ret = (decimal){.negative = *at == '-'};
    for (at += ret->negative; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        ret->digits = ret->digits * 10 + (unsigned)(*at - '0');
        count += count > 0 || *at != '0';
        fraction += point;
    }
    if (count >= POWERS)
        return false;
    if (at < end) {
        minus = *++at == '-';
        at += *at == '-' || *at == '+';
        if (end - at > 4)
            return false;
        for (; at < end; at++)
            written = written * 10 + (*at - '0');
        written = minus ? -written : written;
    }
    ret->exponent = written - fraction;
    return true;
}

/* The nearest double, ties to even, as the conversion from 128 bits rounds. */
static bool compose(const decimal *number, double *ret_value)
{
    double value;

    if (number->digits == 0) {
        value = 0;
    } else if (number->exponent >= 0 && number->exponent < POWERS) {
        value = (double)((wide)number->digits * power_of_ten[number->exponent]);
    } else if (number->exponent < 0 && number->exponent > -POWERS) {
        uint64_t divisor = power_of_ten[-number->exponent];
        int shift = 64 + __builtin_clzll(number->digits);
        wide whole = (wide)number->digits << shift, quotient = whole / divisor;

        /* It has at least 63 bits; what the division left over only breaks ties. */
        quotient |= quotient * divisor != whole;
        value = ldexp((double)quotient, -shift);
    } else {
        return false;
    }
    *ret_value = number->negative ? -value : value;
    return true;
}

static bool copy_text(char *copy, const char *text, size_t length)
{
    if (length > NUMBER_LENGTH_MAX)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return true;
}

bool number_to_double(const char *text, size_t length, double *ret_value)
{
    char copy[NUMBER_LENGTH_MAX + 1];
    decimal number;

    if (take_apart(text, length, &number) && compose(&number, ret_value))
        return true;
    if (!copy_text(copy, text, length))
        return false;
    *ret_value = strtod(copy, NULL);
    return isfinite(*ret_value);
}

/* Whether rounding once more could go the wrong way: the double lies just between two floats, or floats are scarce. */
static bool is_delicate(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x1fffffff) == 0x10000000 || fabs(value) < (double)FLT_MIN;
}

bool number_to_float(const char *text, size_t length, float *ret_value)
{
    char copy[NUMBER_LENGTH_MAX + 1];
    double value;

    if (!number_to_double(text, length, &value))
        return false;
    if (!is_delicate(value))
        *ret_value = (float)value;
    else if (copy_text(copy, text, length))
        *ret_value = strtof(copy, NULL);
    else
        return false;
    return isfinite(*ret_value);
}

/* ---- Writing ---- */

/* A floating-point number as it is in binary: mantissa × 2^exponent. */
typedef struct {
    uint64_t mantissa;
    int exponent;
    bool first; /* the first after a power of two: the next one below is half as far as the next above */
    int digits; /* so many always tell it from its neighbours */
} binary;

static inline wide shifted_up(wide value, int by)
{
    return (value + (((wide)1 << by) - 1)) >> by;
}

/* Of the decimals with the fewest digits that read back the same, the nearest. The number must be at least 10^−4 and
 * have an exponent below 0; `order` is how many digits it has before the point. Everything is counted in quarters of
 * the mantissa's last bit, times the power of ten that makes all its digits whole. */
static decimal shortest(const binary *number, int order)
{
    int places = number->digits - order, shift = 2 - number->exponent;
    wide unit = places < POWERS ? power_of_ten[places] : (wide)power_of_ten[POWERS - 1] * 10;
    wide centre = number->mantissa * 4 * unit, half = (wide)1 << (shift - 1), rest = centre & ((half << 1) - 1);
    unsigned open = number->mantissa & 1; /* numbers half way belong to the even neighbour */
    uint64_t low = (uint64_t)shifted_up(centre - unit * (number->first ? 1 : 2) + open, shift);
    uint64_t high = (uint64_t)((centre + unit * 2 - open) >> shift);
    uint64_t whole = (uint64_t)(centre >> shift), step = 1, nearest, left;

    while ((low + 9) / 10 <= high / 10) {
        low = (low + 9) / 10;
        high /= 10;
        step *= 10;
        places--;
    }
    nearest = whole / step;
    left = whole % step;
    if (step == 1 ? rest >= half : left * 2 >= step)
        nearest++;
    nearest = nearest < low ? low : nearest > high ? high : nearest;
    return (decimal){nearest, -places, false};
}

/* Without an exponent: "0.00125", "12.5", "1250". */
static size_t write_plain(const decimal *number, char *out)
{
    char digits[NUMBER_TEXT_MAX];
    size_t count = number_from_uint64(number->digits, digits), whole;
    size_t places = number->exponent < 0 ? (size_t)-number->exponent : 0;
    char *at = out;

    if (number->exponent >= 0) {
        memcpy(at, digits, count);
        memset(at + count, '0', (size_t)number->exponent);
        return count + (size_t)number->exponent;
    }
    whole = count > places ? count - places : 0;
    memcpy(at, digits, whole);
    at += whole;
    if (whole == 0)
        *at++ = '0';
    *at++ = '.';
    if (places > count) {
        memset(at, '0', places - count);
        at += places - count;
    }
    memcpy(at, digits + whole, count - whole);
    return (size_t)(at - out) + count - whole;
}

/* Digits before the point: 0 for 0.1, −1 for 0.01. */
static int order_of(double value)
{
    static const double orders[] = {1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                    1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    int order = -3;

    for (size_t i = 0; i < sizeof orders / sizeof *orders && value >= orders[i]; i++)
        order++;
    return order;
}

static size_t write_shortest(const binary *number, double value, bool negative, char *out)
{
    decimal found = shortest(number, order_of(value));

    *out = '-';
    return negative + write_plain(&found, out + negative);
}

size_t number_from_double(double value, char *out)
{
    double size = fabs(value);
    uint64_t bits;
    int n = 0;

    if (size < 1e15 && value == (double)(int64_t)value && !(value == 0 && signbit(value)))
        return number_from_int64((int64_t)value, out);
    if (size >= 1e-4 && size < 0x1p53) {
        memcpy(&bits, &size, sizeof bits);
        binary number = {bits & ((UINT64_C(1) << 52) - 1), (int)(bits >> 52) - 1075, false, 17};

        number.first = number.mantissa == 0;
        number.mantissa |= UINT64_C(1) << 52;
        return write_shortest(&number, size, value < 0, out);
    }
    for (int digits = size < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        n = snprintf(out, NUMBER_TEXT_MAX, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return (size_t)n;
}

size_t number_from_float(float value, char *out)
{
    float size = fabsf(value);
    uint32_t bits;
    int n = 0;

    if (size < 1e6f && value == (float)(int32_t)value && !(value == 0 && signbit(value)))
        return number_from_int64((int32_t)value, out);
    if (size >= 1e-4f && size < 0x1p24f) {
        memcpy(&bits, &size, sizeof bits);
        binary number = {bits & ((1u << 23) - 1), (int)(bits >> 23) - 150, false, 9};

        number.first = number.mantissa == 0;
        number.mantissa |= 1u << 23;
        return write_shortest(&number, (double)size, value < 0, out);
    }
    for (int digits = size < FLT_MIN ? 1 : 6; digits <= 9; digits++) {
        n = snprintf(out, NUMBER_TEXT_MAX, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value)
            break;
    }
    return (size_t)n;
}
