#include "people_rules.h"

#include <string.h>

static const char WHITE[] = " \t\r\n";

char *person_text_trim(char *text)
{
    size_t n;

    text += strspn(text, WHITE);
    for (n = strlen(text); n > 0 && strchr(WHITE, text[n - 1]); n--)
        continue;
    text[n] = '\0';
    return text;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

bool person_line_is_plain(const char *text)
{
    for (; *text; text++)
        if (is_control((unsigned char)*text))
            return false;
    return true;
}

bool person_notes_are_plain(const char *text)
{
    for (; *text; text++)
        if (is_control((unsigned char)*text) && !strchr("\t\r\n", *text))
            return false;
    return true;
}
