/* What cells mean: words of genders, and dates as people write them. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "columns.h"
#include "date.h"
#include "smartpass/v1/people.pb-c.h"

/* ---- Genders ----------------------------------------------------------------------------------------------------- */

static const struct {
    int gender;
    const char *words[LANGUAGES];
    const char *others[4];
} GENDERS[] = {
    {SMARTPASS__V1__GENDER__GENDER_FEMALE, {"Female", "女"}, {"F", "W", "女性", NULL}},
    {SMARTPASS__V1__GENDER__GENDER_MALE, {"Male", "男"}, {"M", "男性", NULL}},
    {SMARTPASS__V1__GENDER__GENDER_OTHER, {"Other", "其他"}, {"O", "X", "其它", NULL}},
};

enum { GENDERS_COUNT = sizeof GENDERS / sizeof *GENDERS };

const char *gender_word(int gender, sheet_language language)
{
    for (int i = 0; i < GENDERS_COUNT; i++)
        if (GENDERS[i].gender == gender)
            return GENDERS[i].words[language];
    return "";
}

static bool gender_has_word(int index, const char *text)
{
    for (int i = 0; i < LANGUAGES; i++)
        if (strcasecmp(GENDERS[index].words[i], text) == 0)
            return true;
    for (const char *const *other = GENDERS[index].others; *other; other++)
        if (strcasecmp(*other, text) == 0)
            return true;
    return false;
}

bool gender_read(const char *text, int *ret_gender)
{
    *ret_gender = SMARTPASS__V1__GENDER__GENDER_UNSPECIFIED;
    if (!*text)
        return true;
    for (int i = 0; i < GENDERS_COUNT; i++)
        if (gender_has_word(i, text)) {
            *ret_gender = GENDERS[i].gender;
            return true;
        }
    return false;
}

/* ---- Dates ------------------------------------------------------------------------------------------------------- */

typedef struct {
    int value, digits;
} digit_group;

static const char *group_read(const char *at, digit_group *ret_group)
{
    *ret_group = (digit_group){0, 0};
    for (; *at >= '0' && *at <= '9' && ret_group->digits < 8; at++, ret_group->digits++)
        ret_group->value = ret_group->value * 10 + (*at - '0');
    return at;
}

/* Past one separator with blanks around it; NULL when there is none. */
static const char *separator_skip(const char *at, const char *chinese)
{
    size_t n = strlen(chinese);

    while (*at == ' ')
        at++;
    if (strncmp(at, chinese, n) == 0)
        at += n;
    else if (*at && strchr("-/.", *at))
        at++;
    else
        return NULL;
    while (*at == ' ')
        at++;
    return at;
}

/* What may follow a date: a time of the day, which does not count. */
static bool is_time_or_end(const char *at)
{
    if (strncmp(at, "日", strlen("日")) == 0)
        at += strlen("日");
    if (!*at)
        return true;
    return (*at == ' ' || *at == 'T') && strspn(at + 1, "0123456789:. Z") == strlen(at + 1);
}

static date_verdict date_write(int year, int month, int day, char ret_date[DATE_TEXT_SIZE])
{
    char text[40];

    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    if (!date_is_real(text))
        return DATE_UNREADABLE;
    memcpy(ret_date, text, DATE_TEXT_SIZE);
    return DATE_READ;
}

/* 13/05/2026 and 05/13/2026 have one reading each, 05/06/2026 has two. */
static date_verdict year_last(int first, int second, int year, char ret_date[DATE_TEXT_SIZE])
{
    if (first > 12)
        return date_write(year, second, first, ret_date);
    if (second > 12 || first == second)
        return date_write(year, first, second, ret_date);
    return DATE_AMBIGUOUS;
}

date_verdict date_read(const char *text, char ret_date[DATE_TEXT_SIZE])
{
    digit_group g[3];
    const char *at = group_read(text, &g[0]);

    ret_date[0] = '\0';
    if (!*text)
        return DATE_READ;
    if (g[0].digits == 8 && is_time_or_end(at))
        return date_write(g[0].value / 10000, g[0].value / 100 % 100, g[0].value % 100, ret_date);
    at = separator_skip(at, "年");
    if (at)
        at = separator_skip(group_read(at, &g[1]), "月");
    if (!at || !is_time_or_end(group_read(at, &g[2])))
        return DATE_UNREADABLE;
    if (g[0].digits == 4 && g[1].digits >= 1 && g[1].digits <= 2 && g[2].digits >= 1 && g[2].digits <= 2)
        return date_write(g[0].value, g[1].value, g[2].value, ret_date);
    if (g[2].digits == 4 && g[0].digits >= 1 && g[0].digits <= 2 && g[1].digits >= 1 && g[1].digits <= 2)
        return year_last(g[0].value, g[1].value, g[2].value, ret_date);
    return DATE_UNREADABLE;
}
