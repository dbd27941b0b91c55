/* A fixed number of threads that run tasks in the order they came. The line of waiting tasks is bounded, so that an
 * overloaded server says so at once instead of answering everybody too late. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/* Lies inside the object that it belongs to; one place in one line at a time. */
typedef struct worker_task {
    void (*run)(struct worker_task *task);
    struct worker_task *next;
} worker_task;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    worker_task *head;
    worker_task **tail;
    int waiting;
    int waiting_max;
    bool stopping;
    pthread_t *threads;
    int count;
} worker_pool;

/* Nothing runs yet. */
void workers_init(worker_pool *pool, int waiting_max);

/* False when threads or memory are out; those that started run until workers_done. */
bool workers_start(worker_pool *pool, int count);

/* False when the line is full or the pool stops. [any thread] */
bool workers_push(worker_pool *pool, worker_task *task);

/* Runs what is waiting, then joins the threads. */
void workers_stop(worker_pool *pool);
void workers_done(worker_pool *pool);
