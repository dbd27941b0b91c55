/* A thread that waits, ticks and can be stopped. */
#include "ticker.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "clock.h"

struct ticker {
    int period_ms;
    void (*tick)(void *arg);
    void *arg;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
};

/* False when it is time to stop. */
static bool wait_period(ticker *t)
{
    int64_t deadline_ms = clock_monotonic_ms() + t->period_ms;
    struct timespec at = {deadline_ms / 1000, (long)(deadline_ms % 1000) * 1000000};

    pthread_mutex_lock(&t->lock);
    while (!t->stopping && clock_monotonic_ms() < deadline_ms)
        pthread_cond_timedwait(&t->stop, &t->lock, &at);
    bool go_on = !t->stopping;
    pthread_mutex_unlock(&t->lock);
    return go_on;
}

static void *run(void *arg)
{
    ticker *t = arg;
    while (wait_period(t))
        t->tick(t->arg);
    return NULL;
}

ticker *ticker_new(int period_ms, void (*tick)(void *arg), void *arg)
{
    pthread_condattr_t monotonic;
    ticker *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;

    *t = (ticker){.period_ms = period_ms, .tick = tick, .arg = arg};
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->stop, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&t->thread, NULL, run, t) != 0) {
        free(t);
        return NULL;
    }
    return t;
}

void ticker_free(ticker *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_cond_signal(&t->stop);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->stop);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
