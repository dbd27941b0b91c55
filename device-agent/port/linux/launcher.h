/* Starts the terminal's program from its current slot, again and again, and looks after a version on trial: counts its
 * starts, ends it when its time is over, and goes back to the former version. It is as old as the installation,
 * whatever runs in the slots: what it shares with them is the state's file, the variable that names the slot, and one
 * exit code. */
#pragma once

#include <stdint.h>

#include "package_version.h"

/* Set for the program that is started: "a" or "b". */
#define LAUNCHER_SLOT "SMARTPASS_SLOT"

/* Exit code of a program that wants to be started again, or whoever takes its place. */
enum { RUN_AGAIN = 75 };

typedef struct {
    const char *data;        /* folder of the terminal */
    package_version version; /* of this program, which fills the first slot, and takes the place of an older one */
    int64_t trial_ms;        /* from each start of a version on trial until it must have shown that it works */
    char **arguments;        /* of the program that is started, argv[0] included, ended by NULL */
} launcher_options;

/* Returns the exit status: when told to end (SIGTERM, SIGINT), or when the program ended as it wanted. */
int launcher_run(const launcher_options *options);
