/* One call on the server, from the moment the core is asked for it until its last reference goes. */
#pragma once

#include <grpc/grpc.h>
#include <pthread.h>
#include <stdatomic.h>

#include "details.h"
#include "server.h"
#include "timers.h"

enum {
    ANSWER_METADATA_MAX = 16,         /* entries that a handler may add at either end of its answer */
    ANSWER_METADATA_BYTES_MAX = 2048, /* of keys and values */
    ATTACHED_MAX = 8,
};

/* Metadata that a handler adds; the texts lie in the call's arena. */
typedef struct {
    rpc_metadatum entries[ANSWER_METADATA_MAX];
    size_t count;
    size_t bytes;
} answer_metadata;

typedef struct {
    const void *owner;
    void *what;
} call_attached;

struct rpc_call {
    rpc_server *server;
    server_port *port;
    core_queue *queue;
    const server_method *method; /* NULL until a call without a registered method has told its path */
    rpc_stream *stream;          /* NULL for unary calls */

    grpc_call *core;
    gpr_timespec deadline;
    grpc_call_details path; /* of calls that came without a registered method */
    grpc_metadata_array metadata;
    grpc_byte_buffer *payload; /* the one request of a unary call */
    grpc_byte_buffer *reply;

    core_tag arrived;
    core_tag closed;
    core_tag answered;
    worker_task task;
    atomic_int refs; /* one for each batch under way, one for whoever handles the call, one for each hold */

    int core_cancelled; /* written by the core */
    atomic_bool cancelled;
    pthread_mutex_t lock; /* of the following six */
    pthread_cond_t cancel_returned;
    bool watched;   /* the core has been asked to tell when the peer is gone */
    bool answering; /* ... which is too late now */
    void (*on_cancel)(void *arg);
    void *on_cancel_arg;
    bool on_cancel_runs;

    arena memory;   /* lives as long as the call */
    arena *current; /* what rpc_call_arena gives: memory, or a stream event's own */
    call_details details;
    sp_status first_violation;
    answer_metadata initial;
    bool headers_left; /* ... and it is too late for more */
    answer_metadata trailing;
    void *context;
    call_attached attached[ATTACHED_MAX];
    size_t attached_count;
    int64_t arrived_us;
    timer expiry; /* set when the server's own deadline comes before the caller's; holds a reference then */
    const char *peer;
    const char *certificate;
    bool certificate_known;
    size_t begun;     /* interceptors that have begun */
    bool comes_again; /* was refused because memory was out; asks the core anew instead of being freed */
};

/* Asks the core for the next call of the method, or of any that is not registered when method is NULL. False when
 * memory is out. */
bool call_arm(server_port *port, core_queue *queue, const server_method *method);

rpc_call *call_ref(rpc_call *call);
void call_unref(rpc_call *call);

/* Ends what ties the call to the core, while holders may still keep the call and what is attached to it. */
void call_release(rpc_call *call);

/* Starts a batch that holds a reference until its tag has run; the tag must unref. */
bool call_start_batch(rpc_call *call, const grpc_op *ops, size_t count, core_tag *tag);

/* Asks the core to tell when the peer is gone; again, or after the answer, is nothing. A unary call asks only when
 * somebody wants to know, because most are answered before anybody does. [any thread] */
void call_watch_close(rpc_call *call);

/* As call_start_batch for the closing batch of a unary call: what completes at once runs here instead of waking the
 * queue's thread. */
bool call_start_answer(rpc_call *call, const grpc_op *ops, size_t count);

/* intercept.c: the chain. */
sp_status call_begin(rpc_call *call);
sp_status call_finish(rpc_call *call, sp_status outcome);
void call_end(rpc_call *call, sp_status outcome);
void call_tell_refused(const rpc_call *call, sp_status status);

/* Prescans and unpacks untrusted bytes into the arena; a broken limit becomes a field violation. buffer is NULL when
 * the core brought none: CALL_CANCELLED when the peer is gone. */
sp_status call_decode(rpc_call *call, grpc_byte_buffer *buffer, arena *a, ProtobufCMessage **ret_message);

/* The closing operation of a call: fills op from status and details. The batch must be started before
 * call_answer_drop, and at once. */
typedef struct {
    grpc_metadata metadata[ANSWER_METADATA_MAX + 1];
    size_t count;
    grpc_slice text;
} call_answer;
void call_answer_fill(call_answer *answer, rpc_call *call, sp_status status, grpc_op *op);
void call_answer_drop(call_answer *answer);

/* The opening operation likewise: the call's initial metadata. */
typedef struct {
    grpc_metadata metadata[ANSWER_METADATA_MAX];
    size_t count;
} call_headers;
void call_headers_fill(call_headers *headers, const rpc_call *call, grpc_op *op);
void call_headers_drop(call_headers *headers);

/* Answers a call that no handler has seen. */
void call_refuse(rpc_call *call, sp_status status);

/* unary.c, stream.c: a call has arrived; both take their own references. */
void unary_start(rpc_call *call);
void stream_start(rpc_call *call);
void stream_peer_closed(rpc_stream *stream);
void stream_free(rpc_stream *stream);

extern const sp_status CALL_SERVER_BUSY, CALL_CANCELLED;
