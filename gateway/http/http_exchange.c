/* The life of an exchange: who holds it, whether it waits, when it ends. */
#include "http_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http_parts.h"

enum { EXCHANGE_MEMORY_MAX = 24 << 20 };

static void link_exchange(http_server *server, http_exchange *x)
{
    pthread_mutex_lock(&server->lock);
    x->next = server->exchanges;
    if (x->next)
        x->next->previous = x;
    server->exchanges = x;
    server->live++;
    pthread_mutex_unlock(&server->lock);
}

static void unlink_exchange(http_server *server, http_exchange *x)
{
    pthread_mutex_lock(&server->lock);
    if (x->next)
        x->next->previous = x->previous;
    if (x->previous)
        x->previous->next = x->next;
    else
        server->exchanges = x->next;
    watch_forget(x);
    if (!server->exchanges)
        pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

/* The library may write into the line later, so the exchange keeps a copy. */
static bool split_target(http_exchange *x, const char *target)
{
    const char *mark = strchr(target, '?');
    size_t length = strlen(target);
    char *copy = arena_copy(&x->memory, target, length);

    if (!copy)
        return false;
    x->path = copy;
    x->path_length = mark ? (size_t)(mark - target) : length;
    x->query = copy + x->path_length + (mark != NULL);
    x->query_length = length - x->path_length - (mark != NULL);
    copy[x->path_length] = '\0';
    return true;
}

http_exchange *exchange_new(http_connection *peer, struct MHD_Connection *connection, const char *target)
{
    http_exchange *x = calloc(1, sizeof *x);

    if (!x)
        return NULL;
    atomic_init(&x->refs, 1);
    arena_init(&x->memory, EXCHANGE_MEMORY_MAX);
    if (!split_target(x, target)) {
        arena_done(&x->memory);
        free(x);
        return NULL;
    }
    x->server = peer->server;
    x->peer = peer;
    x->secure = peer->secure;
    memcpy(x->address, peer->address, sizeof x->address);
    x->connection = connection;
    x->begun_ms = clock_monotonic_ms();
    pthread_mutex_init(&x->lock, NULL);
    byte_buffer_init(&x->queue, HTTP_QUEUE_MAX);
    link_exchange(x->server, x);
    return x;
}

http_exchange *http_hold(http_exchange *x)
{
    atomic_fetch_add_explicit(&x->refs, 1, memory_order_relaxed);
    return x;
}

static void exchange_free(http_exchange *x)
{
    http_server *server = x->server;

    if (x->begun)
        server->options.events.freed(server->options.events.self, x);
    byte_buffer_done(&x->queue);
    arena_done(&x->memory);
    pthread_mutex_destroy(&x->lock);
    free(x);

    pthread_mutex_lock(&server->lock);
    if (--server->live == 0)
        pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

void http_release(http_exchange *x)
{
    if (atomic_fetch_sub_explicit(&x->refs, 1, memory_order_acq_rel) == 1)
        exchange_free(x);
}

void exchange_suspend(http_exchange *x)
{
    x->suspended = true;
    MHD_suspend_connection(x->connection);
}

void exchange_resume(http_exchange *x)
{
    if (!x->suspended)
        return;
    x->suspended = false;
    MHD_resume_connection(x->connection);
}

void http_continue(http_exchange *x)
{
    pthread_mutex_lock(&x->lock);
    x->continued = true;
    exchange_resume(x);
    pthread_mutex_unlock(&x->lock);
}

void exchange_leave(http_exchange *x)
{
    const http_events *events = &x->server->options.events;
    bool first;

    pthread_mutex_lock(&x->lock);
    first = !x->gone;
    x->gone = true;
    exchange_resume(x);
    pthread_mutex_unlock(&x->lock);
    if (first && x->begun)
        events->gone(events->self, x);
}

void exchange_end(http_exchange *x, bool whole)
{
    const http_events *events = &x->server->options.events;
    struct MHD_Response *never_sent;

    unlink_exchange(x->server, x);
    pthread_mutex_lock(&x->lock);
    x->connection = NULL;
    x->suspended = false;
    never_sent = x->response;
    x->response = NULL;
    pthread_mutex_unlock(&x->lock);
    if (never_sent)
        MHD_destroy_response(never_sent);
    if (!whole)
        exchange_leave(x);
    if (x->begun)
        events->end(events->self, x);
    http_release(x);
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
    return x->method;
}

const char *http_path(const http_exchange *x, size_t *ret_length)
{
    *ret_length = x->path_length;
    return x->path;
}

const char *http_query(const http_exchange *x, size_t *ret_length)
{
    *ret_length = x->query_length;
    return x->query;
}

const char *http_request_header(const http_exchange *x, http_header_id id)
{
    return x->headers[id];
}

int64_t http_content_length(const http_exchange *x)
{
    return x->content_length;
}

const char *http_client_address(const http_exchange *x)
{
    return x->address;
}

bool http_is_secure(const http_exchange *x)
{
    return x->secure;
}

void http_wake_at(http_exchange *x, int64_t at_ms)
{
    x->wake_ms = at_ms;
}
