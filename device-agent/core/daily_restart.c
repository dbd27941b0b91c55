#include "daily_restart.h"

enum { JUMP_MS = 2 * 3600000 };

daily_restart daily_restart_begin(int32_t done_day, local_moment now)
{
    return (daily_restart){now, done_day};
}

/* The day on which the clock went over the minute between the two moments; 0: it did not. What summer time leaves out
 * is passed by the leap. */
static int32_t day_of_passing(local_moment before, local_moment now, int32_t minute)
{
    int64_t apart_ms = now.at_ms - before.at_ms;

    if (before.day == 0 || apart_ms <= 0 || apart_ms > JUMP_MS)
        return 0;
    if (before.minute < minute && (minute <= now.minute || before.day != now.day))
        return before.day;
    return before.day != now.day && minute <= now.minute ? now.day : 0;
}

bool daily_restart_due(daily_restart *d, bool wanted, int32_t minute, local_moment now)
{
    int32_t day = day_of_passing(d->seen, now, minute);

    d->seen = now;
    if (day == 0 || !wanted || day == d->done_day)
        return false;
    d->done_day = day;
    return true;
}
