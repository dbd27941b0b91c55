/* The terminal's local time, by tzdata. The zone is the whole process's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daily_restart.h"

/* Takes the zone ("Europe/Berlin"); false, and UTC, when tzdata has none of that name. One thread at a time; other
 * threads may read the environment meanwhile. */
bool local_time_zone(const char *iana);

/* The moment of the wall clock there. */
local_moment local_time_at(int64_t wall_ms);
