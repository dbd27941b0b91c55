/* The inside of the HTTP server, for its own files.
 *
 * A loop is a thread with an epoll; a connection belongs to one loop for its life. The loop's thread alone reads and
 * closes; what is sent leaves from whatever thread has it, under the connection's lock. A loop's lock is taken after a
 * connection's, never before. Events are told without either. */
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/uio.h>

#include "bytes.h"
#include "http_chunk.h"
#include "http_server.h"

enum { LOOP_SCRATCH = 64 * 1024 };

typedef struct http_loop http_loop;
typedef struct http_connection http_connection;

/* First in everything that an epoll event points to. */
typedef enum { SOURCE_WAKER, SOURCE_LISTENER, SOURCE_CONNECTION } event_source;

typedef struct {
    event_source source;
    int fd;
} http_listener;

typedef enum {
    PHASE_HANDSHAKE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_ANSWER, /* the request has come whole, its answer has not left whole */
    PHASE_LINGER, /* the last answer has left; what still comes is read away, so that the client gets to see it */
} connection_phase;

struct http_connection {
    event_source source;
    atomic_int refs; /* the loop's, and one for each exchange */
    http_loop *loop;
    bool secure;
    char address[INET6_ADDRSTRLEN];

    /* Of the loop's thread. */
    http_connection *next, *previous;
    connection_phase phase;
    bool can_read;
    bool hung_up; /* the client sends no more */
    bool said_goodbye;
    byte_buffer kept; /* what was read and is of no use yet */
    size_t scanned;   /* of it, for the end of a head */
    bool chunked;
    uint64_t body_left;
    chunk_reader chunks;
    bool body_waits; /* for http_continue */
    uint64_t lingered;
    int64_t read_credit_ms; /* what is left of the stall timeout */
    int64_t read_since_ms;

    _Atomic int64_t read_deadline_ms; /* by when the client must have done the next thing; 0: it is our turn */
    _Atomic int64_t write_deadline_ms;

    pthread_mutex_t lock; /* of all below */
    int fd;               /* −1 when closed */
    SSL *tls;
    http_exchange *x; /* held; NULL between two */
    bool broken;      /* to be dropped by the loop */
    bool last;        /* no further request is taken */
    bool input_waits; /* the loop is to be told when x has ended */
    bool drained_due; /* x is to be told that its queue has room again */

    byte_buffer queue; /* from sent on */
    size_t sent;
    const uint8_t *block; /* follows the queue */
    size_t block_left;
    void *block_owned; /* to be freed; NULL: it is borrowed */
    bool full;         /* the socket took no more: the loop goes on when it does */
    int64_t write_credit_ms;
    int64_t write_since_ms;

    bool posted; /* of the loop's lock */
    http_connection *next_posted;
};

struct http_exchange {
    atomic_int refs;
    http_server *server;
    http_connection *peer; /* held */
    void *context;
    arena memory;
    request_head head;
    bool known;      /* its events' user has seen it */
    int64_t wake_ms; /* of the loop's thread */

    /* Of the connection's lock. */
    bool ended;
    bool completed; /* the request has come whole */
    bool continued; /* http_continue came */
    bool waiting;   /* for it */
    bool continue_owed;
    bool answered;
    bool streaming, finished, whole;
    bool chunked;
    bool bodiless;       /* HEAD, 204, 304 */
    int64_t length_left; /* of a streamed answer that said its length; −1: it did not */
    bool was_high;
};

struct http_loop {
    http_server *server;
    pthread_t thread;
    bool runs;
    int epoll;
    struct {
        event_source source;
        int fd;
    } waker;
    unsigned stage; /* of the stop, as far as this loop has come */
    http_connection *connections;
    http_connection *oldest; /* the list's end */
    http_connection *buried;
    uint8_t *scratch;

    pthread_mutex_t lock;
    http_connection *posted;
};

enum { STAGE_SERVE, STAGE_DRAIN, STAGE_DISMISS, STAGE_END };

struct http_server {
    http_server_options options;
    http_listener listeners[LISTEN_ADDRESSES_MAX];
    size_t listener_count;
    http_loop *loops;
    bool secure;
    int spare; /* a descriptor to give up when there are no more */
    atomic_uint stage;
    atomic_uint connections;
    atomic_size_t exchanges; /* that have not ended */
    atomic_size_t live;      /* that are held */

    pthread_mutex_t lock; /* of all below */
    SSL_CTX *tls;         /* NULL: none */
};

/* ---- http_tls.c ---- */
SSL_CTX *tls_context_new(const char *cert, const char *key, char *fault, size_t fault_size);

/* As recv and writev, but not for signals: TRANSFER_WAIT when it would block, TRANSFER_BROKEN when there will never be
 * more, 0 at the end. Locked. */
enum { TRANSFER_WAIT = -1, TRANSFER_BROKEN = -2 };
ssize_t transfer_in(http_connection *c, void *into, size_t room);
ssize_t transfer_out(http_connection *c, const struct iovec *pieces, int count);
bool transfer_handshake(http_connection *c, bool *ret_done); /* false: it has failed */

/* ---- http_output.c: locked ---- */
bool output_add(http_connection *c, const void *bytes, size_t size);
void output_flush(http_connection *c); /* sends what goes, and ends the exchange whose answer has left */
size_t output_size(const http_connection *c);
void output_drop(http_connection *c);

/* Ends the exchange if nothing is left to be done for it; the caller lets go of what is returned, unlocked. */
http_exchange *exchange_settle(http_connection *c);

/* ---- http_exchange.c ---- */
http_exchange *exchange_new(http_connection *c);

/* ---- http_connection.c ---- */
void connection_start(http_loop *loop, int fd, const struct sockaddr *address);
void connection_ready(http_connection *c, uint32_t events);
void connection_go_on(http_connection *c); /* was posted */
void connection_tick(http_connection *c, int64_t now_ms);
void connection_drop(http_connection *c);
void connection_release(http_connection *c);

/* ---- http_request.c: the bytes of requests, on the loop's thread ---- */

/* How many of the bytes were of use. */
size_t request_digest(http_connection *c, const uint8_t *bytes, size_t size);
void request_refuse(http_connection *c, http_exchange *x, unsigned status);

/* ---- http_loop.c ---- */
bool loop_start(http_loop *loop, http_server *server);
void loop_listen(http_loop *loop, http_listener *listener);
void loop_wake(http_loop *loop);
void loop_post(http_connection *c); /* connection locked: has connection_go_on called */
void loop_bury(http_connection *c); /* releases it when the turn is over */
void loop_end(http_loop *loop);
