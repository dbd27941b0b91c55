#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "text.h"

/* A pipe takes this much in one piece, so lines of several threads and processes never mix. */
enum { LOG_LINE_MAX = 4096 };

typedef struct {
    char text[LOG_LINE_MAX];
    size_t used;
    bool full; /* something did not fit: nothing more is added, and the line ends in "..." */
} log_line;

static const char line_end_cut[] = "...\n";

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARNING] = "warning",
    [LOG_ERROR] = "error",
};

static _Atomic log_level lowest = LOG_INFO;

void log_set_level(log_level level)
{
    atomic_store(&lowest, level);
}

int log_level_from_name(const char *name)
{
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (strcmp(name, level_names[level]) == 0)
            return level;
    return -1;
}

/* All of the bytes or none, so that a cut never splits an escape or a character. */
static void line_add(log_line *line, const char *bytes, size_t n)
{
    if (line->full || n > sizeof line->text - sizeof line_end_cut - line->used) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->used, bytes, n);
    line->used += n;
}

static void line_add_text(log_line *line, const char *text)
{
    line_add(line, text, strlen(text));
}

static void line_add_byte(log_line *line, unsigned char byte)
{
    char escape[5];

    if (byte == '\n')
        line_add_text(line, "\\n");
    else if (byte == '"')
        line_add_text(line, "\\\"");
    else if (byte == '\\')
        line_add_text(line, "\\\\");
    else if (byte >= ' ' && byte < 0x7f)
        line_add(line, (const char *)&byte, 1);
    else {
        snprintf(escape, sizeof escape, "\\x%02x", byte);
        line_add_text(line, escape);
    }
}

/* Bytes of the well-formed UTF-8 character that starts here; 1 for ASCII. */
static size_t character_bytes(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Escaped: control characters, the C1 ones included (0xc2 0x80–0x9f: some screens obey them), and every high byte of
 * a text that is not UTF-8. */
static void line_add_escaped(log_line *line, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    bool utf8 = utf8_is_valid(text, strlen(text));

    while (*at) {
        size_t n = utf8 ? character_bytes(*at) : 1;
        bool c1 = n == 2 && at[0] == 0xc2 && at[1] < 0xa0;

        if (n > 1 && !c1)
            line_add(line, (const char *)at, n);
        else
            for (size_t i = 0; i < n; i++)
                line_add_byte(line, at[i]);
        at += n;
    }
}

static void line_add_value(log_line *line, const char *value)
{
    bool quoted = value[0] == '\0' || strpbrk(value, " =\"\\") != NULL;

    if (quoted)
        line_add_text(line, "\"");
    line_add_escaped(line, value);
    if (quoted)
        line_add_text(line, "\"");
}

static void line_add_time(log_line *line, int64_t now_ms)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;
    char text[40];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    line_add_text(line, text);
    snprintf(text, sizeof text, ".%03dZ", (int)(now_ms % 1000));
    line_add_text(line, text);
}

static void line_write(log_line *line)
{
    const char *at = line->text;
    const char *end = line->full ? line_end_cut : "\n";
    size_t left;

    memcpy(line->text + line->used, end, strlen(end));
    left = line->used + strlen(end);
    while (left > 0) {
        ssize_t n = write(STDERR_FILENO, at, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody reads standard error: there is no one to tell */
        at += n;
        left -= (size_t)n;
    }
}

void log_write(log_level level, const char *message, ...)
{
    int saved_errno = errno;
    log_line line = {.used = 0};
    const char *key;
    va_list facts;

    if (level < atomic_load_explicit(&lowest, memory_order_relaxed))
        return;

    line_add_time(&line, clock_now_ms());
    line_add_text(&line, " ");
    line_add_text(&line, level_names[level]);
    line_add_text(&line, " ");
    line_add_escaped(&line, message);

    va_start(facts, message);
    while ((key = va_arg(facts, const char *)) != NULL) {
        const char *value = va_arg(facts, const char *);

        line_add_text(&line, " ");
        line_add_text(&line, key);
        line_add_text(&line, "=");
        line_add_value(&line, value ? value : "-");
    }
    va_end(facts);

    line_write(&line);
    errno = saved_errno;
}
