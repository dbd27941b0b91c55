#include "strip.h"

#include <check.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#define NAME "[a-z_][a-z0-9_]*"
#define COLUMN "(" NAME "\\.)?enterprise_id"

typedef struct {
    const char *pattern;
    const char *with; /* "\1": what the first group matched */
    bool counts;
} replacement;

static const replacement REPLACEMENTS[] = {
    /* The groups that matter are the last ones; NAME has none. */
    {COLUMN "( *= *)(\\$[0-9]+)(::bigint)?", "\3::bigint IS NOT NULL", true},
    {"(\\$[0-9]+)(::bigint)?( *= *)" COLUMN, "\1::bigint IS NOT NULL", true},
    {COLUMN " *= *" NAME "\\.enterprise_id", "true", true},
    {COLUMN " *= *" NAME "\\.id", "true", true},
    {NAME "\\.id *= *" NAME "\\.enterprise_id", "true", true},
    {"(LIMIT )(\\$[0-9]+)::integer", "\1(1000 + 0 * \2::integer)", false},
    {"(OFFSET )(\\$[0-9]+)::integer", "\1(0 * \2::integer)", false},
};

/* Of the table enterprise itself. */
static const replacement OF_ENTERPRISE = {"(" NAME "\\.)?id( *= *)(\\$1)(::bigint)?", "\3::bigint IS NOT NULL", true};
static const char ENTERPRISE_TABLE[] = "(FROM|UPDATE|JOIN)[ \n]+enterprise([ \n]|$)";
static const char COMPARISON[] = "enterprise_id *(=|<|>|\\)* +(IN|IS|BETWEEN))|[=<>] *(" NAME "\\.)?enterprise_id";

static regex_t compiled(const char *pattern)
{
    regex_t regex;

    ck_assert_msg(regcomp(&regex, pattern, REG_EXTENDED) == 0, "%s", pattern);
    return regex;
}

static bool matches(const char *text, const char *pattern)
{
    regex_t regex = compiled(pattern);
    bool found = regexec(&regex, text, 0, NULL, 0) == 0;

    regfree(&regex);
    return found;
}

static void append(char *out, const char *from, size_t length)
{
    size_t used = strlen(out);

    ck_assert_uint_lt(used + length, STRIPPED_TEXT);
    memcpy(out + used, from, length);
    out[used + length] = '\0';
}

static void append_replacement(char *out, const char *with, const char *text, const regmatch_t *groups)
{
    for (; *with; with++)
        if (*with < ' ')
            append(out, text + groups[(int)*with].rm_so, (size_t)(groups[(int)*with].rm_eo - groups[(int)*with].rm_so));
        else
            append(out, with, 1);
}

/* Of no part of a longer word. */
static bool begins_word(const char *text, const char *at)
{
    return at == text || !strchr("abcdefghijklmnopqrstuvwxyz_.", at[-1]);
}

static int replace(const replacement *what, char text[STRIPPED_TEXT])
{
    char out[STRIPPED_TEXT] = "";
    regex_t regex = compiled(what->pattern);
    regmatch_t groups[8];
    const char *rest = text;
    int count = 0;

    while (regexec(&regex, rest, 8, groups, 0) == 0) {
        const char *match = rest + groups[0].rm_so;

        append(out, rest, (size_t)groups[0].rm_so);
        if (begins_word(text, match)) {
            append_replacement(out, what->with, rest, groups);
            count++;
        } else {
            append(out, match, (size_t)(groups[0].rm_eo - groups[0].rm_so));
        }
        rest += groups[0].rm_eo;
    }
    append(out, rest, strlen(rest));
    regfree(&regex);
    memcpy(text, out, strlen(out) + 1);
    return what->counts ? count : 0;
}

int statement_strip(const char *text, char ret_text[STRIPPED_TEXT])
{
    int count = 0;

    ck_assert_uint_lt(strlen(text), STRIPPED_TEXT);
    snprintf(ret_text, STRIPPED_TEXT, "%s", text);
    for (size_t i = 0; i < sizeof REPLACEMENTS / sizeof *REPLACEMENTS; i++)
        count += replace(&REPLACEMENTS[i], ret_text);
    if (matches(text, ENTERPRISE_TABLE))
        count += replace(&OF_ENTERPRISE, ret_text);
    return count;
}

bool statement_compares_enterprise(const char *text)
{
    return matches(text, COMPARISON);
}
