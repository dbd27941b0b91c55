/* The threads that blocking handlers run on. */
#include "workers.h"

#include <stdlib.h>

#include "clock.h"
#include "send.h"
#include "waiting.h"

enum {
    SHORT_TASKS_MAX = 8, /* waiting for each worker that runs short ones, before another is called */
    STILL_MS = 2,        /* a line that has not moved for so long needs another worker */
};

struct worker {
    worker_pool *pool;
    pthread_t thread;
    pthread_cond_t wake;
    bool is_called;
    worker *next_idle;
};

void workers_init(worker_pool *pool, int waiting_max)
{
    *pool = (worker_pool){.waiting_max = waiting_max};
    pool->tail = &pool->head;
    pthread_mutex_init(&pool->lock, NULL);
}

/* Locked. The caller wakes it when the lock is given back, so that it does not wake up only to wait for the lock. */
static worker *call_idle(worker_pool *pool)
{
    worker *called = pool->idle;

    if (called == NULL)
        return NULL;
    pool->idle = called->next_idle;
    pool->idle_count--;
    pool->called++;
    called->is_called = true;
    return called;
}

static void wake(worker *called)
{
    if (called != NULL)
        pthread_cond_signal(&called->wake);
}

/* Locked. Without tasks in its hands. */
static void sleep_until_called(worker *self)
{
    worker_pool *pool = self->pool;

    self->is_called = false;
    self->next_idle = pool->idle;
    pool->idle = self;
    pool->idle_count++;
    while (!self->is_called)
        pthread_cond_wait(&self->wake, &pool->lock);
    pool->called--;
}

/* Locked. The line's first. Whoever follows a task that takes long needs another worker now. */
static worker_task *take_first(worker_pool *pool, worker **ret_called)
{
    worker_task *task = pool->head;

    pool->head = task->next;
    if (pool->head == NULL)
        pool->tail = &pool->head;
    pool->waiting--;
    pool->moved_ms = clock_monotonic_ms();
    if (task->lingers) {
        pool->lingering++;
        if (pool->head != NULL && pool->called == 0)
            *ret_called = call_idle(pool);
    }
    return task;
}

/* The next task, or NULL when the pool stops and nothing is left. */
static worker_task *take(worker *self)
{
    worker_pool *pool = self->pool;
    worker *called = NULL;
    worker_task *task = NULL;

    pthread_mutex_lock(&pool->lock);
    if (pool->head == NULL) {
        pthread_mutex_unlock(&pool->lock);
        send_push(); /* nobody's answer waits while this thread sleeps */
        pthread_mutex_lock(&pool->lock);
    }
    while (pool->head == NULL && !pool->stopping)
        sleep_until_called(self);
    if (pool->head != NULL)
        task = take_first(pool, &called);
    pthread_mutex_unlock(&pool->lock);
    wake(called);
    return task;
}

static void *run_worker(void *arg)
{
    worker *self = arg;
    worker_pool *pool = self->pool;
    worker_task *task;

    before_waiting_do(send_push); /* the handlers of others wait for the database and the like */
    while ((task = take(self)) != NULL) {
        bool lingers = task->lingers;

        send_gather(!lingers); /* what a handler sends before it blocks must not wait for it */
        task->run(task);
        if (lingers) {
            pthread_mutex_lock(&pool->lock);
            pool->lingering--;
            pthread_mutex_unlock(&pool->lock);
        }
    }
    send_push();
    return NULL;
}

bool workers_start(worker_pool *pool, int count)
{
    pool->workers = calloc((size_t)count, sizeof *pool->workers);
    if (pool->workers == NULL)
        return false;
    while (pool->count < count) {
        worker *started = &pool->workers[pool->count];

        started->pool = pool;
        pthread_cond_init(&started->wake, NULL);
        if (pthread_create(&started->thread, NULL, run_worker, started) != 0) {
            pthread_cond_destroy(&started->wake);
            return false;
        }
        pool->count++;
    }
    return true;
}

/* Locked. */
static bool needs_another(const worker_pool *pool)
{
    int at_it = pool->count - pool->idle_count - pool->lingering; /* workers that will soon look at the line */

    if (pool->called > 0)
        return false;
    return at_it <= 0 || pool->waiting > at_it * SHORT_TASKS_MAX || clock_monotonic_ms() - pool->moved_ms >= STILL_MS;
}

bool workers_push(worker_pool *pool, worker_task *task)
{
    worker *called = NULL;

    pthread_mutex_lock(&pool->lock);

    bool takes = !pool->stopping && pool->waiting < pool->waiting_max;

    if (takes) {
        task->next = NULL;
        *pool->tail = task;
        pool->tail = &task->next;
        pool->waiting++;
        if (needs_another(pool))
            called = call_idle(pool);
    }
    pthread_mutex_unlock(&pool->lock);
    wake(called);
    return takes;
}

bool workers_are_busy(worker_pool *pool)
{
    return atomic_load(&pool->idle_count) == 0;
}

int workers_look_after(worker_pool *pool)
{
    worker *called = NULL;

    if (atomic_load(&pool->waiting) == 0 || atomic_load(&pool->idle_count) == 0)
        return -1;
    pthread_mutex_lock(&pool->lock);
    if (pool->waiting > 0 && needs_another(pool))
        called = call_idle(pool);
    pthread_mutex_unlock(&pool->lock);
    wake(called);
    return STILL_MS;
}

void workers_stop(worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    for (worker *called; (called = call_idle(pool)) != NULL;)
        wake(called);
    pthread_mutex_unlock(&pool->lock);

    for (int i = 0; i < pool->count; i++) {
        pthread_join(pool->workers[i].thread, NULL);
        pthread_cond_destroy(&pool->workers[i].wake);
    }
    pool->count = 0;
}

void workers_done(worker_pool *pool)
{
    workers_stop(pool);
    free(pool->workers);
    pool->workers = NULL;
    pthread_mutex_destroy(&pool->lock);
}
