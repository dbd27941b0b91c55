/* One message of records on its way to the database: a private copy, because the message itself is gone when its event
 * returns. */
#pragma once

#include "ingest.h"

typedef struct ingest_batch ingest_batch;

struct ingest_batch {
    ingest_batch *next;
    ingest_source source;
    size_t count;
    ingest_done done;
    void *arg;
    Smartpass__Link__V1__PassRecord records[]; /* their texts and bytes lie behind the last one */
};

/* Sorts a list so that batches of one source stand together, in the order that they came. */
ingest_batch *ingest_batches_sort(ingest_batch *list);

bool ingest_source_is(const ingest_source *a, const ingest_source *b);

/* NULL when memory is out; freed with free(). */
ingest_batch *ingest_batch_new(const ingest_source *source, Smartpass__Link__V1__PassRecord *const *records,
                               size_t count);
