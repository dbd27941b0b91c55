#include "callback_rules.h"

callback_fate callback_judge(int status)
{
    if (status >= 200 && status < 300)
        return CALLBACK_TAKEN;
    switch (status) {
    case 400: /* malformed */
    case 413: /* too large */
    case 422: /* understood, and of no use */
        return CALLBACK_REFUSED;
    default:
        return CALLBACK_AGAIN;
    }
}

int64_t callback_wait_ms(backoff *b, uint32_t random, int64_t asked_ms)
{
    int64_t wait_ms = backoff_next_ms(b, random);

    if (asked_ms > CALLBACK_ASKED_WAIT_MAX_MS)
        asked_ms = CALLBACK_ASKED_WAIT_MAX_MS;
    return asked_ms > wait_ms ? asked_ms : wait_ms;
}

uint64_t callback_given_up(uint64_t posted_seq, uint64_t last_seq)
{
    return last_seq > posted_seq && last_seq - posted_seq > CALLBACK_WAITING_MAX ? last_seq - CALLBACK_WAITING_MAX
                                                                                 : posted_seq;
}

bool callback_is_too_old(int64_t occurred_at_ms, int64_t now_ms)
{
    return occurred_at_ms < now_ms - CALLBACK_AGE_MAX_MS;
}
