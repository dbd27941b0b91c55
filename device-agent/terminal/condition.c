/* How the terminal is, as the console shows it: its clock and its model when it comes, then its disk and what last went
 * wrong. */
#include <stdio.h>

#include "clock.h"
#include "terminal_parts.h"
#include "text.h"

int64_t terminal_own_clock_ms(const terminal *t)
{
    return clock_now_ms() + t->clock_ahead_ms;
}

void terminal_tell_facts(const terminal *t, Hello *hello)
{
    hello->clock_ms = terminal_own_clock_ms(t);
    snprintf(hello->model, sizeof hello->model, "%s", t->model);
}

void terminal_tell_condition(const terminal *t, Heartbeat *heartbeat)
{
    heartbeat->free_bytes = store_free_bytes(t->store);
    heartbeat->total_bytes = store_total_bytes(t->store);
    snprintf(heartbeat->last_error, sizeof heartbeat->last_error, "%s", t->last_error);
}

void terminal_note_error(terminal *t, const char *what, const char *detail)
{
    int length = snprintf(t->last_error, sizeof t->last_error, "%s%s%s", what, detail[0] ? ": " : "", detail);
    size_t kept = length < (int)sizeof t->last_error ? (size_t)length : sizeof t->last_error - 1;

    while (!utf8_is_valid(t->last_error, kept)) /* cut within a letter */
        t->last_error[--kept] = '\0';
    if (t->link)
        terminal_link_beat(t->link);
}
