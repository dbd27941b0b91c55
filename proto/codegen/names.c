#include "names.h"

#include <ctype.h>
#include <string.h>

#include "scratch.h"

static bool is_upper(char c)
{
    return isupper((unsigned char)c) != 0;
}

static char upper(char c)
{
    return (char)toupper((unsigned char)c);
}

static char lower(char c)
{
    return (char)tolower((unsigned char)c);
}

/* Room for a copy in which every character may grow to two, and a NUL. */
static char *twice(const char *text)
{
    return SCRATCH_ARRAY(2 * strlen(text) + 1, char);
}

static const char *in_upper(const char *text)
{
    char *out = scratch_text(text, strlen(text));

    for (char *c = out; *c != '\0'; c++)
        *c = upper(*c);
    return out;
}

const char *protobuf_c_type(const char *full_name)
{
    char *out = twice(full_name);
    size_t n = 0;
    bool next_is_upper = true;

    for (const char *c = full_name; *c != '\0'; c++) {
        if (*c == '.') {
            out[n++] = '_';
            out[n++] = '_';
        }
        if (*c == '.' || *c == '_') {
            next_is_upper = true;
            continue;
        }
        out[n++] = next_is_upper ? upper(*c) : *c;
        next_is_upper = false;
    }
    return out;
}

const char *protobuf_c_lower(const char *full_name)
{
    char *out = twice(full_name);
    size_t n = 0;
    bool was_upper = true; /* no underscore before the first letter */

    for (const char *c = full_name; *c != '\0'; c++) {
        if (*c == '.') {
            out[n++] = '_';
            out[n++] = '_';
            was_upper = true;
            continue;
        }
        if (is_upper(*c) && !was_upper)
            out[n++] = '_';
        out[n++] = lower(*c);
        was_upper = is_upper(*c);
    }
    return out;
}

const char *protobuf_c_upper(const char *full_name)
{
    return in_upper(protobuf_c_lower(full_name));
}

/* A word begins at an upper-case letter that follows a lower-case one, and at the last of a run of upper-case ones. */
static bool begins_word(const char *name, const char *c)
{
    if (c == name || !is_upper(*c) || c[-1] == '_' || c[-1] == '.')
        return false;
    return !is_upper(c[-1]) || islower((unsigned char)c[1]);
}

const char *snake_case(const char *name)
{
    char *out = twice(name);
    size_t n = 0;

    for (const char *c = name; *c != '\0'; c++) {
        if (begins_word(name, c))
            out[n++] = '_';
        out[n++] = *c == '.' ? '_' : lower(*c);
    }
    return out;
}

const char *upper_snake_case(const char *name)
{
    return in_upper(snake_case(name));
}

bool is_reserved(const char *snake)
{
    static const char *const words[] = {
        "asm",      "auto",   "break",    "case",   "char",     "const",  "continue", "default", "do",       "double",
        "else",     "enum",   "extern",   "float",  "for",      "goto",   "if",       "inline",  "int",      "long",
        "register", "return", "short",    "signed", "sizeof",   "static", "struct",   "switch",  "restrict", "typedef",
        "typeof",   "union",  "unsigned", "void",   "volatile", "while",  "size"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(snake, words[i]) == 0)
            return true;
    return false;
}

static const char *without_suffix(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t tail = strlen(suffix);

    if (length >= tail && strcmp(text + length - tail, suffix) == 0)
        length -= tail;
    return scratch_text(text, length);
}

const char *service_prefix(const char *service)
{
    return snake_case(without_suffix(service, "Service"));
}

const char *file_stem(const char *file)
{
    return without_suffix(file, ".proto");
}

bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}
