/* The door: performs what the core decides about its relay. */
#include "clock.h"
#include "terminal_parts.h"

static void set_line(terminal *t, uint64_t seq)
{
    t->hal->relay.set(t->hal->relay.self, t->relay.open, relay_line_is_high(&t->relay), seq);
}

void door_begin(terminal *t)
{
    t->relay = relay_at_rest(t->settings->relay_mode, t->settings->relay_seconds);
    set_line(t, 0);
}

/* A door that closes by itself after a pass is the pass's matter. */
static void tell_opened(terminal *t)
{
    if (t->door_told || t->relay.close_ms != INT64_MAX)
        return;
    t->door_told = true;
    terminal_log(t, LINE_WARNING, "DOOR_OPENED", "%s", "it stays open");
}

static void set_changed(terminal *t)
{
    set_line(t, 0);
    if (t->door_told && !t->relay.open) {
        t->door_told = false;
        terminal_log(t, LINE_INFO, "DOOR_CLOSED", "%s", "");
    }
}

void door_open(terminal *t, uint64_t seq)
{
    relay_open(&t->relay, clock_monotonic_ms());
    set_line(t, seq);
    tell_opened(t);
}

void door_close(terminal *t)
{
    if (relay_close(&t->relay))
        set_changed(t);
}

void door_obey(terminal *t)
{
    if (relay_configure(&t->relay, t->settings->relay_mode, t->settings->relay_seconds))
        set_changed(t);
}

void door_tick(terminal *t, int64_t now_ms)
{
    if (relay_tick(&t->relay, now_ms))
        set_changed(t);
}
