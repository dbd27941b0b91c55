/* How many wrong passwords are borne, and what follows. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    LOCKOUT_FREE_FAILURES = 5,     /* of an account from one place, before there is a delay */
    LOCKOUT_HOURLY_FAILURES = 100, /* of an account from everywhere that it does not know */
    LOCKOUT_PLACE_SIZE = 64,       /* of the text, the NUL included */
};

/* For so long after a sign-in an account knows the place again. */
#define LOCKOUT_PLACE_MS (30 * 24 * 60 * 60 * INT64_C(1000))

/* What is remembered of one account from one place, or from everywhere. */
typedef struct {
    int64_t failures;
    int64_t locked_until_ms;
    int64_t failed_at_ms; /* of an account from everywhere: when its hour began */
} lockout_count;

/* The place that an address stands for: itself, or of IPv6 the /64, which one household or machine has to itself. Text
 * that is no address is "unknown". */
void lockout_place(const char *address, char ret_place[LOCKOUT_PLACE_SIZE]);

/* Milliseconds until the next attempt is heard; 0: now. What others try elsewhere does not count in a place that the
 * account knows. */
int64_t lockout_wait_ms(const lockout_count *here, const lockout_count *everywhere, bool known, int64_t now_ms);

void lockout_count_failure(lockout_count *here, lockout_count *everywhere, bool known, int64_t now_ms);
