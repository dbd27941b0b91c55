/* Batches on their way through ingest, and what was said of them in the end. */
#pragma once

#include <pthread.h>

#include "ingest.h"
#include "world.h"

enum { SUBMITTED_MOST = 4096 };

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int submitted, done, committed;
    int followed;              /* batches that another of the same source was committed with, right behind */
    int order[SUBMITTED_MOST]; /* numbers of the batches, in the order they were done */
} submitted;

void submitted_init(submitted *s);

/* False when ingest would not take the batch. */
bool submitted_try(submitted *s, ingest *in, const ingest_source *source, PassRecord **records, size_t count);
void submitted_put(submitted *s, ingest *in, const ingest_source *source, PassRecord **records, size_t count);

/* Until every batch that was taken is done. */
void submitted_wait(submitted *s);
