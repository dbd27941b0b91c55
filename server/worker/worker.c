/* The pool: so many slots for processes that check photos, each used by one caller at a time and filled when it is
 * first needed, and so many places for processes that read a file each. */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "photo_archive.h"
#include "waiting.h"
#include "wire.h"
#include "worker_photo.h"
#include "worker_pool.h"
#include "worker_process.h"

#define PROCESSES_DEFAULT 2
#define FILES_DEFAULT 4
/* Wall time: the worker's own limit is 2 s of processor time, on a machine that may be busy. */
#define JOB_MS_MAX 5000
#define START_MS_MAX 10000

_Static_assert(WORKER_PHOTO_BYTES_MAX == WORKER_JOB_BYTES_MAX, "what is taken from the caller fits a job");
_Static_assert(sizeof((worker_answer *)0)->template_bytes == WORKER_TEMPLATE_BYTES, "templates pass unchanged");

typedef struct {
    worker_process process;
    bool busy;
} worker_slot;

struct worker_pool {
    char *program, *weights;
    pthread_mutex_t lock;      /* guards busy and files_left */
    pthread_cond_t freed;      /* a slot is not busy any more */
    pthread_cond_t file_freed; /* a file is not read any more */
    int files_left;            /* places for files */
    int count;
    worker_slot slots[];
};

static bool freed_init(pthread_cond_t *freed)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool made =
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(freed, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

worker_pool *worker_pool_new(const worker_options *options)
{
    int count = options->processes > 0 ? options->processes : PROCESSES_DEFAULT;
    worker_pool *pool = calloc(1, sizeof *pool + (size_t)count * sizeof *pool->slots);

    if (!pool)
        return NULL;
    pool->count = count;
    pool->files_left = options->files > 0 ? options->files : FILES_DEFAULT;
    pool->program = strdup(options->program);
    pool->weights = strdup(options->weights);
    for (int i = 0; i < count; i++)
        pool->slots[i].process = WORKER_PROCESS_NONE;
    if (pool->program && pool->weights && freed_init(&pool->freed)) {
        if (freed_init(&pool->file_freed)) {
            pthread_mutex_init(&pool->lock, NULL);
            return pool;
        }
        pthread_cond_destroy(&pool->freed);
    }
    free(pool->program);
    free(pool->weights);
    free(pool);
    return NULL;
}

void worker_pool_free(worker_pool *pool)
{
    if (!pool)
        return;
    for (int i = 0; i < pool->count; i++)
        worker_process_stop(&pool->slots[i].process);
    pthread_cond_destroy(&pool->freed);
    pthread_cond_destroy(&pool->file_freed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->program);
    free(pool->weights);
    free(pool);
}

const char *worker_pool_program(const worker_pool *pool)
{
    return pool->program;
}

const char *worker_pool_weights(const worker_pool *pool)
{
    return pool->weights;
}

int worker_pool_processes(const worker_pool *pool)
{
    return pool->count;
}

static struct timespec moment(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

bool worker_file_place_take(worker_pool *pool, int64_t deadline_ms)
{
    const struct timespec until = moment(deadline_ms);

    before_waiting(); /* for a place, and then for the process in it */
    pthread_mutex_lock(&pool->lock);
    while (pool->files_left == 0 && pthread_cond_timedwait(&pool->file_freed, &pool->lock, &until) == 0)
        ;
    bool taken = pool->files_left > 0;
    pool->files_left -= taken;
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

void worker_file_place_return(worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->files_left++;
    pthread_cond_signal(&pool->file_freed);
    pthread_mutex_unlock(&pool->lock);
}

/* A slot that nobody uses, rather one with a process in it; NULL when all are busy. Called with the lock held. */
static worker_slot *slot_free(worker_pool *pool)
{
    worker_slot *found = NULL;

    for (int i = 0; i < pool->count; i++) {
        worker_slot *slot = &pool->slots[i];
        if (!slot->busy && (!found || (found->process.pid == 0 && slot->process.pid != 0)))
            found = slot;
    }
    return found;
}

static worker_slot *slot_take(worker_pool *pool, int64_t deadline_ms)
{
    const struct timespec until = moment(deadline_ms);
    worker_slot *slot;

    before_waiting(); /* for a place, and then for the process in it */
    pthread_mutex_lock(&pool->lock);
    while (!(slot = slot_free(pool)))
        if (pthread_cond_timedwait(&pool->freed, &pool->lock, &until) != 0 && !(slot = slot_free(pool)))
            break;
    if (slot)
        slot->busy = true;
    pthread_mutex_unlock(&pool->lock);
    return slot;
}

static void slot_return(worker_pool *pool, worker_slot *slot)
{
    pthread_mutex_lock(&pool->lock);
    slot->busy = false;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* A process that ended while nobody used it is replaced without a word. */
static sp_status slot_fill(worker_pool *pool, worker_slot *slot, int64_t deadline_ms)
{
    if (worker_process_is_sound(&slot->process))
        return SP_DONE;
    worker_process_stop(&slot->process);
    return sp_failed(worker_process_start(pool->program, "photo", pool->weights, deadline_ms, &slot->process))
               ? PHOTO_WORKER_NOT_STARTED
               : SP_DONE;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

sp_status worker_pool_start(worker_pool *pool)
{
    for (int i = 0; i < pool->count; i++) {
        int64_t deadline_ms = clock_monotonic_ms() + START_MS_MAX;
        worker_slot *slot = &pool->slots[i];

        pthread_mutex_lock(&pool->lock);
        bool busy = slot->busy;
        slot->busy = true;
        pthread_mutex_unlock(&pool->lock);
        if (busy) /* somebody uses it, so it is up or about to be */
            continue;
        sp_status status = slot_fill(pool, slot, deadline_ms);
        slot_return(pool, slot);
        if (sp_failed(status))
            return status;
    }
    return SP_DONE;
}

/* out_of_time: it ran into its own limit of processor time. */
static sp_status photo_status_of(sp_status status, bool out_of_time)
{
    if (out_of_time || strcmp(status.reason, WORKER_TIMED_OUT.reason) == 0)
        return PHOTO_CHECK_TIMED_OUT;
    return strcmp(status.reason, WORKER_CRASHED.reason) == 0 ? PHOTO_CHECK_CRASHED : status;
}

static sp_status check(worker_pool *pool, arena *a, worker_photo_kind kind, const uint8_t *bytes, size_t size,
                       int timeout_ms, photo_result *ret_result)
{
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;

    if (size > WORKER_PHOTO_BYTES_MAX || size == 0) {
        *ret_result = (photo_result){.verdict = size == 0 ? PHOTO_NOT_AN_IMAGE : PHOTO_TOO_LARGE};
        return SP_DONE;
    }
    worker_slot *slot = slot_take(pool, deadline_ms);
    if (!slot)
        return PHOTO_WORKERS_BUSY;

    sp_status status = slot_fill(pool, slot, sooner(deadline_ms, clock_monotonic_ms() + START_MS_MAX));
    if (!sp_failed(status)) {
        status = worker_photo_ask(&slot->process, a, kind, bytes, size,
                                  sooner(deadline_ms, clock_monotonic_ms() + JOB_MS_MAX), ret_result);
        if (sp_failed(status))
            status = photo_status_of(status, worker_process_stop(&slot->process));
    }
    slot_return(pool, slot);
    return status;
}

sp_status worker_check_photo(worker_pool *pool, arena *a, const uint8_t *bytes, size_t size, int timeout_ms,
                             photo_result *ret_result)
{
    return check(pool, a, WORKER_PHOTO, bytes, size, timeout_ms, ret_result);
}

sp_status worker_check_picture(worker_pool *pool, arena *a, const uint8_t *bytes, size_t size, int timeout_ms,
                               photo_result *ret_result)
{
    return check(pool, a, WORKER_PICTURE, bytes, size, timeout_ms, ret_result);
}
