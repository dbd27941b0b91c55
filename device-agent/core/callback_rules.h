/* Posting each recognition to an address of the enterprise's own: what an answer means, how long to wait, and what is
 * no longer worth waiting for. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"

enum {
    CALLBACK_WAITING_MAX = 10000, /* records; older ones are given up for newer */
    CALLBACK_REQUEST_MS = 10000,  /* from the first step of a request to the end of its answer */
    CALLBACK_WAIT_FIRST_MS = 2000,
    CALLBACK_WAIT_LONGEST_MS = 300000,
    CALLBACK_ASKED_WAIT_MAX_MS = 3600000, /* the longest wait that an answer may ask for */
};
#define CALLBACK_AGE_MAX_MS INT64_C(604800000) /* a week */

typedef enum {
    CALLBACK_TAKEN,   /* the receiver has it */
    CALLBACK_REFUSED, /* it will never take this one: the next is due */
    CALLBACK_AGAIN,   /* it may, later */
} callback_fate;

/* By the status of an answer; 0: there was none. */
callback_fate callback_judge(int status);

/* Milliseconds before the same record is posted again: by the backoff, or as long as the answer asked for (within an
 * hour; 0: it asked for nothing), whichever is longer. */
int64_t callback_wait_ms(backoff *b, uint32_t random, int64_t asked_ms);

/* The last record that is given up because too many wait; posted_seq: none is. */
uint64_t callback_given_up(uint64_t posted_seq, uint64_t last_seq);

/* Too old to be of use. Told only of times of a clock that had been set, then and now. */
bool callback_is_too_old(int64_t occurred_at_ms, int64_t now_ms);
