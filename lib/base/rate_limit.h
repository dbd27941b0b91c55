/* How often a caller may call whom nothing but an address tells apart from others: a token bucket for each IPv4 address
 * and each /64 of IPv6. The table is bounded: when it is full, the bucket gives way that is the fullest, because
 * forgetting that one changes the least. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rate_limit rate_limit;

/* `rate` tokens a second, at most `burst` of them. NULL when memory is out. */
rate_limit *rate_limit_new(double rate, double burst, size_t addresses);
void rate_limit_free(rate_limit *limit); /* accepts NULL */

/* Takes one token; 0, or how many milliseconds from now there will be one. An address that is none has a bucket, too.
 * [any thread] */
int64_t rate_limit_take(rate_limit *limit, const char *address, int64_t now_ms);

/* As take, without taking: whether there is a token. [any thread] */
int64_t rate_limit_peek(rate_limit *limit, const char *address, int64_t now_ms);
