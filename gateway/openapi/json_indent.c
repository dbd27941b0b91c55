#include "openapi.h"

static bool add_line(byte_buffer *out, size_t depth)
{
    uint8_t *at = byte_buffer_reserve(out, 1 + 2 * depth);

    if (!at)
        return false;
    at[0] = '\n';
    for (size_t i = 1; i <= 2 * depth; i++)
        at[i] = ' ';
    out->size += 1 + 2 * depth;
    return true;
}

/* Bytes of the string that begins here, quotes included. */
static size_t string_length(const char *json, size_t size)
{
    size_t i = 1;

    while (i < size && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
    return i < size ? i + 1 : size;
}

bool json_indent(const char *json, size_t size, byte_buffer *out)
{
    size_t depth = 0;
    bool fine = true;

    for (size_t i = 0, n; fine && i < size; i += n) {
        char c = json[i];
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']', empty;

        n = c == '"' ? string_length(json + i, size - i) : 1;
        empty = opens && i + 1 < size && (json[i + 1] == '}' || json[i + 1] == ']');
        if (empty)
            n = 2;
        if (closes && depth > 0)
            fine = add_line(out, --depth);
        fine = fine && byte_buffer_append(out, json + i, n);
        if (opens && !empty)
            fine = fine && add_line(out, ++depth);
        else if (c == ',')
            fine = fine && add_line(out, depth);
        else if (c == ':')
            fine = fine && byte_buffer_append(out, " ", 1);
    }
    return fine && byte_buffer_append(out, "\n", 1);
}
