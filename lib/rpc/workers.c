/* The threads that blocking handlers run on. */
#include "workers.h"

#include <stdlib.h>

void workers_init(worker_pool *pool, int waiting_max)
{
    *pool = (worker_pool){.waiting_max = waiting_max};
    pool->tail = &pool->head;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
}

/* The next task, or NULL when the pool stops and nothing is left. */
static worker_task *take(worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->head == NULL && !pool->stopping)
        pthread_cond_wait(&pool->wake, &pool->lock);

    worker_task *task = pool->head;

    if (task != NULL) {
        pool->head = task->next;
        if (pool->head == NULL)
            pool->tail = &pool->head;
        pool->waiting--;
    }
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *run_worker(void *arg)
{
    worker_pool *pool = arg;
    worker_task *task;

    while ((task = take(pool)) != NULL)
        task->run(task);
    return NULL;
}

bool workers_start(worker_pool *pool, int count)
{
    pool->threads = calloc((size_t)count, sizeof *pool->threads);
    if (pool->threads == NULL)
        return false;
    while (pool->count < count) {
        if (pthread_create(&pool->threads[pool->count], NULL, run_worker, pool) != 0)
            return false;
        pool->count++;
    }
    return true;
}

bool workers_push(worker_pool *pool, worker_task *task)
{
    pthread_mutex_lock(&pool->lock);

    bool takes = !pool->stopping && pool->waiting < pool->waiting_max;

    if (takes) {
        task->next = NULL;
        *pool->tail = task;
        pool->tail = &task->next;
        pool->waiting++;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return takes;
}

void workers_stop(worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);

    for (int i = 0; i < pool->count; i++)
        pthread_join(pool->threads[i], NULL);
    pool->count = 0;
}

void workers_done(worker_pool *pool)
{
    workers_stop(pool);
    free(pool->threads);
    pool->threads = NULL;
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
}
