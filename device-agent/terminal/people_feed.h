/* Takes people changes from the server: gathers the photos that they need, applies a message as one transaction, and
 * reports what became of each change. What is under way when a connection ends is forgotten; the server sends it
 * again. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "face_index.h"
#include "hal.h"
#include "messages.h"
#include "people_store.h"

typedef struct people_feed people_feed;

typedef struct {
    people_store *people; /* borrowed, as the two below */
    face_index *index;    /* kept in step with the store */
    const face_reader *reader;
    uint32_t capacity; /* people */
} people_feed_parts;

people_feed *people_feed_new(const people_feed_parts *parts); /* NULL: memory is out */
void people_feed_free(people_feed *f);                        /* accepts NULL */

/* False: the message cannot be used (out of order, or while another is under way), or the store failed; the
 * connection should be made anew. */
bool people_feed_take(people_feed *f, const PeopleChanges *changes, int64_t now_ms);
bool people_feed_photo(people_feed *f, const PhotoChunk *chunk, int64_t now_ms);

/* A photo that was asked for does not come. Same answer as above. */
bool people_feed_tick(people_feed *f, int64_t now_ms);
int64_t people_feed_due_ms(const people_feed *f); /* INT64_MAX: nothing is awaited */

/* Fills the next report or photo request that is due; false: none. */
bool people_feed_report(people_feed *f, ConnectRequest *ret_message);

/* Forgets what is under way. */
void people_feed_reset(people_feed *f);
