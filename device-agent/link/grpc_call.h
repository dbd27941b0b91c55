/* One gRPC call on a connection of its own: TCP, TLS, HTTP/2, one stream. Never blocks and never sleeps: the owner
 * waits for the descriptor and the due time, and calls in. Nothing is queued: when the connection has room, the call
 * asks its owner for the next message, so that what goes first is decided as late as possible.
 *
 * One thread at a time. The owner's functions are called from within ready, tick, wake and finish, and must not free
 * the call. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "grpc_frame.h"
#include "grpc_outcome.h"

typedef struct grpc_call grpc_call;

typedef enum { GRPC_CALL_CONNECTING, GRPC_CALL_OPEN, GRPC_CALL_ENDED } grpc_call_state;

#define GRPC_NOTHING_NOW 0    /* answers of next: */
#define GRPC_NO_MORE SIZE_MAX /* our half of the call is over */

typedef struct {
    void *self;
    /* Writes the next message (at most GRPC_MESSAGE_MAX bytes) and returns its size, or one of the two above. After
     * GRPC_NOTHING_NOW it is asked again when grpc_call_wake says so. */
    size_t (*next)(void *self, uint8_t *out);
    /* A message has arrived; borrowed. False: it is malformed, the call ends with INTERNAL. */
    bool (*message)(void *self, const uint8_t *bytes, size_t size);
} grpc_traffic;

typedef struct {
    int64_t dial_ms;       /* until TLS stands */
    int64_t whole_ms;      /* until the call has ended; 0: as long as it takes */
    int64_t ping_after_ms; /* without a byte from the server; servers punish less than 10 000 */
    int64_t ping_wait_ms;  /* for the answer */
    int64_t leave_ms;      /* for the end after GOAWAY or finish */
} grpc_patience;

grpc_patience grpc_patience_usual(void);

/* Begins to dial. authority is "host:port", host the part of it to name in TLS; path the method's. The context and
 * the traffic's owner must outlive the call; the strings are copied. NULL when memory is out; a call that fails to
 * dial is ENDED. */
grpc_call *grpc_call_new(SSL_CTX *context, const struct sockaddr *address, socklen_t size, const char *authority,
                         const char *host, const char *path, const grpc_patience *patience, grpc_traffic traffic,
                         int64_t now_ms);

/* The descriptor is readable or writable. */
void grpc_call_ready(grpc_call *call, int64_t now_ms);

/* Time has passed: gives up, or sends a ping. */
void grpc_call_tick(grpc_call *call, int64_t now_ms);

/* There is something to send: writes at once as much as the connection takes. */
void grpc_call_wake(grpc_call *call);

/* Asks for no more messages and ends our half; the server then ends the call. */
void grpc_call_finish(grpc_call *call, int64_t now_ms);

grpc_call_state grpc_call_is(const grpc_call *call);
int grpc_call_fd(const grpc_call *call); /* -1 when ended */
bool grpc_call_wants_write(const grpc_call *call);
int64_t grpc_call_due_ms(const grpc_call *call);  /* when to call tick; INT64_MAX: never */
bool grpc_call_is_leaving(const grpc_call *call); /* the server has said GOAWAY, or finish was called */

/* Of an ended call. */
const grpc_outcome *grpc_call_outcome(const grpc_call *call);

/* As when the cable is pulled: ends the call, and the server is told nothing. */
void grpc_call_cut(grpc_call *call);

/* Ends it without ceremony if it has not ended; accepts NULL. */
void grpc_call_free(grpc_call *call);
