/* Where work goes that must not be done on the thread at hand: a few threads, each working off its own queue in order.
 * What has the same key goes to the same lane, and so is done one after the other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct lanes lanes;

/* count threads; NULL when memory or threads are out. */
lanes *lanes_new(int count);

/* Runs every job that is queued, then stops. Nothing may be posted any more. Accepts NULL. */
void lanes_free(lanes *l);

/* Runs job(arg) on the lane of this key. False when memory is out or the lanes are stopping. [any thread] */
bool lanes_post(lanes *l, int64_t key, void (*job)(void *arg), void *arg);
