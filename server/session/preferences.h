/* How a user likes the console, as it is kept. */
#pragma once

#include "arena.h"
#include "smartpass/v1/account.pb-c.h"
#include "status.h"

/* From the packed form; none at all reads as empty preferences. In the arena. */
sp_status preferences_read(arena *a, const uint8_t *packed, size_t size,
                           Smartpass__V1__Preferences **ret_preferences) SP_MUST_USE;
