/* The door, when nobody stands before it: it is moved by a command. */
#include "clock.h"
#include "terminal_parts.h"

void terminal_open_door(terminal *t)
{
    t->hal->relay.set(t->hal->relay.self, true, 0);
    t->relay_off_ms = clock_monotonic_ms() + t->settings.relay_ms;
}

void terminal_close_door(terminal *t)
{
    t->hal->relay.set(t->hal->relay.self, false, 0);
    t->relay_off_ms = INT64_MAX;
}
