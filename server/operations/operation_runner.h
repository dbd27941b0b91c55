/* Inside server/operations: what the runner and its runs share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "listen.h"
#include "operation_store.h"
#include "ticker.h"

enum { OPERATION_KINDS_MAX = 32, OPERATION_STAGE_SIZE = 96 };

struct operation_run {
    server_operations *operations;
    operation_run *next; /* of those that are held; under the lock */
    const operation_kind *kind;
    arena memory; /* of the row */
    operation_taken row;
    operation_progress latest; /* what was said last, written or not; no checkpoint */
    char stage[OPERATION_STAGE_SIZE];
    const char *result_type;
    const uint8_t *result;
    size_t result_size;
    int64_t written_ms, told_ms; /* monotonic: of the last report, and of the last notification */
    atomic_bool cancelled, lost;
    atomic_llong held_until_ms; /* monotonic: at least so long nobody else can have taken it */
};

struct server_operations {
    operations_options options;
    operation_kind kinds[OPERATION_KINDS_MAX];
    size_t kind_count;
    int64_t owner; /* this runner, in leases */
    pthread_mutex_t lock;
    pthread_cond_t hint; /* there may be work, or it is time to stop */
    unsigned hints;      /* under the lock, as is what follows */
    operation_run *runs;
    atomic_bool stopping;
    pthread_t *threads;
    int thread_count;
    ticker *keeper;
    db_listener *listener;
};

/* Runs it to its end, and writes that. */
void operation_run_whole(operation_run *run);
