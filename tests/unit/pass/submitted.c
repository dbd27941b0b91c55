#include "submitted.h"

#include <stdlib.h>

typedef struct {
    submitted *of;
    int number;
} batch;

void submitted_init(submitted *s)
{
    *s = (submitted){0};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
}

static void on_done(void *arg, bool committed, const void *next)
{
    batch *b = arg;
    submitted *s = b->of;

    pthread_mutex_lock(&s->lock);
    ck_assert_int_lt(s->done, SUBMITTED_MOST);
    s->order[s->done++] = b->number;
    s->committed += committed;
    s->followed += next != NULL;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    free(b);
}

bool submitted_try(submitted *s, ingest *in, const ingest_source *source, PassRecord **records, size_t count)
{
    batch *b = malloc(sizeof *b);

    ck_assert_ptr_nonnull(b);
    pthread_mutex_lock(&s->lock);
    *b = (batch){s, s->submitted++};
    pthread_mutex_unlock(&s->lock);
    if (ingest_submit(in, source, records, count, on_done, b))
        return true;
    pthread_mutex_lock(&s->lock);
    s->submitted--;
    pthread_mutex_unlock(&s->lock);
    free(b);
    return false;
}

void submitted_put(submitted *s, ingest *in, const ingest_source *source, PassRecord **records, size_t count)
{
    ck_assert(submitted_try(s, in, source, records, count));
}

void submitted_wait(submitted *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->done < s->submitted)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}
