#include "trace.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "text.h"

/* Each thread has a generator of its own (xorshift128+), seeded once: ids need to be unique, not unguessable. */
static uint64_t random_number(void)
{
    static _Thread_local uint64_t state[2];
    uint64_t a, b;

    if (!state[0] && !state[1] && getrandom(state, sizeof state, 0) != (ssize_t)sizeof state) {
        state[0] = (uint64_t)(uintptr_t)&state;
        state[1] = (uint64_t)clock_now_ms() | 1;
    }
    a = state[0];
    b = state[1];
    state[0] = b;
    a ^= a << 23;
    state[1] = a ^ b ^ (a >> 17) ^ (b >> 26);
    return state[1] + b;
}

static void random_hex(char *out, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t number = 0;

    for (size_t i = 0; i < length; i++) {
        if (i % 16 == 0)
            number = random_number() | 1; /* an id of zeros is none */
        out[i] = digits[number & 15];
        number >>= 4;
    }
    out[length] = '\0';
}

static bool is_hex(const char *text, size_t length)
{
    return strspn(text, "0123456789abcdef") >= length;
}

static bool is_zero(const char *text, size_t length)
{
    return strspn(text, "0") >= length;
}

/* "00-<32>-<16>-<2>"; of later versions the same beginning is understood. */
static bool is_traceparent(const char *text)
{
    size_t length = strlen(text);

    if (length < TRACEPARENT_LENGTH || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return false;
    if (!is_hex(text, 2) || !is_hex(text + 3, 32) || !is_hex(text + 36, 16) || !is_hex(text + 53, 2))
        return false;
    if (memcmp(text, "ff", 2) == 0 || is_zero(text + 3, 32) || is_zero(text + 36, 16))
        return false;
    return length == TRACEPARENT_LENGTH || (memcmp(text, "00", 2) != 0 && text[TRACEPARENT_LENGTH] == '-');
}

void trace_begin(trace_context *trace, const char *traceparent)
{
    bool goes_on = traceparent && is_traceparent(traceparent);

    memset(trace, 0, sizeof *trace);
    if (goes_on) {
        memcpy(trace->trace_id, traceparent + 3, TRACE_ID_LENGTH);
        memcpy(trace->flags, traceparent + 53, 2);
    } else {
        random_hex(trace->trace_id, TRACE_ID_LENGTH);
        memcpy(trace->flags, "00", 2);
    }
    random_hex(trace->span_id, SPAN_ID_LENGTH);
}

void trace_header(const trace_context *trace, char out[TRACEPARENT_LENGTH + 1])
{
    snprintf(out, TRACEPARENT_LENGTH + 1, "00-%s-%s-%s", trace->trace_id, trace->span_id, trace->flags);
}
