/* A fixed number of threads that run tasks in the order they came. The line of waiting tasks is bounded, so that an
 * overloaded server says so at once instead of answering everybody too late.
 *
 * Waking a thread costs more than a short task, so one worker runs short tasks one after the other while the rest
 * sleep; others are called when a task is known to take long, when the line grows, or when it has not moved for a
 * moment. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Lies inside the object that it belongs to; one place in one line at a time. */
typedef struct worker_task {
    void (*run)(struct worker_task *task);
    struct worker_task *next;
    bool lingers; /* it blocks, or nobody knows: tasks behind it need another worker */
} worker_task;

typedef struct worker worker;

typedef struct {
    pthread_mutex_t lock;
    worker_task *head;
    worker_task **tail;
    atomic_int waiting;
    int waiting_max;
    bool stopping;
    worker *workers;
    int count;
    worker *idle; /* who slept last is called first: its memory is still near */
    atomic_int idle_count;
    int called;       /* have been called and are not back yet */
    int lingering;    /* run a task that takes long */
    int64_t moved_ms; /* when a task was last taken */
} worker_pool;

/* Nothing runs yet. */
void workers_init(worker_pool *pool, int waiting_max);

/* False when threads or memory are out; those that started run until workers_done. */
bool workers_start(worker_pool *pool, int count);

/* False when the line is full or the pool stops. [any thread] */
bool workers_push(worker_pool *pool, worker_task *task);

/* Whether a task pushed now would have to wait until another is done. Just a hint. [any thread] */
bool workers_are_busy(worker_pool *pool);

/* Calls another worker if tasks wait and none was taken for a moment. Milliseconds until it should be asked again, -1:
 * not before the next push. [any thread] */
int workers_look_after(worker_pool *pool);

/* Runs what is waiting, then joins the threads. */
void workers_stop(worker_pool *pool);
void workers_done(worker_pool *pool);
