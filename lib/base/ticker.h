/* Something that happens every so often, on a thread of its own. */
#pragma once

typedef struct ticker ticker;

/* Calls tick(arg) every period_ms, first after one period. NULL when memory or threads are out. */
ticker *ticker_new(int period_ms, void (*tick)(void *arg), void *arg);

/* Waits for a tick that is running, then stops. Accepts NULL. */
void ticker_free(ticker *t);
