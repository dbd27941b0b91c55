#include "cell_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 17, EXACT = 15 /* digits that every double keeps */ };

/* "d.ddde±x" with as few digits as bring the same number back. */
static void shortest(double value, char out[40])
{
    for (int digits = EXACT; digits <= DIGITS_MAX; digits++) {
        snprintf(out, 40, "%.*e", digits - 1, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

/* Digits without the zeros at their end, and where the point stands behind the first of them. */
static size_t take_apart(const char *scientific, char digits[DIGITS_MAX + 1], int *ret_point)
{
    size_t count = 0;

    for (; *scientific && *scientific != 'e'; scientific++)
        if (*scientific >= '0' && *scientific <= '9' && count < DIGITS_MAX)
            digits[count++] = *scientific;
    *ret_point = *scientific == 'e' ? atoi(scientific + 1) + 1 : 1;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

bool cell_text_of_number(double value, char out[CELL_TEXT_MAX], size_t *ret_length)
{
    char scientific[40], digits[DIGITS_MAX + 1], *at = out;
    int point;

    if (!isfinite(value))
        return false;
    if (value == trunc(value) && fabs(value) < 1e15) {
        *ret_length = (size_t)snprintf(out, CELL_TEXT_MAX, "%lld", (long long)value);
        return true;
    }
    shortest(fabs(value), scientific);
    int count = (int)take_apart(scientific, digits, &point);
    if (value < 0)
        *at++ = '-';
    if (point <= 0) {
        *at++ = '0';
        *at++ = '.';
        for (int i = point; i < 0; i++)
            *at++ = '0';
    }
    for (int i = 0; i < count || i < point; i++) {
        if (i == point && i > 0)
            *at++ = '.';
        *at++ = i < count ? digits[i] : '0';
    }
    *at = '\0';
    *ret_length = (size_t)(at - out);
    return true;
}

/* An optional sign and digits. */
static bool is_whole(const char *text, size_t length)
{
    size_t i = length > 0 && *text == '-';

    if (i == length)
        return false;
    for (; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static bool is_decimal(const char *text, size_t length)
{
    return length > 0 && length < CELL_TEXT_MAX && strspn(text, "0123456789+-.eE") == length;
}

bool cell_text_of_decimal(const char *text, size_t length, char out[CELL_TEXT_MAX], size_t *ret_length)
{
    char copy[CELL_TEXT_MAX], *end;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (is_whole(copy, length)) {
        bool negative = *copy == '-';
        char *first = copy + negative;

        while (*first == '0' && first[1])
            first++;
        *ret_length = (size_t)snprintf(out, CELL_TEXT_MAX, "%s%s", negative && *first != '0' ? "-" : "", first);
        return true;
    }
    if (!is_decimal(copy, length))
        return false;
    double value = strtod(copy, &end);
    return *end == '\0' && cell_text_of_number(value, out, ret_length);
}

enum { SECONDS_A_DAY = 86400, DAY_OF_YEAR_10000 = 2958466 /* since the end of 1899, as all day numbers here */ };

/* 1900 counts as a leap year in sheets since 1900, so a day is wrong before its March and there is one that never was.
 */
static void civil(long day, int *year, int *month, int *mday)
{
    if (day == 60) {
        *year = 1900, *month = 2, *mday = 29;
        return;
    }
    /* Days since March of year 0, in eras of 400 years. */
    long since = day + (day < 60) + 693899;
    long era = since / 146097, of_era = since % 146097;
    long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long shifted = (5 * of_year + 2) / 153;

    *mday = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static size_t time_text(long seconds, char *out, size_t room)
{
    return (size_t)snprintf(out, room, "%02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

bool cell_text_of_moment(double days, number_format format, bool since_1904, char out[CELL_TEXT_MAX],
                         size_t *ret_length)
{
    int year, month, mday;
    size_t length;

    if (format == FORMAT_NUMBER || !(days >= 0) || days >= DAY_OF_YEAR_10000)
        return false;
    long long all = llround(days * SECONDS_A_DAY);
    long day = (long)(all / SECONDS_A_DAY), seconds = (long)(all % SECONDS_A_DAY);

    if (format == FORMAT_SPAN || (format == FORMAT_TIME && day == 0)) {
        *ret_length = time_text((long)all, out, CELL_TEXT_MAX);
        return true;
    }
    if (since_1904)
        day += 1462;
    if (day < 1 || day >= DAY_OF_YEAR_10000)
        return false;
    civil(day, &year, &month, &mday);
    length = (size_t)snprintf(out, CELL_TEXT_MAX, "%04d-%02d-%02d", year, month, mday);
    if (format != FORMAT_DATE && seconds > 0) {
        out[length++] = ' ';
        length += time_text(seconds, out + length, CELL_TEXT_MAX - length);
    }
    *ret_length = length;
    return true;
}

size_t utf8_put(uint32_t point, char *out)
{
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(marks[length] | point);
    return length;
}
