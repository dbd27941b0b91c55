/* The client's inside: the channel, its queue, and how a call's end becomes an answer. */
#pragma once

#include <grpc/grpc.h>

#include "arena.h"
#include "core.h"
#include "rpc.h"

enum { CLIENT_METADATA_MAX = 64 }; /* entries of one call */

struct rpc_client {
    grpc_channel *channel;
    core_queue queue;
    rpc_client_interceptor *interceptors;
    size_t interceptor_count;
};

/* client_intercept.c: a call on its way through the interceptors; all zero where there are none. */
typedef struct {
    const rpc_client *client;
    char *path;
    int64_t began_us;
    size_t begun;
} client_passage;

/* Begins all, which may change the options in `outgoing`; on failure those that began have ended again. */
struct rpc_outgoing {
    const char *path;
    rpc_options options;
    rpc_metadatum *metadata; /* in `memory`, as soon as anything is added */
    arena memory;
};
sp_status passage_begin(client_passage *passage, const rpc_client *client, rpc_outgoing *outgoing);
void passage_end(client_passage *passage, const rpc_answer *answer);
void passage_fail(client_passage *passage, sp_status status); /* the call never left */

/* client_answer.c: fills a new answer from what the core gave, or from a failure of our own. */
void answer_from_core(rpc_answer *answer, grpc_status_code code, grpc_slice text, const grpc_metadata_array *initial,
                      const grpc_metadata_array *trailing);
void answer_from_status(rpc_answer *answer, sp_status status);

/* Hands the answer on, or, when nobody asked for it (out is NULL), frees it and returns a status without its texts. */
sp_status answer_hand_over(rpc_answer *answer, rpc_answer *out);

/* client_raw.c, for typed calls: as rpc_raw_start; when it returns NULL, *ret_failure says why. */
rpc_raw_call *raw_start(rpc_client *client, const char *path, const rpc_options *options, const rpc_raw_events *events,
                        void *context, sp_status *ret_failure);

/* The same for rpc_raw_unary; takes the message whatever happens. */
rpc_raw_call *raw_unary(rpc_client *client, const char *path, const rpc_options *options, grpc_byte_buffer *message,
                        const rpc_raw_events *events, void *context, sp_status *ret_failure);

/* Takes the buffer whatever happens; false when a write is under way or the call has ended. */
bool raw_write_buffer(rpc_raw_call *call, grpc_byte_buffer *buffer, bool last);

/* Within the done event: the answer becomes the caller's. */
void raw_take_answer(rpc_raw_call *call, rpc_answer *ret_answer);

/* Prescans and unpacks a reply into memory of malloc; fails when it is malformed or memory is out. bytes may be NULL:
 * there was no memory to keep them. */
sp_status client_decode(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                        ProtobufCMessage **ret_message);

extern const sp_status CLIENT_CALL_IMPOSSIBLE;
extern const sp_status CLIENT_REPLY_MALFORMED;
extern const sp_status CLIENT_REPLY_MISSING;
extern const sp_status CLIENT_REPLY_REPEATED;
