/* What a thread does before it waits for something else than its own work: for threads that put work off as long as
 * they run, such as those that gather what they send. */
#pragma once

/* Of the calling thread, from now on; NULL: nothing. */
void before_waiting_do(void (*what)(void));

/* Called by whatever blocks: a query, a lock that is held for long, another process. Costs nothing worth mentioning
 * where nothing is to be done. */
void before_waiting(void);
