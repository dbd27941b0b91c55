/* One smartpass-worker and its socket. A value is used by one thread at a time. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "worker.h"

typedef struct {
    pid_t pid;  /* 0: not running */
    int socket; /* ours; -1 when not running */
} worker_process;

#define WORKER_PROCESS_NONE ((worker_process){0, -1})

/* Starts and waits until it is ready, at most until deadline_ms (clock_monotonic_ms). Nothing of this process but
 * standard error is open in it, and its environment is empty. */
SP_MUST_USE sp_status worker_process_start(const char *program, const char *weights, int64_t deadline_ms,
                                           worker_process *ret_process);

/* False when it has ended, or says something unasked. */
bool worker_process_is_sound(const worker_process *process);

/* One job. After any failure the process has to be stopped: what it would say next is unknown. */
SP_MUST_USE sp_status worker_process_ask(worker_process *process, arena *a, const uint8_t *bytes, size_t size,
                                         int64_t deadline_ms, photo_result *ret_result);

/* Kills it unless it has ended, and reaps it. True when it had used up its processor time. */
bool worker_process_stop(worker_process *process);
