#include "audit_limit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLERS = 256, MINUTE_MS = 60 * 1000 };

typedef struct {
    int64_t began_ms; /* of the caller's minute; 0: the place is free */
    int rows;
    audit_swallowed swallowed; /* with the caller's name, whatever its count */
} place;

struct audit_limiter {
    pthread_mutex_t lock;
    int rows_per_minute;
    place places[CALLERS];
};

audit_limiter *audit_limiter_new(int rows_per_minute)
{
    audit_limiter *limiter = calloc(1, sizeof *limiter);

    if (!limiter)
        return NULL;
    pthread_mutex_init(&limiter->lock, NULL);
    limiter->rows_per_minute = rows_per_minute;
    return limiter;
}

void audit_limiter_free(audit_limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

/* A clock that was set back must not keep a minute from ending. */
static bool is_over(const place *p, int64_t now_ms)
{
    return now_ms - p->began_ms >= MINUTE_MS || now_ms < p->began_ms;
}

/* The caller's place, or the one that has been there longest. */
static place *place_find(audit_limiter *limiter, int64_t enterprise_id, const char *operator_name)
{
    place *oldest = &limiter->places[0];

    for (int i = 0; i < CALLERS; i++) {
        place *p = &limiter->places[i];

        if (p->began_ms != 0 && p->swallowed.enterprise_id == enterprise_id &&
            strncmp(p->swallowed.operator_name, operator_name, sizeof p->swallowed.operator_name - 1) == 0)
            return p;
        if (p->began_ms < oldest->began_ms)
            oldest = p;
    }
    oldest->rows = -1;
    return oldest;
}

bool audit_limiter_admits(audit_limiter *limiter, int64_t enterprise_id, const char *operator_name, int64_t now_ms,
                          audit_swallowed *ret_earlier)
{
    place *p;
    bool admitted;

    pthread_mutex_lock(&limiter->lock);
    p = place_find(limiter, enterprise_id, operator_name);
    *ret_earlier = (audit_swallowed){0};
    if (p->rows < 0 || is_over(p, now_ms)) {
        *ret_earlier = p->swallowed;
        *p = (place){.began_ms = now_ms, .swallowed = {.enterprise_id = enterprise_id}};
        snprintf(p->swallowed.operator_name, sizeof p->swallowed.operator_name, "%s", operator_name);
    }
    admitted = p->rows < limiter->rows_per_minute;
    if (admitted)
        p->rows++;
    else
        p->swallowed.count++;
    pthread_mutex_unlock(&limiter->lock);
    return admitted;
}

bool audit_limiter_next(audit_limiter *limiter, int64_t now_ms, audit_swallowed *ret_swallowed)
{
    bool found = false;

    pthread_mutex_lock(&limiter->lock);
    for (int i = 0; i < CALLERS && !found; i++) {
        place *p = &limiter->places[i];

        if (p->began_ms == 0 || p->swallowed.count == 0 || !is_over(p, now_ms))
            continue;
        *ret_swallowed = p->swallowed;
        *p = (place){0};
        found = true;
    }
    pthread_mutex_unlock(&limiter->lock);
    return found;
}
