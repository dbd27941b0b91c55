/* The HTTP server: listeners, limits, and the events of every exchange. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_exchange.h"
#include "listen_address.h"

typedef struct http_server http_server;

typedef struct {
    http_events events;
    unsigned threads;         /* 0: 1 */
    unsigned connections;     /* in all; 0: 4096. One more takes the place of the one that was idle the longest */
    size_t target_max;        /* bytes of a path with its query; 0: 8 KiB */
    size_t head_max;          /* bytes of a request's head; 0: 32 KiB */
    size_t memory_max;        /* bytes that an exchange's arena may take; 0: 24 MiB */
    int64_t head_timeout_ms;  /* for a request's head; 0: 15 s */
    int64_t idle_timeout_ms;  /* between requests; 0: 75 s */
    int64_t stall_timeout_ms; /* how far a body or its reader may fall behind min_rate; 0: 30 s */
    unsigned min_rate;        /* bytes a second; 0: 1024 */
    const char *tls_cert;     /* PEM, a chain; NULL: no TLS. Both are read and not kept */
    const char *tls_key;
} http_server_options;

/* NULL with a sentence in fault. */
http_server *http_server_new(const http_server_options *options, char *fault, size_t fault_size);

/* Starts to serve at once. Fails with a sentence when the address is taken, or when it is not of this machine alone
 * and there is no TLS. [before stop] */
bool http_server_listen(http_server *server, listen_address *address, char *fault, size_t fault_size);

/* Connections that come from now on see this certificate; others go on with theirs. On failure nothing changes. Only
 * for a server that has one. [any thread] */
bool http_server_set_certificate(http_server *server, const char *cert, const char *key, char *fault,
                                 size_t fault_size);

/* No new connections; open streams end, other requests have grace_ms to be answered. Returns when every exchange has
 * ended. */
void http_server_stop(http_server *server, int64_t grace_ms);

/* After stop; waits until nobody holds an exchange any more. Accepts NULL. */
void http_server_free(http_server *server);
