#include "time_text.h"

#include "json_number.h"

#define TIMESTAMP_MIN INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define TIMESTAMP_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define DURATION_MAX INT64_C(315576000000)

enum { NANOS_PER_SECOND = 1000000000, SECONDS_PER_DAY = 86400 };

/* A text that is read from the front. */
typedef struct {
    const char *at, *end;
} cursor;

static bool take_digits(cursor *text, int count, int *ret_value)
{
    int value = 0;

    if (text->end - text->at < count)
        return false;
    for (; count > 0; count--, text->at++) {
        if (*text->at < '0' || *text->at > '9')
            return false;
        value = value * 10 + (*text->at - '0');
    }
    *ret_value = value;
    return true;
}

static bool take_one_of(cursor *text, char a, char b)
{
    if (text->at == text->end || (*text->at != a && *text->at != b))
        return false;
    text->at++;
    return true;
}

/* ".25" as nanoseconds; nothing is 0. At most nine digits. */
static bool take_fraction(cursor *text, int32_t *ret_nanos)
{
    int32_t nanos = 0, unit = NANOS_PER_SECOND;

    *ret_nanos = 0;
    if (!take_one_of(text, '.', '.'))
        return true;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9') {
        if (unit == 1)
            return false;
        unit /= 10;
        nanos += (*text->at++ - '0') * unit;
    }
    *ret_nanos = nanos;
    return unit != NANOS_PER_SECOND;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days since 1970-01-01, in years that begin in March, so that the leap day comes last. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static void date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t since = days + 719468, era = since / 146097, in_era = since % 146097;
    int64_t year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t day_of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;

    *ret_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(era * 400 + year_of_era + (*ret_month <= 2));
}

static bool take_date(cursor *text, int64_t *ret_days)
{
    int year, month, day;

    if (!take_digits(text, 4, &year) || !take_one_of(text, '-', '-') || !take_digits(text, 2, &month) ||
        !take_one_of(text, '-', '-') || !take_digits(text, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *ret_days = days_from_date(year, month, day);
    return true;
}

static bool take_time(cursor *text, int64_t *ret_seconds)
{
    int hour, minute, second;

    if (!take_digits(text, 2, &hour) || !take_one_of(text, ':', ':') || !take_digits(text, 2, &minute) ||
        !take_one_of(text, ':', ':') || !take_digits(text, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_seconds = hour * 3600 + minute * 60 + second;
    return true;
}

/* "Z" or "+01:00", in seconds. */
static bool take_offset(cursor *text, int64_t *ret_seconds)
{
    int hours, minutes;
    bool west;

    *ret_seconds = 0;
    if (take_one_of(text, 'Z', 'Z'))
        return true;
    west = text->at < text->end && *text->at == '-';
    if (!take_one_of(text, '+', '-') || !take_digits(text, 2, &hours) || !take_one_of(text, ':', ':') ||
        !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool timestamp_from_text(const char *text, size_t length, int64_t *ret_seconds, int32_t *ret_nanos)
{
    cursor at = {text, text + length};
    int64_t days, seconds, offset;

    if (!take_date(&at, &days) || !take_one_of(&at, 'T', 'T') || !take_time(&at, &seconds) ||
        !take_fraction(&at, ret_nanos) || !take_offset(&at, &offset) || at.at != at.end)
        return false;
    *ret_seconds = days * SECONDS_PER_DAY + seconds - offset;
    return *ret_seconds >= TIMESTAMP_MIN && *ret_seconds <= TIMESTAMP_MAX;
}

static char *put_digits(char *out, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + count;
}

static char *put_fraction(char *out, int32_t nanos)
{
    if (nanos == 0)
        return out;
    *out++ = '.';
    if (nanos % 1000000 == 0)
        return put_digits(out, nanos / 1000000, 3);
    if (nanos % 1000 == 0)
        return put_digits(out, nanos / 1000, 6);
    return put_digits(out, nanos, 9);
}

size_t timestamp_to_text(int64_t seconds, int32_t nanos, char *out)
{
    int64_t days, left;
    int year, month, day;
    char *at = out;

    if (seconds < TIMESTAMP_MIN || seconds > TIMESTAMP_MAX || nanos < 0 || nanos >= NANOS_PER_SECOND)
        return 0;
    left = ((seconds % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
    days = (seconds - left) / SECONDS_PER_DAY;
    date_from_days(days, &year, &month, &day);

    at = put_digits(at, year, 4);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    at = put_digits(at, day, 2);
    *at++ = 'T';
    at = put_digits(at, (int)(left / 3600), 2);
    *at++ = ':';
    at = put_digits(at, (int)(left / 60 % 60), 2);
    *at++ = ':';
    at = put_digits(at, (int)(left % 60), 2);
    at = put_fraction(at, nanos);
    *at++ = 'Z';
    return (size_t)(at - out);
}

bool duration_from_text(const char *text, size_t length, int64_t *ret_seconds, int32_t *ret_nanos)
{
    cursor at = {text, text + length};
    bool negative = take_one_of(&at, '-', '-');
    int64_t seconds = 0;
    const char *first = at.at;

    for (; at.at < at.end && *at.at >= '0' && *at.at <= '9'; at.at++) {
        seconds = seconds * 10 + (*at.at - '0');
        if (seconds > DURATION_MAX)
            return false;
    }
    if (at.at == first || !take_fraction(&at, ret_nanos) || !take_one_of(&at, 's', 's') || at.at != at.end)
        return false;
    *ret_seconds = negative ? -seconds : seconds;
    *ret_nanos = negative ? -*ret_nanos : *ret_nanos;
    return true;
}

size_t duration_to_text(int64_t seconds, int32_t nanos, char *out)
{
    bool negative = seconds < 0 || nanos < 0;
    char *at = out;

    if (seconds < -DURATION_MAX || seconds > DURATION_MAX || nanos <= -NANOS_PER_SECOND || nanos >= NANOS_PER_SECOND ||
        (negative && (seconds > 0 || nanos > 0)))
        return 0;
    if (negative)
        *at++ = '-';
    at += number_from_uint64((uint64_t)(negative ? -seconds : seconds), at);
    at = put_fraction(at, negative ? -nanos : nanos);
    *at++ = 's';
    return (size_t)(at - out);
}
