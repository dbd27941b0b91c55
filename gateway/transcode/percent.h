/* Percent-encoding of URLs (RFC 3986). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

typedef enum {
    PERCENT_PATH,     /* every %XX is decoded */
    PERCENT_RESERVED, /* %2F stays as it is: a path of several segments keeps its own slashes apart */
    PERCENT_QUERY,    /* as PATH, and + is a space */
} percent_rule;

/* Returns the input itself when nothing needs decoding, else a copy in the arena; NULL when an escape is malformed or
 * memory is out. */
const char *percent_decode(arena *memory, percent_rule rule, const char *text, size_t length, size_t *ret_length);

/* Which of both it was. */
bool percent_is_malformed(const char *text, size_t length);
