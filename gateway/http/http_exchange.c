/* The life of an exchange, and what can be asked about it. */
#include "http_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http_parts.h"

http_exchange *exchange_new(http_connection *c)
{
    http_exchange *x = calloc(1, sizeof *x);

    if (!x)
        return NULL;
    atomic_init(&x->refs, 1);
    x->server = c->loop->server;
    arena_init(&x->memory, x->server->options.memory_max);
    x->peer = c;
    x->whole = true;
    x->head = (request_head){.method = "", .path = "", .query = ""};
    atomic_fetch_add(&c->refs, 1);
    atomic_fetch_add(&x->server->live, 1);
    return x;
}

http_exchange *http_hold(http_exchange *x)
{
    atomic_fetch_add_explicit(&x->refs, 1, memory_order_relaxed);
    return x;
}

void http_release(http_exchange *x)
{
    http_server *server;

    if (!x || atomic_fetch_sub_explicit(&x->refs, 1, memory_order_acq_rel) != 1)
        return;
    server = x->server;
    if (x->known)
        server->options.events.freed(server->options.events.self, x);
    arena_done(&x->memory);
    connection_release(x->peer);
    free(x);
    atomic_fetch_sub(&server->live, 1);
}

void http_continue(http_exchange *x)
{
    http_connection *c = x->peer;

    pthread_mutex_lock(&c->lock);
    x->continued = true;
    if (x->waiting && !x->ended)
        loop_post(c);
    x->waiting = false;
    pthread_mutex_unlock(&c->lock);
}

void http_set_context(http_exchange *x, void *context)
{
    x->context = context;
}

void *http_context(const http_exchange *x)
{
    return x->context;
}

arena *http_arena(http_exchange *x)
{
    return &x->memory;
}

const char *http_method(const http_exchange *x)
{
    return x->head.method;
}

const char *http_path(const http_exchange *x, size_t *ret_length)
{
    *ret_length = x->head.path_length;
    return x->head.path;
}

const char *http_query(const http_exchange *x, size_t *ret_length)
{
    *ret_length = x->head.query_length;
    return x->head.query;
}

const char *http_request_header(const http_exchange *x, http_header_id id)
{
    return x->head.fields[id];
}

int64_t http_content_length(const http_exchange *x)
{
    return x->head.content_length;
}

const char *http_client_address(const http_exchange *x)
{
    return x->peer->address;
}

bool http_is_secure(const http_exchange *x)
{
    return x->peer->secure;
}

void http_wake_at(http_exchange *x, int64_t at_ms)
{
    x->wake_ms = at_ms;
}
