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
    unsigned threads;        /* a listener; 0: 1 */
    unsigned connections;    /* a listener; 0: 4096 */
    int64_t head_timeout_ms; /* for a request's head; 0: 15 s */
    int64_t idle_timeout_ms; /* between requests, and for a client that takes or gives nothing; 0: 75 s */
    const char *tls_cert;    /* PEM; NULL: no TLS */
    const char *tls_key;
} http_server_options;

http_server *http_server_new(const http_server_options *options);

/* Starts to serve at once. Fails with a sentence when the address is taken, or when it is not of this machine alone
 * and there is no TLS. [before stop] */
bool http_server_listen(http_server *server, listen_address *address, char *fault, size_t fault_size);

/* No new connections; open streams end, other requests have grace_ms to be answered. Returns when every exchange has
 * ended. */
void http_server_stop(http_server *server, int64_t grace_ms);

/* After stop; waits until nobody holds an exchange any more. Accepts NULL. */
void http_server_free(http_server *server);
