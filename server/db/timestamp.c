/* google.protobuf.Timestamp and milliseconds since 1970. */
#include "timestamp.h"

/* The range that the proto states: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z. */
#define SECONDS_MIN (-62135596800LL)
#define SECONDS_MAX 253402300799LL

Google__Protobuf__Timestamp *timestamp_or_null(arena *a, int64_t unix_ms)
{
    Google__Protobuf__Timestamp *t = unix_ms != 0 ? arena_alloc(a, sizeof *t) : NULL;
    if (!t)
        return NULL;
    google__protobuf__timestamp__init(t);
    int64_t rest_ms = unix_ms % 1000;
    if (rest_ms < 0)
        rest_ms += 1000;
    t->seconds = (unix_ms - rest_ms) / 1000;
    t->nanos = (int32_t)(rest_ms * 1000000);
    return t;
}

bool timestamp_to_ms(const Google__Protobuf__Timestamp *t, int64_t *ret_unix_ms)
{
    *ret_unix_ms = 0;
    if (!t)
        return true;
    if (t->seconds < SECONDS_MIN || t->seconds > SECONDS_MAX || t->nanos < 0 || t->nanos > 999999999)
        return false;
    *ret_unix_ms = t->seconds * 1000 + t->nanos / 1000000;
    return true;
}
