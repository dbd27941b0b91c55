/* Whether the terminal's daily restart is due: when its minute passes while the terminal runs, and at most once on each
 * local day, the restart itself included. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A moment of the local clock. */
typedef struct {
    int32_t day;    /* year · 10000 + month · 100 + day; 0: unknown */
    int32_t minute; /* since midnight */
    int64_t at_ms;  /* the same moment of the wall clock */
} local_moment;

typedef struct {
    local_moment seen; /* when it was last looked at the clock */
    int32_t done_day;  /* of the last daily restart; to be kept over it */
} daily_restart;

/* A start: whatever minute it is, it is not waited for. */
daily_restart daily_restart_begin(int32_t done_day, local_moment now);

/* Time has passed. True: the restart is due, and done_day is its day, to be stored before the restart. A clock that
 * jumps by more than two hours was put right, and passes no minute by it. */
bool daily_restart_due(daily_restart *d, bool wanted, int32_t minute, local_moment now);
