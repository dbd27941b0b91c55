#include "json_line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static __attribute__((format(printf, 2, 3))) void put(json_line *j, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(j->out + j->size, j->cap - j->size, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= j->cap - j->size)
        j->full = true;
    else
        j->size += (size_t)n;
}

static void name_member(json_line *j, const char *name)
{
    put(j, "%s\"%s\":", j->first ? "" : ",", name);
    j->first = false;
}

void json_begin(json_line *j, char *out, size_t cap)
{
    *j = (json_line){.out = out, .cap = cap, .first = true};
    put(j, "{");
}

void json_text(json_line *j, const char *name, const char *value)
{
    name_member(j, name);
    put(j, "\"");
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;

        if (c == '"' || c == '\\')
            put(j, "\\%c", c);
        else if (c < ' ')
            put(j, "\\u%04x", c);
        else
            put(j, "%c", c);
    }
    put(j, "\"");
}

void json_number(json_line *j, const char *name, int64_t value)
{
    name_member(j, name);
    put(j, "%" PRId64, value);
}

void json_id(json_line *j, const char *name, int64_t id)
{
    name_member(j, name);
    put(j, "\"%" PRId64 "\"", id);
}

void json_decimal(json_line *j, const char *name, double value, int digits)
{
    name_member(j, name);
    put(j, "%.*f", digits, value);
}

void json_bool(json_line *j, const char *name, bool value)
{
    name_member(j, name);
    put(j, "%s", value ? "true" : "false");
}

void json_open(json_line *j, const char *name)
{
    name_member(j, name);
    put(j, "{");
    j->first = true;
}

void json_open_list(json_line *j, const char *name)
{
    name_member(j, name);
    put(j, "[");
    j->first = true;
}

void json_open_item(json_line *j)
{
    put(j, "%s{", j->first ? "" : ",");
    j->first = true;
}

void json_close(json_line *j, char bracket)
{
    put(j, "%c", bracket);
    j->first = false;
}

bool json_end(json_line *j)
{
    put(j, "}\n");
    return !j->full;
}
