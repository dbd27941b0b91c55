/* Timestamps and durations as proto3 JSON writes them: "2026-02-28T09:30:00.120Z" and "1.5s". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIME_TEXT_MAX = 40 };

/* RFC 3339 with capital T and Z, years 1 to 9999, any offset from UTC. Seconds since 1970; nanos 0–999 999 999. */
bool timestamp_from_text(const char *text, size_t length, int64_t *ret_seconds, int32_t *ret_nanos);

/* In UTC with 0, 3, 6 or 9 digits after the second; writes at most TIME_TEXT_MAX characters, no NUL, and returns how
 * many; 0 when out of range. */
size_t timestamp_to_text(int64_t seconds, int32_t nanos, char *out);

/* Up to 10 000 years and any fraction of a second beyond; seconds and nanos have the same sign. */
bool duration_from_text(const char *text, size_t length, int64_t *ret_seconds, int32_t *ret_nanos);
size_t duration_to_text(int64_t seconds, int32_t nanos, char *out);
