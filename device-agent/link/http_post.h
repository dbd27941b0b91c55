/* Posts to an HTTP or HTTPS address without ever blocking, one request at a time. The certificate of an HTTPS server
 * must hang on one that the machine trusts. Redirections are not followed, answers are not read beyond their head, and
 * a proxy of the environment is not asked. One thread; times are of the monotonic clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

SP_STATUS(HTTP_NOT_OFFERED, SP_FAILED_PRECONDITION, "libcurl is not installed.");

typedef struct http_post http_post;

typedef struct {
    const char *trust; /* file or folder of PEM certificates; NULL: the machine's */
    const char *user_agent;
    int64_t limit_ms; /* for a whole request */
} http_post_options;

typedef struct {
    const char *url;
    const char *body; /* copied */
    size_t size;
    const char *const *headers; /* "Name: value", NULL at the end */
} http_post_request;

typedef struct {
    int status;          /* of the answer; 0: none came */
    int64_t asked_ms;    /* that the answer asks to wait; 0: it does not */
    const char *failure; /* static; "" with a status */
} http_post_outcome;

/* Strings are copied. HTTP_NOT_OFFERED without libcurl. */
SP_MUST_USE sp_status http_post_new(const http_post_options *options, http_post **ret_post);
void http_post_free(http_post *p); /* accepts NULL; gives up what is under way */

/* Begins; nothing may be under way. False: memory is out, or the address makes no sense. */
bool http_post_begin(http_post *p, const http_post_request *request, int64_t now_ms);
bool http_post_is_busy(const http_post *p);
void http_post_give_up(http_post *p);

/* The descriptor is ready, or the time has come. True: the request is over. */
bool http_post_advance(http_post *p, int64_t now_ms, http_post_outcome *ret_outcome);
int http_post_fd(const http_post *p);         /* the same as long as it lives; wait until it can be read */
int64_t http_post_due_ms(const http_post *p); /* INT64_MAX: none */
