/* A streaming call on the server: its events one at a time, its reads one by one, its writes through a bounded queue.
 *
 * Any thread may change the state under the lock; only one at a time runs events (`busy`), and whoever posts an event
 * meanwhile leaves it to that one. */
#pragma once

#include "call.h"

/* Waiting events, in the order they are delivered. */
typedef enum {
    STREAM_MESSAGE = 1 << 0,
    STREAM_HALF_CLOSE = 1 << 1,
    STREAM_CANCEL = 1 << 2,
    STREAM_WRITABLE = 1 << 3,
    STREAM_END = 1 << 4,
} stream_event;

typedef struct stream_write {
    struct stream_write *next;
    grpc_byte_buffer *bytes;
    size_t size;
} stream_write;

struct rpc_stream {
    rpc_call *call;
    const rpc_stream_events *events;
    void *context;
    arena scratch; /* of the event at hand */

    core_tag received;
    core_tag sent;

    pthread_mutex_t lock; /* of all below */
    unsigned waiting;     /* stream_event bits */
    bool busy;            /* somebody runs events */
    bool open_called;     /* done is owed */
    bool opened;          /* open has returned, or the call was refused before it */
    bool over;            /* the end has been posted: the core is not touched any more */

    bool reading; /* a read is under way */
    bool at_hand; /* a message waits or is being handled */
    bool read_ended;
    bool paused;
    grpc_byte_buffer *message;

    bool headers_sent;
    bool sending;     /* a batch of the writing side is under way */
    bool finishing;   /* the outcome is known; it leaves after the queue */
    bool status_sent; /* the batch with the status has been started */
    bool peer_closed; /* the core has told that the call is over */
    bool gone;        /* ... because the peer went or gave up */
    bool wants_room;  /* a writer was told RPC_FULL */
    sp_status outcome;
    stream_write *queue;
    stream_write **queue_end;
    int queue_length;
    size_t queue_bytes;
    grpc_byte_buffer *in_flight;
};

/* Locked. Starts what the writing side can start now. */
void stream_send_next(rpc_stream *stream);
void stream_sent(core_tag *tag, bool ok);

/* Locked. Forgets what has not been sent. */
void stream_drop_queue(rpc_stream *stream);

/* Locked. */
void stream_set_outcome(rpc_stream *stream, sp_status status);

/* Locked on entry, unlocked on return: adds the events and runs them unless somebody does already; also looks whether
 * the stream has ended. State and event change under one lock, so that no end overtakes an event. The caller holds a
 * reference of its own. */
void stream_unlock_and_run(rpc_stream *stream, unsigned events);
