/* One smartpass-worker and its socket. A value is used by one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "status.h"

/* Of any process; whoever asked for the job has names of its own for them. */
SP_STATUS(WORKER_NOT_STARTED, SP_UNAVAILABLE, "The process could not be started.");
SP_STATUS(WORKER_TIMED_OUT, SP_DEADLINE_EXCEEDED, "The process did not answer in time.");
SP_STATUS(WORKER_CRASHED, SP_INTERNAL, "The process ended, or said what makes no sense.");

typedef struct {
    pid_t pid;  /* 0: not running */
    int socket; /* ours; -1 when not running */
} worker_process;

#define WORKER_PROCESS_NONE ((worker_process){0, -1})

/* Starts `program job argument` and waits until it is ready, at most until deadline_ms (clock_monotonic_ms). Nothing of
 * this process but standard error is open in it, and its environment is empty. */
SP_MUST_USE sp_status worker_process_start(const char *program, const char *job, const char *argument,
                                           int64_t deadline_ms, worker_process *ret_process);

/* False when it has ended, or says something unasked. */
bool worker_process_is_sound(const worker_process *process);

/* All of the bytes until the deadline. After any failure the process has to be stopped: what it would say next is
 * unknown. WORKER_TIMED_OUT, WORKER_CRASHED. */
SP_MUST_USE sp_status worker_process_send(const worker_process *process, const void *from, size_t size,
                                          int64_t deadline_ms);
SP_MUST_USE sp_status worker_process_receive(const worker_process *process, void *to, size_t size, int64_t deadline_ms);

/* A few bytes, and with them an open file, which the process gets as a descriptor of its own. */
SP_MUST_USE sp_status worker_process_send_file(const worker_process *process, const void *from, size_t size, int fd,
                                               int64_t deadline_ms);

/* Kills it unless it has ended, and reaps it. True when it had used up its processor time. */
bool worker_process_stop(worker_process *process);
