#include "comment_text.h"

#include <stdbool.h>
#include <string.h>

/* A line that must begin a line: of a list, of code, of a table, of a quotation. */
static bool stands_alone(const char *line, size_t length)
{
    if (length == 0)
        return true;
    if (length > 1 && strchr("-*+", line[0]) && line[1] == ' ')
        return true;
    if (line[0] >= '0' && line[0] <= '9') {
        size_t digits = 1;

        while (digits < length && line[digits] >= '0' && line[digits] <= '9')
            digits++;
        return digits + 1 < length && line[digits] == '.' && line[digits + 1] == ' ';
    }
    return strchr(" \t|>#`", line[0]) != NULL;
}

static size_t trimmed(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        length--;
    return length;
}

const char *comment_reflow(const char *comment, arena *memory)
{
    char *out = arena_alloc(memory, strlen(comment) + 1), *at = out;
    bool previous_alone = true;

    while (out && *comment) {
        size_t whole = strcspn(comment, "\n"), length;
        const char *line = comment;

        comment += whole + (comment[whole] == '\n');
        if (*line == ' ') /* the one after the slashes */
            line++, whole--;
        length = trimmed(line, whole);
        if (at > out)
            *at++ = stands_alone(line, length) || previous_alone ? '\n' : ' ';
        memcpy(at, line, length);
        at += length;
        previous_alone = length == 0 || strchr(" \t|#`", line[0]);
    }
    while (at > out && at[-1] == '\n')
        at--;
    if (out)
        *at = '\0';
    return out;
}

const char *comment_first_sentence(const char *comment, arena *memory)
{
    size_t length = strcspn(comment, "\n");

    for (size_t i = 0; i + 1 < length; i++) {
        if (comment[i] == '.' && comment[i + 1] == ' ') {
            length = i;
            break;
        }
    }
    if (length > 0 && comment[length - 1] == '.')
        length--;
    return arena_copy(memory, comment, length);
}
