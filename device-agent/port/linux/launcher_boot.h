/* What the launcher decides with the state on the disk; it has no terminal beside it when it does. */
#pragma once

#include <stdbool.h>

#include "upgrade_state.h"

/* The state as it is found. Without one, or without a program in the current slot, this very program fills it; and when
 * this program is newer than what the slots hold, it goes into the other one, on trial. False: there is nothing to
 * start. */
bool launcher_begin(const upgrade_folder *folder, package_version version, upgrade_state *ret_state);

/* The slot to start. The start of a version on trial is counted on the disk first; when it cannot be, the current slot
 * starts. */
upgrade_slot launcher_choose(const upgrade_folder *folder, upgrade_state *state);

/* After a run: what the program has written down. True: there is no trial (any more). */
bool launcher_look_again(const upgrade_folder *folder, upgrade_state *state);

/* The version on trial cannot even be started. */
void launcher_roll_back(const upgrade_folder *folder, upgrade_state *state);

/* The current slot's program cannot even be started: this very program takes its place. */
void launcher_mend(const upgrade_folder *folder, package_version version, upgrade_state *state);
