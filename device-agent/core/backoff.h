/* How long to wait before the next attempt: full jitter under a doubling ceiling. Pure: the caller brings the dice. */
#pragma once

#include <stdint.h>

typedef struct {
    int64_t first_ms;   /* the ceiling after the first failure */
    int64_t longest_ms; /* the highest ceiling */
    int64_t ceiling_ms; /* of the next wait */
} backoff;

void backoff_init(backoff *b, int64_t first_ms, int64_t longest_ms);

/* A wait of 0 to the ceiling, evenly by random (all 32 bits random); the ceiling then doubles. */
int64_t backoff_next_ms(backoff *b, uint32_t random);

/* After a connection that held: begins again at the first ceiling. */
void backoff_reset(backoff *b);
