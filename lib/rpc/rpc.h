/* gRPC for C: what generated stubs and handlers see. This library alone includes <grpc/…>.
 *
 * Words: a method is one row of a generated table; a call is one request being served; a stream is a call whose
 * messages arrive or leave one by one. Server handlers see rpc_call and typed streams; clients see rpc_client.
 *
 * Threads: unary handlers and the `open` event of a stream run on worker threads and may block. All other stream
 * events of one stream run one at a time, on the thread of its completion queue or a worker, and never block.
 * Functions marked [any thread] may be called from anywhere while the caller holds the object. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "status.h"

PROTOBUF_C__BEGIN_DECLS

/* ---- The contract, as the generator writes it -------------------------------------------------------------------- */

/* Numbers of smartpass.v1.MethodPolicy.Caller. */
typedef enum {
    RPC_CALLER_UNSTATED = 0, /* a contract without policies */
    RPC_CALLER_ANYONE = 1,
    RPC_CALLER_SIGNED_IN = 2,
    RPC_CALLER_PERMITTED = 3,
    RPC_CALLER_TERMINAL = 4,
    RPC_CALLER_FORMER_TERMINAL = 5,
    RPC_CALLER_SUPER = 6,
    RPC_CALLER_ENTERPRISE_ADMIN = 7,
} rpc_caller;

typedef enum { RPC_UNARY, RPC_CLIENT_STREAM, RPC_SERVER_STREAM, RPC_BIDI } rpc_kind;

/* Byte and count limits of one field, from the (smartpass.v1.limit) option; 0 means none stated. */
typedef struct {
    const ProtobufCMessageDescriptor *message;
    uint32_t field; /* number */
    uint32_t max_bytes;
    uint32_t max_items;
    bool required;
} rpc_limit;

typedef struct {
    const char *path; /* "/smartpass.v1.PeopleService/GetEmployee" */
    const char *name; /* "GetEmployee" */
    rpc_kind kind;
    rpc_caller caller;
    const char *permission; /* "" unless caller is RPC_CALLER_PERMITTED */
    const char *audit;      /* "" for methods that change nothing */
    bool runs_inline;
    bool before_password_change;
    const ProtobufCMessageDescriptor *request;
    const ProtobufCMessageDescriptor *reply;
    const char *http_verb; /* "GET"; NULL when the method has no HTTP rule */
    const char *http_path; /* "/v1/employees/{id}" */
    const char *http_body; /* "*", a field, or "" */
} rpc_method;

typedef struct {
    const char *name; /* "smartpass.v1.PeopleService" */
    const rpc_method *methods;
    size_t count;
    const rpc_limit *limits; /* of every message that the service can receive; at most 128 rows for one message */
    size_t limit_count;
} rpc_service;

typedef struct {
    const char *key; /* lower case */
    const char *value;
} rpc_metadatum;

/* ---- Server ------------------------------------------------------------------------------------------------------ */

typedef struct rpc_server rpc_server;
typedef struct rpc_call rpc_call;
typedef struct rpc_stream rpc_stream;

/* What every call passes through: begin, handler, finish, end. Interceptors form a chain: they begin in the order
 * given, finish and end in reverse, so that the first surrounds all others. Any function may be NULL. Health and
 * reflection pass through none. rpc_interceptors.h has some that are ready for use. */
typedef struct {
    void *self;
    /* Worker thread (queue thread for inline methods). Who is calling, may he? A failure is the call's answer, and
     * nobody after this one begins. Comes before a byte of the message is looked at. */
    sp_status (*begin)(void *self, rpc_call *call);
    /* After a unary handler, same thread, before the reply leaves: commits or rolls back and returns the answer. Not
     * when the handler was not reached, and not for streams. */
    sp_status (*finish)(void *self, rpc_call *call, sp_status outcome);
    /* Last, once, for every call that began here, also refused ones and streams: frees what begin attached. */
    void (*end)(void *self, rpc_call *call, sp_status outcome);
    /* A call that nobody has begun: its method is unknown (NULL) or not served, or no worker has time for it. Queue
     * thread; never blocks. */
    void (*refused)(void *self, const rpc_method *method, sp_status status);
} rpc_interceptor;

typedef struct {
    int workers;         /* threads for blocking handlers; 0: 16 */
    int queues;          /* completion queues, one thread each; 0: 1 */
    size_t max_message;  /* bytes of one received message, else INVALID_ARGUMENT, MESSAGE_TOO_LONG; 0: 4 MiB */
    size_t max_buffered; /* bytes that the connections of one listener hold; 0: a quarter of the machine's memory */
    size_t arena_cap;    /* bytes of one call's arena; 0: 16 MiB */
    int max_connections; /* over TCP; 0: as many as RLIMIT_NOFILE leaves after a reserve of 256 */
    int stream_queue;    /* messages that a stream's write queue holds, within 1 MiB; 0: 64 */
    int max_pending;     /* calls waiting for a worker; one more is refused as SERVER_BUSY; 0: 1024 */
    const rpc_interceptor *interceptors;
    size_t interceptor_count;
    const char *error_domain;   /* of google.rpc.ErrorInfo; borrowed; NULL: first word of the service's package */
    const uint8_t *descriptors; /* google.protobuf.FileDescriptorSet for reflection; borrowed; may be NULL */
    size_t descriptors_size;
} rpc_server_options;

/* Listeners carry a number of the program's own, which rpc_call_listener gives back. */
typedef struct {
    int id;
    const char *address;  /* "0.0.0.0:7788", "[::]:7788" or "unix:/run/smartpass/rpc.sock" */
    const char *cert_pem; /* NULL: no TLS (unix sockets, tests on loopback) */
    const char *key_pem;
    bool ask_client_cert;      /* asks, never judges: rpc_call_peer_certificate shows what came */
    bool require_client_cert;  /* turns everybody away who has none of client_ca_pem's, judged by the core */
    const char *client_ca_pem; /* whose certificates clients are told to show; NULL: anybody's */
} rpc_listener;

/* NULL when memory is out. The options are copied with the interceptors, descriptors are borrowed. */
rpc_server *rpc_server_new(const rpc_server_options *options);

/* Before start; everything is copied. A taken or malformed address fails with the reason ADDRESS_UNAVAILABLE, a useless
 * certificate or key with CERTIFICATE_UNUSABLE; ret_port (may be NULL) gets the bound TCP port. A unix socket gets the
 * mode 0600; a file of a server that was killed is replaced, any other is left alone and fails. TLS is 1.2 or later. */
sp_status rpc_server_listen(rpc_server *server, const rpc_listener *listener, int *ret_port) SP_MUST_USE;

/* The listener's connections from now on see this certificate; those that are open keep what they have. A useless one
 * fails with CERTIFICATE_UNUSABLE and changes nothing; a listener that asks for certificates without client_ca_pem
 * cannot change its own (CERTIFICATE_FIXED). Not while the server stops. [any thread] */
sp_status rpc_server_renew_certificate(rpc_server *server, int listener_id, const char *cert_pem,
                                       const char *key_pem) SP_MUST_USE;

/* Once; a server that failed to start can only be freed. Raises RLIMIT_NOFILE to its hard limit. From now on this
 * process's accept4 is the library's own (accept.h). */
sp_status rpc_server_start(rpc_server *server) SP_MUST_USE;

/* Drain: not serving, no new calls, grace_ms for running ones, then they are cancelled; joins all threads, so it waits
 * for handlers that ignore their cancellation. Streams that should not use up the grace are finished before. The server
 * cannot start again. Not from a handler. */
void rpc_server_stop(rpc_server *server, int grace_ms);

/* Stops it without grace if need be; NULL is nothing. */
void rpc_server_free(rpc_server *server);

/* grpc.health.v1: serving or not, for the whole server and each service. [any thread] */
void rpc_server_set_serving(rpc_server *server, bool serving);

/* Generated registration functions call these two; handlers is the service's vtable. */
typedef sp_status (*rpc_unary_thunk)(const void *handlers, size_t slot, rpc_call *call, const ProtobufCMessage *request,
                                     ProtobufCMessage *reply);

/* Events of a streaming call. open may block (unless the method runs inline) and may refuse: its failure is the call's
 * answer, done still follows. For server streams request is the one request, else NULL; it lives as long as the call.
 * done comes last and once for every stream whose open was called, also after cancel: nobody needs to finish a
 * cancelled stream. Once the stream is finished no event but done comes. A malformed message finishes the stream by
 * itself. Any event but open and done may be NULL; without half_close a half-close finishes the stream with OK, with
 * one it is the handler's to finish. message, and
 * what an event takes from rpc_call_arena, is valid only until the event returns. */
typedef struct {
    sp_status (*open)(rpc_stream *stream, const ProtobufCMessage *request);
    void (*message)(rpc_stream *stream, const ProtobufCMessage *message);
    void (*half_close)(rpc_stream *stream);
    void (*writable)(rpc_stream *stream); /* the write queue was full and has room again */
    void (*cancel)(rpc_stream *stream);   /* the peer is gone or gave up; writes go nowhere from now on */
    void (*done)(rpc_stream *stream);
} rpc_stream_events;

typedef struct {
    const void *handlers;  /* the vtable, copied pointer; must outlive the server */
    void *self;            /* rpc_call_self */
    rpc_unary_thunk unary; /* runs slot n of the vtable */
    const rpc_stream_events *(*stream)(const void *handlers, size_t slot); /* events of slot n or NULL */
    bool (*implements)(const void *handlers, size_t slot);                 /* false: UNIMPLEMENTED */
} rpc_binding;

/* Whether a handlers' table reaches as far as a slot (older callers pass a shorter one) and fills it. */
#define RPC_HAS_SLOT(type, handlers, slot)                                                                             \
    ((handlers)->size >= offsetof(type, slot) + sizeof((handlers)->slot) && (handlers)->slot != NULL)

/* Before start. The tables are static; the binding is copied. */
void rpc_server_register(rpc_server *server, const rpc_service *service, const rpc_binding *binding);

/* ---- One call, as its handler sees it ---------------------------------------------------------------------------- */

const rpc_method *rpc_call_method(const rpc_call *call);
void *rpc_call_self(const rpc_call *call);

/* Request, reply and rows. In begin, open and unary handlers it lives as long as the call; in other stream events only
 * until the event returns. For the thread of the handler or event alone. */
arena *rpc_call_arena(rpc_call *call);
int rpc_call_listener(const rpc_call *call);

/* "ipv4:127.0.0.1:40000", "ipv6:[::1]:40000", "unix:"; lives as long as the call. */
const char *rpc_call_peer(const rpc_call *call);

/* The client's certificate as PEM, unjudged: its holder has proved the key, nothing else. NULL when none was shown. */
const char *rpc_call_peer_certificate(rpc_call *call);

/* First value of a metadata key (lower case), or NULL. Lies in rpc_call_arena. */
const char *rpc_call_metadata(const rpc_call *call, const char *key);

/* Trailing metadata of the answer, at most 16 entries and 2 KiB; more, and illegal keys or values, are refused. */
bool rpc_call_answer_metadata(rpc_call *call, const char *key, const char *value);

/* Metadata that comes before any message, within the same bounds. From begin, open or a unary handler; later it is
 * refused. */
bool rpc_call_initial_metadata(rpc_call *call, const char *key, const char *value);

/* Milliseconds left, INT64_MAX without a deadline; 0 when it has passed. [any thread] */
int64_t rpc_call_time_left_ms(const rpc_call *call);
bool rpc_call_cancelled(const rpc_call *call); /* [any thread] */

/* Runs once when the call is cancelled or its deadline passes, on a queue thread, never after the handler returned
 * its answer; at once, here, when that has happened already. NULL takes it back and waits until a running one has
 * returned (so not from within it). Used to cancel a query. Never runs for inline methods. */
void rpc_call_on_cancel(rpc_call *call, void (*on_cancel)(void *arg), void *arg);

/* What an interceptor has for the handlers: session, transaction, scope. */
void rpc_call_set_context(rpc_call *call, void *context);
void *rpc_call_context(const rpc_call *call);

/* What an interceptor has for itself, told apart by its owner. False when eight others have attached something. */
bool rpc_call_attach(rpc_call *call, const void *owner, void *what);
void *rpc_call_attached(const rpc_call *call, const void *owner);

/* Microseconds since the call arrived, time in line included. [any thread] */
int64_t rpc_call_age_us(const rpc_call *call);

/* From begin, open or a handler: the call ends with DEADLINE_EXCEEDED in so many milliseconds, unless its own deadline
 * comes first; the handler hears of it as of any cancellation. False when memory or threads are out. */
bool rpc_call_limit_time(rpc_call *call, int64_t timeout_ms);

/* Adds a google.rpc.BadRequest field violation to the answer and returns INVALID_ARGUMENT with the reason of the call's
 * first one. field is the proto path ("employee.name"), description one sentence; all are copied. The reason travels
 * twice: as FieldViolation.reason (number 3 of the current googleapis, which older copies of that proto keep as an
 * unknown field), and for clients with such a copy as the entry field → reason of ErrorInfo.metadata. */
sp_status rpc_call_violation(rpc_call *call, const char *field, const char *reason, const char *description);

/* Adds one metadata entry to the answer's google.rpc.ErrorInfo. */
void rpc_call_error_fact(rpc_call *call, const char *key, const char *value);

/* ---- Streams, below the typed wrappers --------------------------------------------------------------------------- */

rpc_call *rpc_stream_call(rpc_stream *stream);
void rpc_stream_set_context(rpc_stream *stream, void *context);
void *rpc_stream_context(const rpc_stream *stream);
const void *rpc_stream_handlers(const rpc_stream *stream); /* the binding's: where the generated events look */

typedef enum { RPC_WRITTEN, RPC_FULL, RPC_CLOSED } rpc_written;

/* Packs and queues; RPC_FULL changes nothing and promises a writable event. [any thread] */
rpc_written rpc_stream_write(rpc_stream *stream, const ProtobufCMessage *message);

/* Ends the call after the queued messages have left; later writes answer RPC_CLOSED. The first status wins.
 * [any thread] */
void rpc_stream_finish(rpc_stream *stream, sp_status status);

/* Ends the call at once, whatever is queued and whether the peer reads or not; the peer learns code and message, and
 * the details only when nothing was queued. For a peer that must go, such as one whose certificate was revoked. [any
 * thread] */
void rpc_stream_cut(rpc_stream *stream, sp_status status);

/* Reading stops after the message at hand, so that flow control holds the peer back; resume goes on. [any thread] */
void rpc_stream_pause(rpc_stream *stream);
void rpc_stream_resume(rpc_stream *stream);

/* A held stream stays valid after done, until as many releases. [any thread] */
rpc_stream *rpc_stream_hold(rpc_stream *stream);
void rpc_stream_release(rpc_stream *stream);

/* ---- Client ------------------------------------------------------------------------------------------------------ */

typedef struct rpc_client rpc_client;

/* Of one call; NULL stands for all zero. Metadata of more than 7 KiB (32 bytes an entry included) is illegal: a server
 * answers it by dropping the connection, with all calls on it. */
typedef struct {
    int64_t timeout_ms; /* 0: none */
    const rpc_metadatum *metadata;
    size_t metadata_count;
    bool wait_for_ready;
} rpc_options;

/* How a call ended. Texts belong to the client object's answer and live until rpc_answer_done. */
typedef struct {
    sp_status status; /* reason and message point into this answer */
    char *message;
    char *reason;     /* from google.rpc.ErrorInfo; "" when the server gave none */
    uint8_t *details; /* google.rpc.Status as sent in grpc-status-details-bin */
    size_t details_size;
    rpc_metadatum *initial; /* what came before the messages */
    size_t initial_count;
    rpc_metadatum *trailing;
    size_t trailing_count;
} rpc_answer;
void rpc_answer_done(rpc_answer *answer);

/* The first value of a key in the trailing metadata, else in the initial; NULL when it is in neither. */
const char *rpc_answer_metadata(const rpc_answer *answer, const char *key);

/* A call that is about to leave, as an interceptor sees it. */
typedef struct rpc_outgoing rpc_outgoing;
const char *rpc_outgoing_path(const rpc_outgoing *call);
int64_t rpc_outgoing_timeout_ms(const rpc_outgoing *call); /* 0: none */
void rpc_outgoing_set_timeout_ms(rpc_outgoing *call, int64_t timeout_ms);

/* Adds metadata to the caller's; copies. False when memory is out or there are 64 already. */
bool rpc_outgoing_add(rpc_outgoing *call, const char *key, const char *value);

/* What every call of a client passes through: attach a token, count, log. They begin in the order given and end in
 * reverse; either function may be NULL. */
typedef struct {
    void *self;
    /* Thread of whoever starts the call. A failure is the call's outcome; it never leaves. */
    sp_status (*begin)(void *self, rpc_outgoing *call);
    /* Once for every call that began here, before its caller hears of the end; the client's thread, or the starter's
     * when the call never left. took_us is the time since it began. Never blocks. */
    void (*end)(void *self, const char *path, const rpc_answer *answer, int64_t took_us);
} rpc_client_interceptor;

typedef struct {
    const char *target; /* "dns:///host:7788", "host:7788" or "unix:/path" */
    bool tls;
    const char *ca_pem;   /* NULL with tls: the system's authorities */
    const char *cert_pem; /* NULL: no client certificate */
    const char *key_pem;
    const char *server_name; /* overrides the name that the server's certificate is checked for; NULL: the target's */
    size_t max_message;      /* bytes; 0: 4 MiB */
    const rpc_client_interceptor *interceptors;
    size_t interceptor_count;
} rpc_client_options;

/* Connects with the first call, and again whenever it has to. Everything is copied. NULL when memory or threads are
 * out. A client is for any number of threads and calls. */
rpc_client *rpc_client_new(const rpc_client_options *options);
void rpc_client_free(rpc_client *client); /* waits until its last call has ended; not from its events */

/* Blocking unary call; *ret_reply, set on success, is malloc's and freed with protobuf_c_message_free_unpacked. answer
 * may be NULL; the returned status then has the code's name as its reason. Not from events of the same client. */
sp_status rpc_client_call(rpc_client *client, const rpc_method *method, const rpc_options *options,
                          const ProtobufCMessage *request, ProtobufCMessage **ret_reply, rpc_answer *answer);

/* Raw calls of any kind, by path and bytes: what the gateway transcodes to, and what typed client streams are made of.
 * Events come from the client's own thread, one at a time for a call, and never block; done is the last. */
typedef struct rpc_client_call_handle rpc_raw_call;

typedef struct {
    void (*message)(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size); /* after it, rpc_raw_read */
    void (*writable)(rpc_raw_call *call, void *context);                                   /* the last write has left */
    void (*done)(rpc_raw_call *call, void *context, const rpc_answer *answer);
} rpc_raw_events;

/* Starts a call; nothing is read until rpc_raw_read. NULL when memory is out or metadata is illegal. The handle is
 * valid until done returns, longer when held; done never comes before the first rpc_raw_read, which every call needs
 * therefore, also one that has been cancelled. On success done comes only after all messages have been read, so each
 * message is answered by another rpc_raw_read. */
rpc_raw_call *rpc_raw_start(rpc_client *client, const char *path, const rpc_options *options,
                            const rpc_raw_events *events, void *context);
/* A call with one message each way, in one step: events are message, when there is one, and done, which may come before
 * this returns; they need no rpc_raw_read, and the call takes no rpc_raw_write. NULL as above. The handle is valid
 * until done returns, so it is of use only to events, or when the caller can tell that done has not come yet. */
rpc_raw_call *rpc_raw_unary(rpc_client *client, const char *path, const rpc_options *options, const uint8_t *bytes,
                            size_t size, const rpc_raw_events *events, void *context);
/* Copies; one at a time: false while the last one has not left, or when the call has ended. `last` half-closes with it.
 * [any thread] */
bool rpc_raw_write(rpc_raw_call *call, const uint8_t *bytes, size_t size, bool last);
void rpc_raw_half_close(rpc_raw_call *call); /* [any thread] */
void rpc_raw_read(rpc_raw_call *call);       /* asks for the next message; one outstanding [any thread] */
void rpc_raw_cancel(rpc_raw_call *call);     /* [any thread] */
rpc_raw_call *rpc_raw_hold(rpc_raw_call *call);
void rpc_raw_release(rpc_raw_call *call);

/* Blocking streams, below the typed client wrappers; for one thread. NULL when memory is out: all functions take it,
 * and finish says so. A stream that could not be opened for another reason is one that has ended. */
typedef struct rpc_client_stream rpc_client_stream;
rpc_client_stream *rpc_client_stream_open(rpc_client *client, const rpc_method *method, const rpc_options *options);
/* Waits until the message has left; false when the call has ended, which finish explains. */
bool rpc_client_stream_write(rpc_client_stream *stream, const ProtobufCMessage *message);
void rpc_client_stream_half_close(rpc_client_stream *stream);
/* The next message (freed as above), or NULL when the stream has ended; then finish tells how. */
ProtobufCMessage *rpc_client_stream_read(rpc_client_stream *stream);
void rpc_client_stream_cancel(rpc_client_stream *stream); /* [any thread] */
/* Half-closes, drops what comes until the server has ended the call (cancel first to leave one that never does), and
 * frees the stream. */
sp_status rpc_client_stream_finish(rpc_client_stream *stream, rpc_answer *answer);
/* For client streams: half-closes, takes the one reply (set on success only; none or several are an INTERNAL failure)
 * and finishes. */
sp_status rpc_client_stream_finish_one(rpc_client_stream *stream, ProtobufCMessage **ret_reply, rpc_answer *answer);

/* ---- Untrusted bytes --------------------------------------------------------------------------------------------- */

/* Walks wire bytes by descriptor before anything is allocated: depth ≤ 64, well-formed, strings valid UTF-8 without
 * NUL, and the stated byte and count limits. On a limit, *ret_field names the field (static text); else it is NULL. */
sp_status rpc_prescan(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                      const rpc_limit *limits, size_t limit_count, const char **ret_field);

/* Unpacks into the arena; NULL when malformed or over the cap. Only after a prescan: protobuf-c follows any depth. */
ProtobufCMessage *rpc_unpack(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t *bytes, size_t size);

PROTOBUF_C__END_DECLS
