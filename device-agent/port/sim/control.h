/* The simulator's control socket: a Unix socket that takes one command a line and answers one JSON object a line.
 *
 *   see FILE [--temp 36.6] [--no-mask] [--not-alive] [--card N]
 *       somebody stands before the camera; answers the decision, after it was recorded and the relay has moved
 *   status | relay | cut on|off | quit */
#pragma once

#include "event_loop.h"
#include "sim_hardware.h"
#include "terminal.h"

typedef struct control control;

/* Listens at the path (mode 0600, an old socket there is replaced). NULL: errno tells. All are borrowed. */
control *control_new(const char *path, event_loop *loop, terminal *t, sim_hardware *hardware);
void control_free(control *c); /* removes the socket; accepts NULL */
