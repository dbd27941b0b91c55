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

/* Words of C and C++, and macros of the headers that ours include. */
static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "alignas",       "alignof",     "and",       "and_eq",   "asm",        "auto",
        "bitand",        "bitor",       "bool",      "break",    "case",       "catch",
        "char",          "class",       "compl",     "const",    "const_cast", "constexpr",
        "continue",      "decltype",    "default",   "delete",   "do",         "double",
        "dynamic_cast",  "else",        "enum",      "explicit", "export",     "extern",
        "false",         "float",       "for",       "friend",   "goto",       "if",
        "inline",        "int",         "long",      "mutable",  "namespace",  "new",
        "noexcept",      "not",         "not_eq",    "nullptr",  "operator",   "or",
        "or_eq",         "private",     "protected", "public",   "register",   "reinterpret_cast",
        "restrict",      "return",      "short",     "signed",   "sizeof",     "static",
        "static_assert", "static_cast", "struct",    "switch",   "template",   "this",
        "thread_local",  "throw",       "true",      "try",      "typedef",    "typeid",
        "typename",      "typeof",      "union",     "unsigned", "using",      "virtual",
        "void",          "volatile",    "wchar_t",   "while",    "xor",        "xor_eq",
        "NULL"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}

const char *not_reserved(const char *name)
{
    return is_reserved(name) ? scratch_printf("%s_", name) : name;
}

const char *member_name(const char *method)
{
    const char *snake = snake_case(method);

    return strcmp(snake, "size") == 0 ? "size_" : not_reserved(snake);
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
