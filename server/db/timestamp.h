/* google.protobuf.Timestamp and milliseconds since 1970. */
#pragma once

#include "arena.h"
#include "google/protobuf/timestamp.pb-c.h"

/* NULL for 0, and when memory is out. */
Google__Protobuf__Timestamp *timestamp_or_null(arena *a, int64_t unix_ms);

/* 0 for NULL; parts of a millisecond are cut off. False when it is no time between the years 1 and 9999. */
bool timestamp_to_ms(const Google__Protobuf__Timestamp *t, int64_t *ret_unix_ms);
