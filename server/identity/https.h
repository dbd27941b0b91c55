/* One request to a server of somebody else's choice: HTTPS, no redirects, bounded in time and size. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "status.h"

SP_STATUS(PROVIDER_UNREACHABLE, SP_UNAVAILABLE, "The identity provider cannot be reached at the moment.");

typedef struct {
    const char *url;
    const char *form;                   /* posted as application/x-www-form-urlencoded; NULL: GET */
    const char *authorization;          /* that header's value; NULL: none */
    const char *authorities;            /* a PEM file of whom to trust beside the system's authorities; NULL: none */
    bool (*cancelled)(const void *arg); /* asked now and then; NULL: nobody cancels */
    const void *arg;
} https_request;

typedef struct {
    long status;
    const char *body; /* in the arena, at most 1 MiB; a NUL that is not counted follows */
    size_t size;
} https_answer;

/* An absolute URL without credentials and fragment: https, or, when allowed, http of this machine. */
bool https_url_is_legal(const char *url, bool loopback_allowed);

/* Whether it is plain http, and so of this machine. */
bool https_url_is_plain(const char *url);

/* Any HTTP status is an answer. PROVIDER_UNREACHABLE when there is none: no connection, no trust, more than 10 s or
 * 1 MiB; *ret_why then says which in static words. */
sp_status https_fetch(const https_request *request, arena *a, https_answer *ret_answer,
                      const char **ret_why) SP_MUST_USE;
