/* A few threads, each with a queue of its own. */
#include "lanes.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct lane_job lane_job;
struct lane_job {
    lane_job *next;
    void (*run)(void *arg);
    void *arg;
};

typedef struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    lane_job *head, **tail;
    bool stopping;
} lane;

struct lanes {
    int count;
    lane lanes[];
};

static lane_job *take_job(lane *l)
{
    pthread_mutex_lock(&l->lock);
    while (!l->head && !l->stopping)
        pthread_cond_wait(&l->arrived, &l->lock);
    lane_job *job = l->head;
    if (job) {
        l->head = job->next;
        if (!l->head)
            l->tail = &l->head;
    }
    pthread_mutex_unlock(&l->lock);
    return job;
}

static void *run_lane(void *arg)
{
    lane *l = arg;
    lane_job *job;

    while ((job = take_job(l)) != NULL) {
        job->run(job->arg);
        free(job);
    }
    return NULL;
}

static bool start_lane(lane *l)
{
    l->tail = &l->head;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->arrived, NULL);
    return pthread_create(&l->thread, NULL, run_lane, l) == 0;
}

lanes *lanes_new(int count)
{
    lanes *l = calloc(1, sizeof *l + (size_t)count * sizeof l->lanes[0]);
    if (!l)
        return NULL;
    for (; l->count < count; l->count++)
        if (!start_lane(&l->lanes[l->count])) {
            lanes_free(l);
            return NULL;
        }
    return l;
}

static void stop_lane(lane *l)
{
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_signal(&l->arrived);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->arrived);
    pthread_mutex_destroy(&l->lock);
}

void lanes_free(lanes *l)
{
    if (!l)
        return;
    if (!l)
        return;
    for (int i = 0; i < l->count; i++)
        stop_lane(&l->lanes[i]);
    free(l);
}

static lane *lane_of(lanes *l, int64_t key)
{
    uint64_t spread = (uint64_t)key * 0x9E3779B97F4A7C15u;
    return &l->lanes[(spread >> 33) % (uint64_t)l->count];
}

bool lanes_post(lanes *l, int64_t key, void (*run)(void *arg), void *arg)
{
    lane_job *job = malloc(sizeof *job);
    if (!job)
        return false;
    *job = (lane_job){NULL, run, arg};

    lane *to = lane_of(l, key);
    pthread_mutex_lock(&to->lock);
    bool accepted = !to->stopping;
    if (accepted) {
        *to->tail = job;
        to->tail = &job->next;
        pthread_cond_signal(&to->arrived);
    }
    pthread_mutex_unlock(&to->lock);
    if (!accepted)
        free(job);
    return accepted;
}
