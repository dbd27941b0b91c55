/* Where the server is: "host:port" taken apart, and its addresses looked up without blocking the caller. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { ENDPOINT_ADDRESSES_MAX = 8 };

typedef struct {
    char authority[280]; /* as it stands in the request: "host:port" */
    char host[256];      /* without the brackets of an IPv6 address */
    char port[8];
} endpoint;

typedef struct {
    struct sockaddr_storage address[ENDPOINT_ADDRESSES_MAX];
    socklen_t size[ENDPOINT_ADDRESSES_MAX];
    size_t count;
} endpoint_addresses;

/* "host:port", "1.2.3.4:port" or "[::1]:port". */
bool endpoint_parse(const char *text, endpoint *ret_endpoint);

/* Blocks; for addresses and names of /etc/hosts not for long. count is 0 when nothing was found. */
void endpoint_resolve(const endpoint *e, endpoint_addresses *ret_addresses);

/* A look-up on a thread of its own, because name servers may be silent for many seconds. */
typedef struct endpoint_lookup endpoint_lookup;

endpoint_lookup *endpoint_lookup_start(const endpoint *e); /* NULL: no memory or no thread */
int endpoint_lookup_fd(const endpoint_lookup *lookup);     /* readable when done */
bool endpoint_lookup_take(endpoint_lookup *lookup, endpoint_addresses *ret_addresses); /* false: not yet done */
void endpoint_lookup_free(endpoint_lookup *lookup);                                    /* at any time; accepts NULL */
