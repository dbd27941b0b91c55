/* What may be asked of a rollout, and which terminals are in which of its stages. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROLLOUT_STAGES_MAX = 10, ROLLOUT_DEVICES_MAX = 100000 };

/* Percentages from 1 to 100 that rise and end with 100. */
bool rollout_stages_are_sound(const int32_t *stages, size_t count);

/* The stage, from 0, of the terminal at this place, from 0, among so many: as many of them as the percentage says,
 * rounded up, are in a stage or in one before it. */
size_t rollout_stage_of(size_t place, size_t devices, const int32_t *stages, size_t count);

/* Capital letters, digits and underscores, at least one. */
bool package_reason_is_sound(const char *reason);
