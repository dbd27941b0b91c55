#include "snapshot_shelf.h"

#include <pthread.h>
#include <stdlib.h>

#include "clock.h"

enum { BYTES = 32 << 20, AGE_MS = 600000 };

struct snapshot_shelf {
    snapshot_shelf_options options;
    pthread_mutex_t lock;
    snapshot_parts *newest;
};

static size_t size_of(const snapshot_parts *p)
{
    return sizeof *p + p->total;
}

snapshot_shelf *snapshot_shelf_new(const snapshot_shelf_options *options)
{
    snapshot_shelf *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->options = *options;
    if (s->options.bytes == 0)
        s->options.bytes = BYTES;
    if (s->options.age_ms == 0)
        s->options.age_ms = AGE_MS;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static snapshot_parts *take_from(snapshot_parts **place)
{
    snapshot_parts *p = *place;

    *place = p->next;
    p->next = NULL;
    return p;
}

void snapshot_shelf_free(snapshot_shelf *s)
{
    if (!s)
        return;
    while (s->newest)
        free(take_from(&s->newest));
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* The newest stand in front: behind the first that is too old, or too much, all go. */
static void tidy(snapshot_shelf *s)
{
    int64_t oldest_ms = clock_monotonic_ms() - s->options.age_ms;
    snapshot_parts **place = &s->newest;
    size_t bytes = 0;

    while (*place && (*place)->shelved_ms >= oldest_ms && bytes + size_of(*place) <= s->options.bytes) {
        bytes += size_of(*place);
        place = &(*place)->next;
    }
    while (*place)
        free(take_from(place));
}

static snapshot_parts *take_of(snapshot_shelf *s, int64_t device_id)
{
    for (snapshot_parts **place = &s->newest; *place; place = &(*place)->next)
        if ((*place)->device_id == device_id)
            return take_from(place);
    return NULL;
}

void snapshot_shelf_put(snapshot_shelf *s, snapshot_parts *p)
{
    pthread_mutex_lock(&s->lock);
    free(take_of(s, p->device_id));
    p->shelved_ms = clock_monotonic_ms();
    p->next = s->newest;
    s->newest = p;
    tidy(s);
    pthread_mutex_unlock(&s->lock);
}

snapshot_parts *snapshot_shelf_take(snapshot_shelf *s, int64_t device_id)
{
    pthread_mutex_lock(&s->lock);
    tidy(s);
    snapshot_parts *p = take_of(s, device_id);
    pthread_mutex_unlock(&s->lock);
    return p;
}
