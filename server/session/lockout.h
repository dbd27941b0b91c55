/* How many wrong passwords are borne, and what follows. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    LOCKOUT_FREE_FAILURES = 5,     /* of an account from one address, before there is a delay */
    LOCKOUT_HOURLY_FAILURES = 100, /* of an account from everywhere */
};

/* What is remembered of one account from one address, or from everywhere. */
typedef struct {
    int64_t failures;
    int64_t locked_until_ms;
    int64_t failed_at_ms; /* of an account from everywhere: when its hour began */
} lockout_count;

/* Milliseconds until the next attempt is heard; 0: now. */
int64_t lockout_wait_ms(const lockout_count *here, const lockout_count *everywhere, int64_t now_ms);

void lockout_count_failure(lockout_count *here, lockout_count *everywhere, int64_t now_ms);
