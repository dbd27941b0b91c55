/* A heap of timers and the thread that waits for the first of them. */
#include "timers.h"

#include <stdlib.h>
#include <time.h>

#include "clock.h"

void timers_init(timers *all)
{
    pthread_condattr_t attributes;

    *all = (timers){.count = 0};
    pthread_mutex_init(&all->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&all->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void put(timers *all, size_t place, timer *one)
{
    all->heap[place - 1] = one;
    one->place = place;
}

static void sift_up(timers *all, size_t place, timer *one)
{
    while (place > 1 && all->heap[place / 2 - 1]->due_ms > one->due_ms) {
        put(all, place, all->heap[place / 2 - 1]);
        place /= 2;
    }
    put(all, place, one);
}

static void sift_down(timers *all, size_t place, timer *one)
{
    for (size_t child; (child = place * 2) <= all->count; place = child) {
        if (child < all->count && all->heap[child]->due_ms < all->heap[child - 1]->due_ms)
            child++;
        if (all->heap[child - 1]->due_ms >= one->due_ms)
            break;
        put(all, place, all->heap[child - 1]);
    }
    put(all, place, one);
}

/* Locked. The last one fills the gap. */
static void take_out(timers *all, timer *one)
{
    size_t place = one->place;
    timer *last = all->heap[--all->count];

    one->place = 0;
    if (last == one)
        return;
    if (place > 1 && all->heap[place / 2 - 1]->due_ms > last->due_ms)
        sift_up(all, place, last);
    else
        sift_down(all, place, last);
}

/* Locked. Waits until the first is due; NULL when there is none, or something has changed. */
static timer *wait_for_first(timers *all)
{
    timer *first = all->count > 0 ? all->heap[0] : NULL;

    if (first == NULL) {
        pthread_cond_wait(&all->changed, &all->lock);
        return NULL;
    }
    if (first->due_ms <= clock_monotonic_ms())
        return first;

    struct timespec until = {first->due_ms / 1000, (long)(first->due_ms % 1000) * 1000000};

    pthread_cond_timedwait(&all->changed, &all->lock, &until);
    return NULL;
}

static void *run(void *arg)
{
    timers *all = arg;

    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        timer *due = wait_for_first(all);

        if (due == NULL)
            continue;
        take_out(all, due);
        pthread_mutex_unlock(&all->lock);
        due->ring(due);
        pthread_mutex_lock(&all->lock);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* Locked. */
static bool make_room(timers *all)
{
    if (!all->runs)
        all->runs = pthread_create(&all->thread, NULL, run, all) == 0;
    if (all->runs && all->count == all->room) {
        size_t room = all->room == 0 ? 64 : all->room * 2;
        timer **heap = realloc(all->heap, room * sizeof *heap);

        if (heap == NULL)
            return false;
        all->heap = heap;
        all->room = room;
    }
    return all->runs;
}

bool timers_set(timers *all, timer *one, int64_t due_ms)
{
    pthread_mutex_lock(&all->lock);

    bool set = make_room(all);

    if (set) {
        one->due_ms = due_ms;
        all->count++;
        sift_up(all, all->count, one);
        if (one->place == 1)
            pthread_cond_signal(&all->changed);
    }
    pthread_mutex_unlock(&all->lock);
    return set;
}

bool timers_cancel(timers *all, timer *one)
{
    pthread_mutex_lock(&all->lock);

    bool was_set = one->place > 0;

    if (was_set)
        take_out(all, one);
    pthread_mutex_unlock(&all->lock);
    return was_set;
}

void timers_done(timers *all)
{
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    pthread_cond_signal(&all->changed);
    pthread_mutex_unlock(&all->lock);
    if (all->runs)
        pthread_join(all->thread, NULL);
    free(all->heap);
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
}
