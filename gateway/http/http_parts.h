/* The inside of the HTTP server, for its own files.
 *
 * Locks: the server's is taken before an exchange's, never after. Events are told without either. */
#pragma once

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "bytes.h"
#include "http_server.h"

/* One TCP connection; its exchanges follow each other. */
typedef struct http_connection {
    struct http_connection *next, *previous;
    http_server *server;
    int fd;
    bool secure;
    _Atomic int64_t deadline_ms; /* by when the client must have done the next thing; 0: it is our turn */
    char address[INET6_ADDRSTRLEN];
} http_connection;

struct http_exchange {
    atomic_int refs;
    http_server *server;
    http_connection *peer; /* until the end */
    void *context;
    arena memory;

    const char *method;
    const char *path, *query;
    size_t path_length, query_length;
    const char *headers[HTTP_HEADER_COUNT];
    int64_t content_length;
    char address[INET6_ADDRSTRLEN];
    bool secure;
    int64_t begun_ms;
    atomic_bool begun;
    bool completed;
    _Atomic int64_t wake_ms;
    size_t discarded; /* bytes of a body that nobody wanted */

    /* Of the server's lock. */
    http_exchange *next, *previous;
    bool watched; /* in the watch's epoll, which holds it then */
    http_exchange *next_unwatched;

    pthread_mutex_t lock;              /* of all below */
    struct MHD_Connection *connection; /* NULL after the end */
    bool suspended;
    bool continued; /* http_continue came */
    bool gone;
    bool answered, queued;
    bool streaming;
    struct MHD_Response *response; /* one of these two */
    const http_ready *ready;
    unsigned status;
    byte_buffer queue; /* of a stream, from sent on */
    size_t sent;
    bool was_high;
    bool finished, whole;
};

typedef struct {
    http_server *server;
    struct MHD_Daemon *daemon;
    bool secure;
} http_listener;

struct http_server {
    http_server_options options;
    http_listener listeners[LISTEN_ADDRESSES_MAX];
    size_t listener_count;

    pthread_t watch;
    int watch_epoll;
    int watch_wake; /* an eventfd */
    atomic_bool watching;
    atomic_bool stopping;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    http_exchange *exchanges; /* that have not ended */
    size_t live;              /* that are held */
    http_connection *connections;
    http_exchange *unwatched;
};

/* http_exchange.c */
http_exchange *exchange_new(http_connection *peer, struct MHD_Connection *connection, const char *target);
void exchange_end(http_exchange *x, bool whole);
void exchange_leave(http_exchange *x);   /* the client is gone: tells so, once, and resumes it so that it ends */
void exchange_suspend(http_exchange *x); /* locked, on the connection's thread */
void exchange_resume(http_exchange *x);  /* locked */

/* http_answer.c */
bool exchange_queue_answer(http_exchange *x); /* locked, on the connection's thread; false when it cannot be sent */

/* http_request.c: what the library below tells. */
void *request_line(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result request_part(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *upload, size_t *upload_size, void **exchange);
void request_completed(void *context, struct MHD_Connection *connection, void **exchange,
                       enum MHD_RequestTerminationCode code);
void connection_changed(void *context, struct MHD_Connection *connection, void **peer,
                        enum MHD_ConnectionNotificationCode code);

/* http_watch.c: notices clients that leave while they wait, clients that dawdle, and alarms. */
bool watch_start(http_server *server);
void watch_stop(http_server *server);
void watch_forget(http_exchange *x); /* server locked */
