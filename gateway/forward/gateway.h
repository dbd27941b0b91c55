/* The gateway proper: takes HTTP exchanges, forwards them as gRPC calls, answers with what comes back. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "assets.h"
#include "cors.h"
#include "http_exchange.h"
#include "openapi_page.h"
#include "routes.h"
#include "rpc.h"

typedef struct {
    const descriptor_pool *pool;
    const route_table *routes;
    rpc_client *client;
    const assets *assets;              /* NULL: the API alone */
    const openapi_page *documentation; /* NULL: none */
    const char *hosts;                 /* further names that plain HTTP is asked for by, with commas; NULL: none */
    const char *proxies;               /* addresses whose X-Forwarded-For is believed, with commas; NULL: none */
    cors_rules cors;
    size_t json_max;         /* bytes of a JSON body, of one line of several, of the texts of a form */
    size_t upload_max;       /* bytes of a raw body or a form that is gathered */
    size_t stream_max;       /* bytes of one that is streamed */
    size_t memory_max;       /* bytes that a request's reply takes while it is transcoded, and bytes of its JSON */
    int64_t call_timeout_ms; /* of calls that are not streams */
    int64_t upload_timeout_ms;
    int64_t ping_ms;          /* between two signs of life of an event stream */
    int64_t download_cache_s; /* how long a browser may keep what was downloaded; 0: not at all */
    int gzip_level;           /* 0: answers are not compressed */
    double anonymous_rate;    /* calls a second of an address without credentials; 0: no limit */
    double anonymous_burst;
    bool limits_local; /* callers on this machine, too */
} gateway_options;

typedef struct gateway gateway;

/* Borrows what the options point to. NULL when memory is out. */
gateway *gateway_new(const gateway_options *options);
void gateway_free(gateway *g); /* accepts NULL */

/* What an HTTP server calls. */
http_events gateway_events(gateway *g);
