/* Client calls that do not block, below the typed ones of generated code (X.client.h). */
#pragma once

#include "rpc.h"

PROTOBUF_C__BEGIN_DECLS

/* A call under way. It is shared by whoever started it and by its events; each hold is matched by one release, and the
 * starter releases once without a hold, as soon as it has no use for the call any more. */
typedef struct rpc_async rpc_async;

/* Events come on the client's thread, one at a time for a call, and never block. What they are given lives until they
 * return. done comes last and once for every call; reply is set for calls with one reply that succeeded. */
typedef struct {
    void (*message)(rpc_async *call, const ProtobufCMessage *message); /* NULL for calls with one reply */
    void (*writable)(rpc_async *call);                                 /* the write queue was full and has room again */
    void (*done)(rpc_async *call, const ProtobufCMessage *reply, const rpc_answer *answer);
} rpc_async_thunks;

/* request is the one request of unary calls and server streams, else NULL. NULL when memory is out, and then no event
 * comes. A call that cannot leave (illegal metadata, an interceptor's refusal) is done before this returns. events is
 * what rpc_async_events gives back: the typed events behind the thunks. [any thread] */
rpc_async *rpc_async_start(rpc_client *client, const rpc_method *method, const rpc_options *options,
                           const ProtobufCMessage *request, const rpc_async_thunks *thunks, const void *events,
                           void *context);
const void *rpc_async_events(const rpc_async *call);
void *rpc_async_context(const rpc_async *call);

/* Packs and queues: at most 64 messages within 1 MiB wait. RPC_FULL changes nothing and promises a writable event.
 * [any thread] */
rpc_written rpc_async_write(rpc_async *call, const ProtobufCMessage *message);
void rpc_async_half_close(rpc_async *call); /* after what is queued [any thread] */

/* Reading stops after the message at hand, so that flow control holds the server back; resume goes on. [any thread] */
void rpc_async_pause(rpc_async *call);
void rpc_async_resume(rpc_async *call);
void rpc_async_cancel(rpc_async *call); /* [any thread] */

rpc_async *rpc_async_hold(rpc_async *call);
void rpc_async_release(rpc_async *call); /* NULL is nothing */

PROTOBUF_C__END_DECLS
