/* Time, injectable: everything that asks for the time asks here, and tests may answer. Thread-safe. */
#pragma once

#include <stdint.h>

/* Milliseconds since 1970-01-01 UTC. */
int64_t clock_now_ms(void);

/* Milliseconds of a clock that never jumps back; only differences mean something. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

/* For tests: shifts clock_now_ms by so many milliseconds, for the whole process. The environment variable
 * SMARTPASS_CLOCK_SHIFT_MS does the same at start-up; a call replaces it. */
void clock_shift_ms(int64_t shift_ms);
