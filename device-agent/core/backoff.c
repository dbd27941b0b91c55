#include "backoff.h"

void backoff_init(backoff *b, int64_t first_ms, int64_t longest_ms)
{
    *b = (backoff){.first_ms = first_ms, .longest_ms = longest_ms, .ceiling_ms = first_ms};
}

int64_t backoff_next_ms(backoff *b, uint32_t random)
{
    uint64_t choices = (uint64_t)b->ceiling_ms + 1;
    int64_t wait_ms = (int64_t)(((uint64_t)random * choices) >> 32);

    b->ceiling_ms = b->ceiling_ms > b->longest_ms / 2 ? b->longest_ms : b->ceiling_ms * 2;
    return wait_ms;
}

void backoff_reset(backoff *b)
{
    b->ceiling_ms = b->first_ms;
}
