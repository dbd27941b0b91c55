#include "clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "text.h"

static _Atomic int64_t shift_by_ms;

/* A century is further than any test needs, and keeps the sum far from overflow. */
static const int64_t longest_shift_ms = INT64_C(100) * 366 * 24 * 3600 * 1000;

__attribute__((constructor)) static void read_shift(void)
{
    const char *text = secure_getenv("SMARTPASS_CLOCK_SHIFT_MS");
    int64_t shift_ms;

    if (text && int64_parse(text, -longest_shift_ms, longest_shift_ms, &shift_ms))
        atomic_store(&shift_by_ms, shift_ms);
}

static int64_t read_ms(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    return read_ms(CLOCK_REALTIME) + atomic_load_explicit(&shift_by_ms, memory_order_relaxed);
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_shift_ms(int64_t shift_ms)
{
    atomic_store(&shift_by_ms, shift_ms);
}
