/* Inside the cluster: starting programs as its owner, and finding a postmaster that runs already. */
#pragma once

#include <sys/types.h>

#include "cluster_files.h"

/* Starts argv[0] as the owner, in a process group of its own, output appended to the layout's log; -1 when fork failed.
 */
pid_t cluster_spawn(const cluster_layout *layout, const char *const argv[]);

/* postgres itself, with the settings that we promise. */
pid_t cluster_spawn_postmaster(const cluster_layout *layout);

/* The postmaster that holds the folder, or 0. Its port and socket folder replace those of the layout, because they are
 * where it can be reached. */
pid_t cluster_running(cluster_layout *layout);
