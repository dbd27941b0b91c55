/* How a call ended, as the server's trailers (or their absence) tell it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

typedef struct {
    sp_code code;
    bool answered;     /* the server gave this status; false: the connection failed and the code is ours */
    char message[160]; /* for a log line; printable, cut when longer */
} grpc_outcome;

/* What has been heard of the outcome so far. */
typedef struct {
    int http_status; /* 0: none yet */
    int grpc_status; /* -1: none yet */
    bool grpc_content;
    char message[160];
} grpc_headers;

void grpc_headers_init(grpc_headers *headers);

/* Takes one header or trailer of the call; others are ignored. */
void grpc_headers_take(grpc_headers *headers, const uint8_t *name, size_t name_size, const uint8_t *value,
                       size_t value_size);

/* The outcome once the stream has closed; clean: by END_STREAM, not by a reset. */
grpc_outcome grpc_headers_outcome(const grpc_headers *headers, bool clean);

/* An outcome of our own: the transport failed. */
grpc_outcome grpc_outcome_failed(sp_code code, const char *message);

/* Whether the server said that this terminal is not, or no longer, authorised. */
bool grpc_outcome_is_refusal(const grpc_outcome *outcome);
