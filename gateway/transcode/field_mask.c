#include "field_mask.h"

#include <string.h>

#include "protowire.h"

enum { FIELD_MASK_PATHS = 1, PATH_MAX_BYTES = 1024 };

static bool is_path_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
}

static bool append_path(byte_buffer *out, const char *text, size_t length)
{
    char path[2 * PATH_MAX_BYTES];
    size_t n = 0;

    if (length == 0 || length > PATH_MAX_BYTES)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c >= 'A' && c <= 'Z') {
            path[n++] = '_';
            c = (char)(c - 'A' + 'a');
        } else if (!is_path_character(c)) {
            return false;
        }
        path[n++] = c;
    }
    return protowire_add_bytes(out, FIELD_MASK_PATHS, path, n);
}

bool field_mask_from_text(byte_buffer *out, const char *text, size_t length)
{
    const char *end = text + length;

    if (length == 0)
        return true;
    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        const char *stop = comma ? comma : end;

        if (!append_path(out, text, (size_t)(stop - text)))
            return false;
        if (!comma)
            return true;
        text = comma + 1;
    }
}

bool field_mask_path_to_text(byte_buffer *out, const uint8_t *path, size_t length)
{
    uint8_t *at = byte_buffer_reserve(out, length);
    size_t n = 0;

    if (!at || length == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = path[i];

        if (c == '_') {
            if (++i == length || path[i] < 'a' || path[i] > 'z')
                return false;
            c = (uint8_t)(path[i] - 'a' + 'A');
        } else if (!is_path_character((char)c)) {
            return false;
        }
        at[n++] = c;
    }
    out->size += n;
    return true;
}
