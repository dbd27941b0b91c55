/* Memory that runs out on demand. The linker gives a program's own allocations to this file (--wrap, see
 * CMakeLists.txt): those of the libraries linked into it, protobuf-c included, not those of shared ones, which are not
 * ours to make fail. Threads and streams count as allocations as well: they are taken and can be refused.
 *
 * What was allocated and not freed is known at any time, so a leak is found where it happens and told by its caller.
 * [all functions: any thread] */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ALLOC_FAILS_ONCE,   /* the nth alone: whoever goes on must find everything in order */
    ALLOC_FAILS_ONWARD, /* the nth and all that follow: whoever cleans up must do without memory */
    ALLOC_FAILS_OFTEN,  /* every nth */
} alloc_failure;

/* From now on counts, and fails the nth, counted from 1. */
void alloc_arm(size_t nth, alloc_failure failure);

/* Fails no more; returns how many were refused since it was armed. */
size_t alloc_disarm(void);

/* Blocks that are held now. */
size_t alloc_held(void);

/* Blocks that are held once nothing has been taken or given for a tenth of a second. */
size_t alloc_held_at_rest(void);

/* Waits at most five seconds until as many blocks are held as `before`; otherwise false, and stderr names who took
 * those that were taken since it was armed last. */
bool alloc_settles_at(size_t before);
