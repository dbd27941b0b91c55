/* The HTTP/2 side of one call: one request, its messages, its trailers. Internal to grpc_call.c. */
#pragma once

#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdint.h>

#include "grpc_call.h"
#include "grpc_frame.h"
#include "grpc_outcome.h"
#include "tls_socket.h"

typedef struct {
    nghttp2_session *session;
    tls_socket *socket; /* borrowed */
    grpc_traffic traffic;
    int32_t stream;
    char authority[280];
    char path[96];
    char timeout[24]; /* value of grpc-timeout; empty: none */
    grpc_headers headers;
    grpc_deframer in;
    grpc_frame_result in_result;
    uint8_t out[GRPC_PREFIX + GRPC_MESSAGE_MAX]; /* the message that is being written */
    size_t out_size;
    size_t out_offset;
    bool no_more;   /* our half ends after the message in out */
    bool asleep;    /* nghttp2 will not ask again by itself */
    bool leaving;   /* no new messages: GOAWAY came, or the owner has finished */
    bool receiving; /* inside grpc_http2_receive */
    bool over;      /* the stream is closed */
    bool clean;     /* by the server's END_STREAM, without a reset */
} grpc_http2;

/* whole_ms becomes grpc-timeout unless 0. */
void grpc_http2_init(grpc_http2 *h, grpc_traffic traffic, const char *authority, const char *path, int64_t whole_ms);

/* Begins the session and the request on an open socket; false when memory is out. */
bool grpc_http2_begin(grpc_http2 *h, tls_socket *socket);

/* False: the connection cannot go on, why is a static text. */
bool grpc_http2_send(grpc_http2 *h, const char **why);
bool grpc_http2_receive(grpc_http2 *h, const uint8_t *bytes, size_t size, const char **why);

void grpc_http2_wake(grpc_http2 *h);
void grpc_http2_ping(grpc_http2 *h);
grpc_outcome grpc_http2_outcome(const grpc_http2 *h);

/* Says good-bye as far as the socket takes it without waiting. */
void grpc_http2_done(grpc_http2 *h);
