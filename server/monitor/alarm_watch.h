/* The watch: raises and ends the alarms that go on, for the terminals of all enterprises. All servers of an
 * installation have one; whoever holds the lease watches. */
#pragma once

#include "db.h"

typedef struct alarm_watch alarm_watch;

/* period_ms -1: no thread, alarm_watch_look is called by hand. NULL when memory or threads are out. The pool is
 * borrowed. */
alarm_watch *alarm_watch_new(db_pool *system, int period_ms);

/* Gives the lease back. Accepts NULL. */
void alarm_watch_free(alarm_watch *watch);

/* One look, as far as this watch holds the lease. Certificates are looked at once a minute, and the first time. */
sp_status alarm_watch_look(alarm_watch *watch) SP_MUST_USE;
