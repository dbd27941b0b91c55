#include "id.h"

#include <stdatomic.h>

#include "clock.h"

enum { ID_NODE_BITS = 10, ID_COUNTER_BITS = 12 };

static const int64_t epoch_2024_ms = INT64_C(1704067200000);

static _Atomic unsigned own_node;

/* Milliseconds since the epoch above the counter's bits: the number last given out, without its node. */
static _Atomic int64_t last_tick;

void id_set_node(unsigned node)
{
    atomic_store(&own_node, node & ((1u << ID_NODE_BITS) - 1));
}

/* Normally the clock's millisecond with counter 0 or one more than the last. When the clock stepped back, or a
 * millisecond gave out all its 4096 numbers, the last tick plus one borrows from the milliseconds to come. */
static int64_t next_tick(void)
{
    int64_t since_ms = clock_now_ms() - epoch_2024_ms;
    int64_t last = atomic_load(&last_tick);
    int64_t tick;

    if (since_ms < 1)
        since_ms = 1;
    do {
        tick = since_ms * (1 << ID_COUNTER_BITS);
        if (tick <= last)
            tick = last + 1;
    } while (!atomic_compare_exchange_weak(&last_tick, &last, tick));
    return tick;
}

int64_t id_next(void)
{
    int64_t tick = next_tick();
    int64_t since_ms = tick >> ID_COUNTER_BITS;
    int64_t counter = tick & ((1 << ID_COUNTER_BITS) - 1);

    return since_ms << (ID_NODE_BITS + ID_COUNTER_BITS) | (int64_t)atomic_load(&own_node) << ID_COUNTER_BITS | counter;
}
