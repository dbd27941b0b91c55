#include "import_count.h"

#include <errno.h>
#include <time.h>

void import_count_init(import_count *count)
{
    *count = (import_count){.status = SP_DONE};
    pthread_mutex_init(&count->lock, NULL);
    pthread_cond_init(&count->told, NULL);
}

void import_count_done(import_count *count)
{
    pthread_cond_destroy(&count->told);
    pthread_mutex_destroy(&count->lock);
}

void import_count_tell(import_count *count, sp_status status, int32_t rows)
{
    pthread_mutex_lock(&count->lock);
    if (!count->is_told) {
        count->is_told = true;
        count->status = status;
        count->rows = rows;
        pthread_cond_broadcast(&count->told);
    }
    pthread_mutex_unlock(&count->lock);
}

static struct timespec from_now(int milliseconds)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += milliseconds / 1000;
    at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

bool import_count_wait(import_count *count, int milliseconds, sp_status *ret_status, int32_t *ret_rows)
{
    const struct timespec until = from_now(milliseconds < 0 ? 0 : milliseconds);
    int waited = 0;
    bool is_told;

    pthread_mutex_lock(&count->lock);
    while (!count->is_told && waited != ETIMEDOUT)
        waited = milliseconds < 0 ? pthread_cond_wait(&count->told, &count->lock)
                                  : pthread_cond_clockwait(&count->told, &count->lock, CLOCK_MONOTONIC, &until);
    is_told = count->is_told;
    if (is_told) {
        *ret_status = count->status;
        *ret_rows = count->rows;
    }
    pthread_mutex_unlock(&count->lock);
    return is_told;
}
