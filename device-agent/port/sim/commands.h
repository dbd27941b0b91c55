/* The program's commands. Each returns the exit status, or RUN_AGAIN: the terminal restarts, with the same arguments.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "launcher.h"
#include "options.h"

#define SIMULATOR_MODEL "Smart Pass simulator"

int run_enrol(const agent_options *options);
int run_sim(const agent_options *options);

/* argv as main was given it: what follows the verb is the command line of the program that is launched. */
int run_launch(const agent_options *options, char **argv);

int run_fleet(const agent_options *options);

/* The first line of the file, or of standard input when path is NULL or "-". False: there is none, or it is too long.
 */
bool read_password(const char *path, char *out, size_t cap);

/* The MAC address of a terminal that has none of its own: made from the serial number, locally administered. */
void simulated_mac(const char *serial, char out[18]);
