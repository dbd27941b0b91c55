/* The commands of the control socket: a line in, a line out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sim_hardware.h"
#include "terminal.h"

typedef struct {
    terminal *terminal;
    sim_hardware *hardware;
} command_context;

/* Runs one line (which it takes apart) and writes the answer, newline included. False: the program shall end. */
bool command_run(const command_context *context, char *line, char *answer, size_t cap);
