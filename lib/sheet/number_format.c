#include "number_format.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

number_format number_format_built_in(unsigned id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return FORMAT_DATE;
    if (id == 22)
        return FORMAT_DATE_TIME;
    if (id == 46)
        return FORMAT_SPAN;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
        return FORMAT_TIME;
    return FORMAT_NUMBER;
}

typedef struct {
    bool year_or_day, hour_or_second, month_or_minute, span;
} format_parts;

/* Behind "[h]", "[Red]", "[$-804]" …; the first three of h, m and s count hours that go on. */
static const char *skip_brackets(const char *at, format_parts *parts)
{
    const char *end = strchr(at, ']');
    size_t n;

    if (!end)
        return at + strlen(at);
    n = strspn(at + 1, "hHmMsS");
    if (n > 0 && at + 1 + n == end)
        parts->span = true;
    return end + 1;
}

static const char *skip_quotes(const char *at)
{
    const char *end = strchr(at + 1, '"');

    return end ? end + 1 : at + strlen(at);
}

/* Behind what stands for itself, or at `at` when a letter or digit of the format follows. */
static const char *skip_literal(const char *at, format_parts *parts)
{
    if (*at == '"')
        return skip_quotes(at);
    if (*at == '[')
        return skip_brackets(at, parts);
    if (*at == '\\' || *at == '_' || *at == '*')
        return at + 1 + (at[1] != '\0');
    if (strncasecmp(at, "AM/PM", 5) == 0)
        return at + 5;
    if (strncasecmp(at, "A/P", 3) == 0)
        return at + 3;
    if (strncasecmp(at, "General", 7) == 0)
        return at + 7;
    return at;
}

static void take_letter(char letter, format_parts *parts)
{
    switch (letter) {
    case 'y':
    case 'Y':
    case 'd':
    case 'D':
        parts->year_or_day = true;
        break;
    case 'h':
    case 'H':
    case 's':
    case 'S':
        parts->hour_or_second = true;
        break;
    case 'm':
    case 'M':
        parts->month_or_minute = true;
        break;
    default:
        break;
    }
}

number_format number_format_of(const char *code)
{
    format_parts parts = {0};

    while (*code && *code != ';') { /* the part for numbers above zero */
        const char *behind = skip_literal(code, &parts);

        if (behind == code)
            take_letter(*behind++, &parts);
        code = behind;
    }
    if (parts.year_or_day)
        return parts.hour_or_second || parts.span ? FORMAT_DATE_TIME : FORMAT_DATE;
    if (parts.span)
        return FORMAT_SPAN;
    if (parts.hour_or_second)
        return FORMAT_TIME;
    return parts.month_or_minute ? FORMAT_DATE : FORMAT_NUMBER;
}
