#include "lockout.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const int64_t HOUR_MS = 60 * 60 * 1000, FIRST_DELAY_MS = 30 * 1000, LAST_DELAY_MS = 15 * 60 * 1000;

void lockout_place(const char *address, char ret_place[LOCKOUT_PLACE_SIZE])
{
    unsigned char v4[sizeof(struct in_addr)];
    struct in6_addr v6;
    char network[INET6_ADDRSTRLEN];

    if (inet_pton(AF_INET6, address, &v6) == 1) {
        memset(&v6.s6_addr[8], 0, 8);
        snprintf(ret_place, LOCKOUT_PLACE_SIZE, "%s/64", inet_ntop(AF_INET6, &v6, network, sizeof network));
    } else {
        snprintf(ret_place, LOCKOUT_PLACE_SIZE, "%s", inet_pton(AF_INET, address, v4) == 1 ? address : "unknown");
    }
}

int64_t lockout_wait_ms(const lockout_count *here, const lockout_count *everywhere, bool known, int64_t now_ms)
{
    int64_t until_ms = here->locked_until_ms;

    if (!known && everywhere->locked_until_ms > until_ms)
        until_ms = everywhere->locked_until_ms;

    return until_ms > now_ms ? until_ms - now_ms : 0;
}

static int64_t delay_ms(int64_t failures)
{
    int64_t delay = FIRST_DELAY_MS;

    if (failures < LOCKOUT_FREE_FAILURES)
        return 0;
    while (failures-- > LOCKOUT_FREE_FAILURES && delay < LAST_DELAY_MS)
        delay *= 2;
    return delay < LAST_DELAY_MS ? delay : LAST_DELAY_MS;
}

void lockout_count_failure(lockout_count *here, lockout_count *everywhere, bool known, int64_t now_ms)
{
    if (now_ms - here->failed_at_ms > HOUR_MS)
        here->failures = 0;
    here->failures++;
    here->failed_at_ms = now_ms;
    here->locked_until_ms = now_ms + delay_ms(here->failures);
    if (known)
        return;

    if (everywhere->failures == 0 || now_ms - everywhere->failed_at_ms > HOUR_MS) {
        everywhere->failures = 0;
        everywhere->failed_at_ms = now_ms;
    }
    everywhere->failures++;
    if (everywhere->failures >= LOCKOUT_HOURLY_FAILURES)
        everywhere->locked_until_ms = everywhere->failed_at_ms + HOUR_MS;
}
