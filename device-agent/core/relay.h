/* The relay at the door: when its line is high, when low, and when it falls back by itself. Decides, never acts. Times
 * are of the monotonic clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int32_t mode;    /* RELAY_STAYS_OPEN, … */
    int32_t seconds; /* that it stays open */
    bool open;
    int64_t close_ms; /* when it falls back; INT64_MAX: not by itself */
} relay_state;

/* Closed, as every start of the terminal finds it. */
relay_state relay_at_rest(int32_t mode, int32_t seconds);

/* Somebody may pass. Whoever comes while it is open has it open anew, for the whole time. */
void relay_open(relay_state *r, int64_t now_ms);

/* Closes; false: it was not open. */
bool relay_close(relay_state *r);

/* Other settings. Another mode closes what was open; other seconds hold from the next opening on. True: the line is not
 * as before and has to be set. */
bool relay_configure(relay_state *r, int32_t mode, int32_t seconds);

/* Time has passed; true: it has fallen back. */
bool relay_tick(relay_state *r, int64_t now_ms);

/* The line's level: low at rest, except in the mode whose pulse is low. */
bool relay_line_is_high(const relay_state *r);
