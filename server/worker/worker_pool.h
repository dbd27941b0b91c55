/* What those who read files take from the pool: a place, so that not too many processes run at once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "worker.h"

/* Places for files are not those of photos: however many files are read, photos are checked. False when none was free
 * until deadline_ms (clock_monotonic_ms). */
bool worker_file_place_take(worker_pool *pool, int64_t deadline_ms);
void worker_file_place_return(worker_pool *pool);

const char *worker_pool_program(const worker_pool *pool);
const char *worker_pool_weights(const worker_pool *pool);
