#include "line.h"

#include <string.h>

/* Of one, two and three bytes; the last two are the no-break space and the wide space of Chinese input. */
static const char *const WHITE[] = {" ", "\t", "\r", "\n", "\xc2\xa0", "\xe3\x80\x80"};

enum { WHITES = sizeof WHITE / sizeof *WHITE };

static size_t white_at_start(const char *text)
{
    for (size_t i = 0; i < WHITES; i++)
        if (strncmp(text, WHITE[i], strlen(WHITE[i])) == 0)
            return strlen(WHITE[i]);
    return 0;
}

static size_t white_at_end(const char *text, size_t length)
{
    for (size_t i = 0; i < WHITES; i++) {
        size_t n = strlen(WHITE[i]);
        if (n <= length && memcmp(text + length - n, WHITE[i], n) == 0)
            return n;
    }
    return 0;
}

char *line_trim(char *text)
{
    size_t n, white;

    while ((white = white_at_start(text)) > 0)
        text += white;
    n = strlen(text);
    while ((white = white_at_end(text, n)) > 0)
        n -= white;
    text[n] = '\0';
    return text;
}

/* A character of well-formed UTF-8: C0, C1, line separators (U+2028, U+2029), direction marks (U+202A to U+202E, U+2066
 * to U+2069). */
static bool is_control(const unsigned char *c)
{
    if (c[0] < 0x20 || c[0] == 0x7f)
        return true;
    if (c[0] == 0xc2)
        return c[1] < 0xa0;
    if (c[0] != 0xe2)
        return false;
    return (c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae) || (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

bool line_is_plain(const char *text)
{
    for (; *text; text++)
        if (is_control((const unsigned char *)text))
            return false;
    return true;
}

bool lines_are_plain(const char *text)
{
    for (; *text; text++)
        if (is_control((const unsigned char *)text) && !strchr("\t\r\n", *text))
            return false;
    return true;
}

/* U+00A0, U+00AD (soft hyphen), U+1680, U+180E, U+2000 to U+200F (spaces, joiners, direction marks), U+202F, U+205F to
 * U+2064, U+3000, U+FEFF. */
static bool is_blank_or_unseen(const unsigned char *c)
{
    if (c[0] == ' ')
        return true;
    if (c[0] == 0xc2)
        return c[1] == 0xa0 || c[1] == 0xad;
    if (c[0] == 0xe1)
        return (c[1] == 0x9a && c[2] == 0x80) || (c[1] == 0xa0 && c[2] == 0x8e);
    if (c[0] == 0xe2)
        return (c[1] == 0x80 && (c[2] <= 0x8f || c[2] == 0xaf)) || (c[1] == 0x81 && c[2] >= 0x9f && c[2] <= 0xa4);
    return (c[0] == 0xe3 && c[1] == 0x80 && c[2] == 0x80) || (c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf);
}

bool line_is_one_word(const char *text)
{
    if (!*text || !line_is_plain(text))
        return false;
    for (; *text; text++)
        if (is_blank_or_unseen((const unsigned char *)text))
            return false;
    return true;
}
