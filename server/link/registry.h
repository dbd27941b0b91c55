/* The terminals that are connected to this server now, by device. [any thread] */
#pragma once

#include "terminal.h"

typedef struct registry registry;

registry *registry_new(void);
void registry_free(registry *r); /* when every terminal has left */

/* Enters a terminal; the one that it replaces is returned with a hold, or NULL. */
terminal *registry_enter(registry *r, terminal *t);

/* False when another has taken its place already. */
bool registry_leave(registry *r, terminal *t);

/* With a hold, or NULL. */
terminal *registry_find(registry *r, int64_t device_id);

/* Calls visit for each, outside the registry's lock. */
void registry_each(registry *r, void (*visit)(void *arg, terminal *t), void *arg);
