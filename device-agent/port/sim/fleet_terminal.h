/* One terminal of the fleet: a link, a journal in memory, and passes that nobody made. It takes people and settings
 * without keeping them. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event_loop.h"
#include "terminal_link.h"

typedef struct fleet_terminal fleet_terminal;

typedef struct {
    const char *folder; /* of the credentials; the epoch is kept there too */
    const endpoint *server;
    link_scratch *scratch; /* may be shared by the whole fleet */
    int64_t stable_ms;     /* online for so long, and the waits before a reconnect begin small again */
    uint32_t window;
    uint32_t batch;
    bool flood; /* always as many unacknowledged records as the window holds */
} fleet_terminal_options;

/* NULL: ret_why gets a static sentence. Strings and scratch are borrowed. */
fleet_terminal *fleet_terminal_new(const fleet_terminal_options *options, const char **ret_why);
void fleet_terminal_free(fleet_terminal *f); /* accepts NULL */

/* Joins the loop and begins to dial. */
void fleet_terminal_start(fleet_terminal *f, event_loop *loop);
void fleet_terminal_stop(fleet_terminal *f, event_loop *loop);

/* One pass, unless the window is full. */
bool fleet_terminal_pass(fleet_terminal *f);

/* Begins or ends the flood. */
void fleet_terminal_flood(fleet_terminal *f, bool on);

bool fleet_terminal_is_online(const fleet_terminal *f);
uint64_t fleet_terminal_made(const fleet_terminal *f);
uint64_t fleet_terminal_acked(const fleet_terminal *f);
uint64_t fleet_terminal_hang_ups(const fleet_terminal *f);   /* connections lost after the first welcome */
const char *fleet_terminal_problem(const fleet_terminal *f); /* the last one of the link; empty: none */
