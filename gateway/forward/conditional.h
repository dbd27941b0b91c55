/* Conditional requests and ranges (RFC 9110, 13 and 14): what of a body a client wants, if anything. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of the body. */
typedef struct {
    int64_t size;       /* −1: not known, which allows no ranges */
    const char *etag;   /* with its quotes: "\"abc\"", "W/\"abc\""; NULL: none */
    int64_t modified_s; /* since 1970; −1: not known */
} body_state;

/* Headers of the request; NULL when absent. */
typedef struct {
    const char *if_none_match, *if_modified_since, *if_range, *range;
} body_conditions;

typedef enum {
    WANTS_WHOLE,
    WANTS_PART,    /* first … last */
    WANTS_NOTHING, /* 304: the client has it */
    WANTS_BEYOND,  /* 416: none of the range exists */
} body_wish_kind;

typedef struct {
    body_wish_kind kind;
    int64_t first, last; /* bytes, both included */
} body_wish;

/* A range that is malformed, of another unit, or one of several, is as good as none. */
body_wish conditional_judge(const body_conditions *asked, const body_state *body);

/* "\"…\"" or "W/\"…\"" of printable ASCII. */
bool etag_is_legal(const char *etag);

/* "Sun, 06 Nov 1994 08:49:37 GMT" ⇄ seconds since 1970. −1 when malformed. */
int64_t http_date_parse(const char *text);
enum { HTTP_DATE_MAX = 32 };
void http_date_text(int64_t seconds, char out[HTTP_DATE_MAX]);
