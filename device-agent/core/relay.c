#include "relay.h"

#include "settings.h"

relay_state relay_at_rest(int32_t mode, int32_t seconds)
{
    return (relay_state){.mode = mode, .seconds = seconds, .close_ms = INT64_MAX};
}

void relay_open(relay_state *r, int64_t now_ms)
{
    r->open = true;
    r->close_ms = r->mode == RELAY_STAYS_OPEN ? INT64_MAX : now_ms + (int64_t)r->seconds * 1000;
}

bool relay_close(relay_state *r)
{
    bool was_open = r->open;

    r->open = false;
    r->close_ms = INT64_MAX;
    return was_open;
}

bool relay_configure(relay_state *r, int32_t mode, int32_t seconds)
{
    bool high = relay_line_is_high(r);
    bool closed = mode != r->mode && relay_close(r);

    r->mode = mode;
    r->seconds = seconds;
    return closed || relay_line_is_high(r) != high;
}

bool relay_tick(relay_state *r, int64_t now_ms)
{
    return now_ms >= r->close_ms && relay_close(r);
}

bool relay_line_is_high(const relay_state *r)
{
    return r->open == (r->mode != RELAY_PULSES_LOW);
}
