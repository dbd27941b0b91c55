/* Where what costs much on purpose waits its turn: one thread a core but one, at most two, of low priority, and a line
 * that is short. A storm of sign-ins so leaves a core, the memory and the right of way to everybody else. Thread-safe;
 * not for use by a process and its fork. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { HASH_LINE_KEPT = 64 << 20 };

/* Memory for the work at hand, from within it; NULL when there is none. It is the thread's own and kept, up to
 * HASH_LINE_KEPT bytes: what is mapped and given back each time holds up every other thread of the process, and a
 * thread of low priority would do so for long. What an earlier work left in it is still there, unless there was nothing
 * to do for a while: then its pages have gone back to the system, a few at a time, and come again as they are used. */
void *hash_line_memory(size_t size);

/* How long that while is; 5000 ms unless told. For the work that ends from now on. [any thread] */
void hash_line_set_idle(int milliseconds);

/* Runs work(arg) and returns when it has run. Whoever goes ahead passes all who do not, and finds room when they have
 * taken theirs. False, without having run it: the line is full, or ten seconds were not enough. */
bool hash_line_run(void (*work)(void *arg), void *arg, bool ahead);
