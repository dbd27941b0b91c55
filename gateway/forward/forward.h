/* One request on its way through the gateway, shared by the files that move it.
 *
 * Every request has an input (how its body becomes messages) and an output (how messages become its answer); any of the
 * one goes with any of the other. Its lock orders what the HTTP server's thread and the gRPC client's do to it; it is
 * taken before those of the exchange and of the call, never after. What is answered while a call runs is written under
 * it, so the exchange's arena has one user at a time. */
#pragma once

#include <pthread.h>

#include "bytes.h"
#include "compress.h"
#include "conditional.h"
#include "gateway.h"
#include "parameters.h"
#include "rate_limit.h"
#include "trace.h"
#include "transcode_fault.h"

enum { REQUEST_ID_MAX = 64, UPLOAD_PART_MAX = 64 * 1024, RETRY_TEXT_MAX = 24 };

struct gateway {
    gateway_options options;
    const message_type *any;  /* google.protobuf.Any, for the details of errors; NULL when the contract has none */
    compressors *compressors; /* NULL: none */
    rate_limit *anonymous;    /* calls without credentials; NULL: no limit */
    rate_limit *failed_credentials; /* calls with some that were of no use */
};

typedef struct forward forward;

/* All on the thread of the HTTP server but writable, and only writable locked. */
typedef struct {
    void (*begin)(forward *f); /* the head has come */
    size_t (*body)(forward *f, const uint8_t *bytes, size_t size);
    void (*complete)(forward *f);
    void (*writable)(forward *f); /* the last message has left; may be NULL */
} forward_input;

/* Message and done come from the client's thread, locked; drained and wake from the server's, unlocked. */
typedef struct {
    void (*begin)(forward *f); /* before the input's; may be NULL */
    void (*message)(forward *f, const uint8_t *bytes, size_t size);
    void (*done)(forward *f, const rpc_answer *answer);
    void (*drained)(forward *f); /* may be NULL */
    void (*wake)(forward *f);    /* may be NULL */
} forward_output;

typedef struct upload_form upload_form;

struct forward {
    gateway *gateway;
    http_exchange *x;
    const forward_input *_Atomic input; /* NULL: nothing more is taken of the request */
    const forward_output *output;
    route_match match;

    /* Of the caller. */
    char request_id[REQUEST_ID_MAX + 1];
    trace_context trace;
    const char *trace_state;   /* NULL: none */
    const char *address;       /* where the request comes from, proxies aside */
    const char *authorization; /* "Bearer …"; NULL: none */
    bool by_cookie;
    const char *user_agent;
    const char *last_event_id; /* NULL: none */
    const char *origin;        /* of another host's page that is allowed; NULL: none */

    pthread_mutex_t lock;
    rpc_raw_call *call; /* held; NULL before the start */
    bool ended, left;

    /* Input. */
    byte_buffer body;  /* what is gathered or has not been sent yet */
    uint64_t taken;    /* bytes of the body so far */
    upload_form *form; /* NULL: the body is none */
    bool writing, whole, closed, failed;
    uint64_t parts; /* messages sent */

    /* Output. */
    byte_buffer reply; /* JSON, or a raw body */
    bool replied;
    const char *reply_fault;
    const char *reply_type; /* of a raw reply */
    body_state reply_state;
    const char *reply_file_name; /* NULL: none */
    body_wish wish;
    int64_t reply_at; /* of a download: the place of the next byte that comes */
    bool events;      /* server-sent events instead of lines */
    bool head_sent, resting, settled;
    int64_t quiet_since_ms;
    arena scratch; /* of one message */
};

extern const forward_input gather_input, parts_input, lines_input, health_input;
extern const forward_output reply_output, stream_output, download_output, health_output;

/* ---- caller.c ---- */

/* What the request says about itself, copied: it outlives the events that may read it. */
void caller_read(forward *f);

/* Whether it may call at all: false when the answer is given. */
bool caller_is_admitted(forward *f);

/* After a call with credentials that the server did not take. */
void caller_failed(forward *f);

/* ---- call.c ---- */

typedef enum {
    CALL_UNARY,    /* one message each way */
    CALL_ANSWERS,  /* one message, answers keep coming */
    CALL_MESSAGES, /* messages follow */
} call_kind;

/* Starts the call with the metadata of the request; false when it cannot be, and the answer is given. Unlocked. The
 * exchange is held until it has ended. The buffer's bytes are the one message; NULL for CALL_MESSAGES. A timeout of 0
 * is none. */
bool forward_start(forward *f, call_kind kind, const char *path, int64_t timeout_ms, const byte_buffer *wire);

/* The same for the method of the route. */
bool forward_start_method(forward *f, const byte_buffer *wire);

/* Locked. Ends the call for a fault of the request's: its answer, or the last words of one that has begun. */
void forward_fail(forward *f, const transcode_fault *fault);

/* ---- request_build.c ---- */

/* What path, query and Last-Event-ID give to the message. False with the tree's fault set. */
bool request_parameters(forward *f, parameter_tree *tree);

/* Appends the message that the parameters make, without a body. */
bool request_without_body(forward *f, const parameter_tree *tree, byte_buffer *wire);

/* Appends the message of a JSON body and the parameters. */
bool request_from_json(forward *f, const parameter_tree *tree, const void *json, size_t size, byte_buffer *wire);

/* What is said of a raw body beside its bytes; both may be NULL or "". */
typedef struct {
    const char *type;
    const char *file_name;
} raw_head;

/* Appends a raw body: as the message, or as that field of it. head may be NULL. */
bool request_add_raw(byte_buffer *wire, const field_type *field, const raw_head *head, const void *bytes, size_t size);

/* The request's field that takes raw bytes: a google.api.HttpBody that the route names as its body. */
const field_type *request_raw_field(const route *found);
bool is_http_body(const message_type *message);

/* ---- form.c: bodies of multipart/form-data ---- */

/* Forms fill the fields of one message, or one file of them is streamed. NULL when the answer is given. */
upload_form *form_new(forward *f, bool streams);

/* As an input's body and complete; what is wrong is in the fault. Files of a form that streams go to `take`. */
size_t form_body(upload_form *form, const uint8_t *bytes, size_t size);
bool form_complete(upload_form *form);
const transcode_fault *form_fault(const upload_form *form); /* kind FAULT_NONE: none */
const parameter_tree *form_parameters(const upload_form *form);
const byte_buffer *form_files(const upload_form *form); /* wire bytes of its fields */
raw_head form_file_head(const upload_form *form);       /* of the file that is streamed */
void form_free(upload_form *form);                      /* accepts NULL */

/* ---- stream.c ---- */

/* Locked. As forward_fail, for a stream whose head has left. */
void stream_fail(forward *f, const transcode_fault *fault);

/* ---- parts.c ---- */

/* Locked. Takes bytes of what is streamed; returns how many. */
size_t parts_take(forward *f, const uint8_t *bytes, size_t size);

/* ---- answer.c ---- */

typedef struct {
    http_field list[20];
    size_t count;
} answer_fields;

/* What every answer says: the request's id, what other hosts' pages may see. */
void fields_begin(const forward *f, answer_fields *fields);
void field_add(answer_fields *fields, const char *name, const char *value); /* a value of NULL is left out */

/* A failure of the gateway's own. field "" or the place of what is wrong. */
typedef struct {
    unsigned http;
    sp_code code;
    const char *reason;
    const char *message;
    const char *field;
    const char *allow; /* of a 405; NULL: none */
    int64_t retry_ms;  /* when it is worth another try; 0: not said */
    int64_t body_size; /* of a 416; −1 as well as 0 in others: not said */
} refusal;

void answer_refusal(forward *f, const refusal *why);
void answer_refuse(forward *f, unsigned http, sp_code code, const char *reason, const char *message);
void answer_beyond(forward *f); /* the body has no such range */
void answer_fault(forward *f, const transcode_fault *fault);
void answer_no_memory(forward *f);

/* What the call failed with. */
void answer_failure(forward *f, const rpc_answer *answer);

/* What came back cannot be shown: logged, and a 500. */
void answer_unusable(forward *f, const char *fault);

/* The reply in f->reply, which is JSON or what an HttpBody held. */
void answer_json(forward *f, const rpc_answer *answer);
void answer_raw(forward *f, const rpc_answer *answer);

/* ---- body_fields.c: raw answers ---- */

/* Reads a message that is an HttpBody, or one of its fields that is; keeps type, state and name of the first. */
bool raw_read(forward *f, const uint8_t *bytes, size_t size, const uint8_t **ret_data, size_t *ret_size);

/* Judges what the client wants of it, and adds the fields that say so; returns the status. */
unsigned raw_fields(forward *f, answer_fields *fields);

/* A content type that a server named, in the arena; a safe one instead of a malformed one. */
const char *content_type_of(arena *memory, const char *text, size_t length);

/* ---- error_body.c ---- */

/* {"error":{…}} of a refusal or of a failed call. False when it does not fit. */
bool error_body_of_refusal(byte_buffer *out, const forward *f, const refusal *why);
bool error_body_of_answer(byte_buffer *out, const forward *f, const rpc_answer *answer, arena *memory);
refusal refusal_of_fault(const transcode_fault *fault);
unsigned http_status_of(sp_code code);

/* Whether the server was not reached at all. */
bool is_unreachable(const rpc_answer *answer);
