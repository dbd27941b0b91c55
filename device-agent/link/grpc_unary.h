/* A call with one message each way, as traffic of a grpc_call, and run to its end for programs that may wait. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"
#include "grpc_call.h"

typedef struct {
    const uint8_t *request; /* borrowed */
    size_t request_size;
    bool sent;
    uint8_t reply[GRPC_MESSAGE_MAX];
    size_t reply_size;
    bool replied;
} grpc_unary;

void grpc_unary_init(grpc_unary *unary, const uint8_t *request, size_t size);
grpc_traffic grpc_unary_traffic(grpc_unary *unary);

/* The outcome of the ended call; an OK without a reply is an INTERNAL. */
grpc_outcome grpc_unary_outcome(const grpc_unary *unary, const grpc_call *call);

/* Blocks until the call has ended; tries every address of the endpoint until one takes the connection. */
grpc_outcome grpc_unary_run(grpc_unary *unary, const endpoint *to, SSL_CTX *context, const char *path,
                            int64_t whole_ms);
