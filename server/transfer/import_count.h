/* How many rows a sheet has: not known yet to whoever writes the first of them while the others are read. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "status.h"

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool is_told;
    sp_status status; /* how reading went */
    int32_t rows;
} import_count;

void import_count_init(import_count *count);
void import_count_done(import_count *count);

/* Once; what is told later says nothing. [any thread] */
void import_count_tell(import_count *count, sp_status status, int32_t rows);

/* Blocks until it is told, at most so long; milliseconds < 0: for as long as the reader takes, which is bounded. False:
 * not told. [any thread] */
bool import_count_wait(import_count *count, int milliseconds, sp_status *ret_status, int32_t *ret_rows);
