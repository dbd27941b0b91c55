/* Takes the pass display from the server: fetches the pictures of a plan that are not here yet, one part at a time, and
 * lets the plan take the place of the former one when each of them is here or cannot be kept. What has come whole is on
 * the disk; the plan itself is sent again on the next connection. One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "display_store.h"
#include "messages.h"

typedef struct display_feed display_feed;

/* The store is borrowed. NULL: memory is out. */
display_feed *display_feed_new(display_store *store);
void display_feed_free(display_feed *f); /* accepts NULL */

typedef enum {
    DISPLAY_NOTHING,
    DISPLAY_ASKS,    /* there is a part to be asked for */
    DISPLAY_CHANGED, /* another plan is in force, and there is something to report */
} display_step;

/* What comes down. A plan that makes no sense, and a part that nobody waits for, change nothing. */
display_step display_feed_plan(display_feed *f, const DisplayPlan *plan);
display_step display_feed_chunk(display_feed *f, const DisplayChunk *chunk);

/* Fills what goes up; false: nothing. Parts are asked for only while no record waits. */
bool display_feed_report(display_feed *f, ConnectRequest *ret_message);
bool display_feed_request(display_feed *f, ConnectRequest *ret_message, int64_t now_ms);

/* A part does not come: it is asked for once more. True: there is something to ask. */
bool display_feed_tick(display_feed *f, int64_t now_ms);
int64_t display_feed_due_ms(const display_feed *f); /* INT64_MAX: nothing is awaited */

/* How many pictures of the plan that came last are not kept. */
uint32_t display_feed_refused(const display_feed *f);

/* The connection is gone. */
void display_feed_reset(display_feed *f);
