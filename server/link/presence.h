/* Who is connected and when each was last seen: arrivals and departures at once, signs of life in bulk every few
 * seconds. */
#pragma once

#include "terminal.h"

struct presence;
struct presence *presence_new(server_link *link);
void presence_free(struct presence *p); /* joins its thread */

/* After Welcome; on the terminal's lane. */
void presence_arrived(struct presence *p, const terminal *t);

/* The stream is over and no newer one has taken its place. [any thread] */
void presence_left(struct presence *p, terminal *t);
