#include "collection.h"

#include <string.h>
#include <strings.h>

#include "text.h"

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

static const char *last_component(const char *path)
{
    const char *last = path;

    for (; *path; path++)
        if (is_separator(*path))
            last = path + 1;
    return last;
}

static bool lies_in(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    for (const char *at = path; *at; at++)
        if ((at == path || is_separator(at[-1])) && strncasecmp(at, folder, n) == 0 && is_separator(at[n]))
            return true;
    return false;
}

bool collection_skips(const char *path)
{
    const char *last = last_component(path);

    return *last == '\0' || *last == '.' || strcasecmp(last, "Thumbs.db") == 0 ||
           strcasecmp(last, "desktop.ini") == 0 || lies_in(path, "__MACOSX");
}

/* At most so many bytes, none of them in the middle of a character. */
static size_t cut(const char *text, size_t max)
{
    size_t n = strnlen(text, max + 1);

    if (n <= max)
        return n;
    for (n = max; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
        ;
    return n;
}

void collection_name(const char *path, char name[COLLECTION_NAME_MAX + 1])
{
    const char *last = last_component(path);
    size_t n = cut(last, COLLECTION_NAME_MAX);
    bool valid = utf8_is_valid(last, n);

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)last[i];

        name[i] = c < 0x20 || c == 0x7f || (c >= 0x80 && !valid) ? '?' : last[i];
    }
    name[n] = '\0';
}
