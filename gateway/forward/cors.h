/* Which pages of other hosts may use the API (the Fetch standard's CORS). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_exchange.h"

typedef struct {
    const char *origins; /* "https://a.example, https://b.example:8443", or "*"; NULL: none */
    bool credentials;    /* they may send the session's cookie; not with "*" */
    int64_t max_age_s;   /* how long a browser may keep the answer to a preflight */
} cors_rules;

enum { CORS_FIELDS_MAX = 5 };

/* NULL, or a static sentence about what is wrong with them. */
const char *cors_check(const cors_rules *rules);

bool cors_allows(const cors_rules *rules, const char *origin);

/* What an answer to an allowed origin says; returns how many fields. The texts live as long as rules and origin. */
size_t cors_fields(const cors_rules *rules, const char *origin, http_field *fields);

/* Headers that a page may send and read besides those that any may. */
extern const char cors_request_headers[];
