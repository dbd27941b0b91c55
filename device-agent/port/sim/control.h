/* The simulator's control socket: a Unix socket that takes one command a line and answers one JSON object a line.
 *
 *   see FILE [--then FILE]… [--temp 36.6[,36.7]…] [--ambient 25] [--no-mask] [--not-alive] [--card N]
 *       somebody stands before the camera; answers the decision, after it was recorded and the relay has moved
 *   set NAME VALUE
 *       somebody at the terminal changes a setting, by its name in the contract; switches are true or false, choices
 *       numbers, the password its digits
 *   menu DIGITS | home
 *       somebody opens the menu, leaves it
 *   status | relay | sounds | camera well|jammed|dead | cut on|off | leave | quit */
#pragma once

#include "event_loop.h"
#include "sim_hardware.h"
#include "terminal.h"

typedef struct control control;

/* Listens at the path (mode 0600, an old socket there is replaced). NULL: errno tells. All are borrowed. */
control *control_new(const char *path, event_loop *loop, terminal *t, sim_hardware *hardware);
void control_free(control *c); /* removes the socket; accepts NULL */
