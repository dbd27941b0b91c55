/* How many refusals of one caller become rows: beyond it they are counted, and one row says how many there were. Of a
 * bounded number of callers. Thread-safe. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct audit_limiter audit_limiter;

typedef struct {
    int64_t enterprise_id;
    char operator_name[136];
    int64_t count; /* 0: nothing was swallowed */
} audit_swallowed;

/* NULL when memory is out. */
audit_limiter *audit_limiter_new(int rows_per_minute);
void audit_limiter_free(audit_limiter *limiter); /* accepts NULL */

/* Whether the refusal becomes a row. *ret_earlier is to be written too when its count is not 0: of a minute that is
 * over, of this caller or of one who had to make room. */
bool audit_limiter_admits(audit_limiter *limiter, int64_t enterprise_id, const char *operator_name, int64_t now_ms,
                          audit_swallowed *ret_earlier);

/* One whose minute is over and of whom something was swallowed; false when there is none. Call it until then. */
bool audit_limiter_next(audit_limiter *limiter, int64_t now_ms, audit_swallowed *ret_swallowed);
