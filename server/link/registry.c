/* Connected terminals in a hash table of chains; one lock, held for a few instructions. */
#include "registry.h"

#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 4096 };

struct registry {
    pthread_mutex_t lock;
    size_t count;
    terminal *buckets[BUCKETS];
};

registry *registry_new(void)
{
    registry *r = calloc(1, sizeof *r);
    if (r)
        pthread_mutex_init(&r->lock, NULL);
    return r;
}

void registry_free(registry *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static terminal **bucket_of(registry *r, int64_t device_id)
{
    return &r->buckets[((uint64_t)device_id * 0x9E3779B97F4A7C15u >> 40) % BUCKETS];
}

static terminal **place_of(registry *r, int64_t device_id)
{
    terminal **place = bucket_of(r, device_id);
    while (*place && (*place)->device_id != device_id)
        place = &(*place)->next;
    return place;
}

terminal *registry_enter(registry *r, terminal *t)
{
    pthread_mutex_lock(&r->lock);
    terminal **place = place_of(r, t->device_id);
    terminal *former = *place;
    t->next = former ? former->next : NULL;
    *place = terminal_hold(t);
    r->count += former ? 0 : 1;
    pthread_mutex_unlock(&r->lock);
    return former; /* the registry's hold on it becomes the caller's */
}

bool registry_leave(registry *r, terminal *t)
{
    pthread_mutex_lock(&r->lock);
    terminal **place = place_of(r, t->device_id);
    bool present = *place == t;
    if (present) {
        *place = t->next;
        r->count--;
    }
    pthread_mutex_unlock(&r->lock);
    if (present)
        terminal_release(t);
    return present;
}

terminal *registry_find(registry *r, int64_t device_id)
{
    pthread_mutex_lock(&r->lock);
    terminal *t = *place_of(r, device_id);
    if (t)
        terminal_hold(t);
    pthread_mutex_unlock(&r->lock);
    return t;
}

static terminal **hold_all(registry *r, size_t *ret_count)
{
    size_t n = 0;

    pthread_mutex_lock(&r->lock);
    terminal **all = calloc(r->count + 1, sizeof *all);
    for (size_t i = 0; all && i < BUCKETS; i++)
        for (terminal *t = r->buckets[i]; t; t = t->next)
            all[n++] = terminal_hold(t);
    pthread_mutex_unlock(&r->lock);
    *ret_count = n;
    return all;
}

void registry_each(registry *r, void (*visit)(void *arg, terminal *t), void *arg)
{
    size_t count;
    terminal **all = hold_all(r, &count);

    for (size_t i = 0; i < count; i++) {
        visit(arg, all[i]);
        terminal_release(all[i]);
    }
    free(all);
}
