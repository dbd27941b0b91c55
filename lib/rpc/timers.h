/* Points in time at which something is done: the deadlines that a server sets by itself, which the core offers no way
 * to wait for. One thread for all, started with the first. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lies inside the object that it belongs to. */
typedef struct timer {
    void (*ring)(struct timer *timer); /* on the timers' thread; never blocks */
    int64_t due_ms;                    /* of clock_monotonic_ms */
    size_t place;                      /* in the heap, from 1; 0: not set */
} timer;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    timer **heap; /* the earliest is the first */
    size_t count;
    size_t room;
    pthread_t thread;
    bool runs;
    bool stopping;
} timers;

void timers_init(timers *all);

/* Once for each timer, until it has rung or was cancelled. False when memory or threads are out. [any thread] */
bool timers_set(timers *all, timer *one, int64_t due_ms);

/* True: it was set and will not ring any more. False: it has rung, or is about to. [any thread] */
bool timers_cancel(timers *all, timer *one);

/* Nothing is set any more. */
void timers_done(timers *all);
