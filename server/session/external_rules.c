#include "external_rules.h"

#include <stdio.h>
#include <string.h>

#include "https.h"
#include "line.h"

static const char SIGN_IN_PAGE[] = "/sign-in/external";

bool external_redirect_is_legal(const char *uri)
{
    const char *authority = strstr(uri, "://"), *path = authority ? strchr(authority + 3, '/') : NULL;

    return path && path > authority + 3 && strcmp(path, SIGN_IN_PAGE) == 0 &&
           https_url_is_legal(uri, /* loopback_allowed= */ true);
}

bool external_value_fits(const char *wanted, const text_list *values)
{
    if (strcmp(wanted, "*") == 0)
        return true;
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->texts[i], wanted) == 0)
            return true;
    return false;
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

/* At most max bytes, without half a character at the end. */
static size_t cut(const char *text, size_t length, size_t max)
{
    if (length <= max)
        return length;
    while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
        max--;
    return max;
}

static size_t character_size(const char *c)
{
    unsigned char first = (unsigned char)*c;

    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* Keeps what a user name may have; text is well-formed UTF-8. */
static size_t visible_copy(const char *text, char *ret, size_t max)
{
    size_t length = 0;

    while (*text) {
        char character[5] = "";
        size_t size = character_size(text);

        memcpy(character, text, size);
        text += size;
        if (!line_is_one_word(character))
            continue;
        if (length + size > max)
            break;
        memcpy(ret + length, character, size);
        length += size;
    }
    ret[length] = '\0';
    return length;
}

bool external_username(const char *const *candidates, size_t count, unsigned attempt, char ret_name[USERNAME_MAX + 1])
{
    char end[16] = "";

    if (attempt > 1)
        snprintf(end, sizeof end, "-%u", attempt);
    for (size_t i = 0; i < count; i++) {
        size_t length = visible_copy(candidates[i], ret_name, USERNAME_MAX - strlen(end));

        if (length == 0)
            continue;
        strcpy(ret_name + length, end);
        return true;
    }
    return false;
}

void external_display_name(const char *name, char ret_name[DISPLAY_NAME_MAX + 1])
{
    size_t length = cut(name, strlen(name), DISPLAY_NAME_MAX);

    memcpy(ret_name, name, length);
    ret_name[length] = '\0';
    if (!line_is_plain(ret_name))
        ret_name[0] = '\0';
    else
        memmove(ret_name, line_trim(ret_name), strlen(line_trim(ret_name)) + 1);
}
