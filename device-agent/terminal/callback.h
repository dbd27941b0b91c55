/* Each recognition is posted to the address that the settings name: in order, one at a time, until the receiver has it
 * or refuses it, and never in the way of anything else. What was posted is in the journal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"
#include "http_post.h"

typedef struct terminal terminal;

typedef enum { CALLBACK_FINE, CALLBACK_FAILS, CALLBACK_IS_REFUSED } callback_trouble;

typedef struct {
    char url[257];       /* that is posted to; empty: nothing is */
    http_post *post;     /* NULL: not yet, or it cannot be made */
    uint32_t connection; /* another number for every other post */
    uint64_t seq;        /* of the record under way */
    int64_t due_ms;      /* of the next request; INT64_MAX: nothing waits, or one is under way */
    backoff wait;
    callback_trouble trouble; /* as the log has it */
    uint64_t refused;         /* records, since the start */
    uint64_t given_up;        /* likewise: they waited for too long, or too many did */
} callback;

void callback_begin(callback *c);

/* The settings are others, or are known now. */
void callback_obey(terminal *t);

/* The journal has a new record; the cable was pulled or plugged in; time has passed or the descriptor is ready. */
void callback_appended(terminal *t);
void callback_carrier(terminal *t);
void callback_tick(terminal *t, int64_t now_ms);

/* Nothing more is posted until callback_obey: the store, or the whole terminal, is about to go. */
void callback_stop(terminal *t);

int callback_fd(const callback *c);
int64_t callback_due_ms(const callback *c);

/* "off", "idle", "posting" or "waiting", after a failure. */
const char *callback_state_name(const callback *c);
