/* One request on its way through the gateway, shared by the files that move it.
 *
 * Its lock orders what the listener's thread, the client's thread and the watch do to it. It is taken before those of
 * the exchange and of the call, never after. What is answered while a call runs is written under it, so the
 * exchange's arena has one user at a time. */
#pragma once

#include <pthread.h>

#include "bytes.h"
#include "gateway.h"
#include "transcode_fault.h"

enum { REQUEST_ID_MAX = 64, UPLOAD_PART_MAX = 64 * 1024 };

struct gateway {
    gateway_options options;
    const message_type *any; /* google.protobuf.Any, for the details of errors; NULL when the contract has none */
};

typedef struct forward forward;

/* How a request of one shape is forwarded. All on the listener's thread but wake. */
typedef struct {
    void (*begin)(forward *f); /* the head has come; may be NULL */
    size_t (*body)(forward *f, const uint8_t *bytes, size_t size);
    void (*complete)(forward *f);
    void (*drained)(forward *f); /* may be NULL */
    void (*wake)(forward *f);    /* may be NULL */
} forward_shape;

typedef enum { STREAM_EVENTS, STREAM_LINES, STREAM_RAW } stream_form;

struct forward {
    gateway *gateway;
    http_exchange *x;
    const forward_shape *_Atomic shape; /* NULL: nothing is left to be done */
    route_match match;
    char request_id[REQUEST_ID_MAX + 1];
    const char *authorization; /* "Bearer …"; NULL: none */
    bool by_cookie;
    const char *user_agent;
    const char *last_event_id; /* NULL: none */

    pthread_mutex_t lock;
    rpc_raw_call *call; /* held; NULL before the start */
    bool ended, left;
    byte_buffer body; /* of a JSON request, or what an upload has not sent yet */
    byte_buffer json; /* of the reply */
    bool replied;
    const char *reply_fault;
    const char *reply_type; /* of a raw reply */
    arena scratch;          /* of one message of a stream */

    /* Uploads. */
    size_t uploaded;
    bool writing, whole, closed, failed;

    /* Streams of answers. */
    stream_form form;
    bool head_sent, resting;
    int64_t quiet_since_ms;
};

extern const forward_shape unary_shape, upload_shape, stream_shape, health_shape;

/* ---- call.c ---- */

typedef enum {
    CALL_UNARY,    /* one message each way */
    CALL_ANSWERS,  /* one message, answers keep coming */
    CALL_MESSAGES, /* messages follow */
} call_kind;

/* Starts the call with the metadata of the request; false when it cannot be, and the answer is given. Unlocked. The
 * exchange is held until forward_call_ended. The buffer's bytes are the one message. A timeout of 0 is none. */
bool forward_start(forward *f, call_kind kind, const char *path, int64_t timeout_ms, const rpc_raw_events *events,
                   const byte_buffer *wire);

/* In the done event, last. */
void forward_call_ended(forward *f);

/* Builds the request message from body, path and query; false when the answer is given. */
bool forward_build_request(forward *f, byte_buffer *ret_wire);

/* ---- unary.c: the reply of calls that have one ---- */

size_t unary_body(forward *f, const uint8_t *bytes, size_t size);
void unary_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size);
void unary_done(rpc_raw_call *call, void *context, const rpc_answer *answer);

/* ---- answer.c ---- */

/* A failure of the gateway's own. field "" or the place of what is wrong. */
typedef struct {
    unsigned http;
    sp_code code;
    const char *reason;
    const char *message;
    const char *field;
    const char *allow; /* of a 405; NULL: none */
} refusal;

void answer_refusal(forward *f, const refusal *why);
void answer_fault(forward *f, const transcode_fault *fault);

/* What the call failed with. */
void answer_failure(forward *f, const rpc_answer *answer);

/* What came back cannot be shown: logged, and a 500. */
void answer_unusable(forward *f, const char *fault);

/* The reply in f->json, which is JSON or what an HttpBody held. */
void answer_json(forward *f, const rpc_answer *answer);
void answer_raw(forward *f, const rpc_answer *answer);

/* A content type that a server named, in the arena; a safe one instead of a malformed one. */
const char *content_type_of(arena *memory, const char *text, size_t length);

extern const char raw_policy[]; /* the content security policy of bytes that are not ours */

/* ---- error_body.c ---- */

/* {"error":{…}} of a refusal or of a failed call. False when it does not fit. */
bool error_body_of_refusal(byte_buffer *out, const refusal *why);
bool error_body_of_answer(byte_buffer *out, const gateway *g, const rpc_answer *answer, arena *memory);
unsigned http_status_of(sp_code code);

/* Whether the server was not reached at all. */
bool is_unreachable(const rpc_answer *answer);
