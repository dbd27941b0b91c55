/* grpc.health.v1: Check answers at once, Watch tells each change. All services are up or down together, because one
 * process serves them all. */
#include <stdlib.h>
#include <string.h>

#include "grpc/health/v1/health.pb-c.h"
#include "server.h"

typedef Grpc__Health__V1__HealthCheckRequest HealthCheckRequest;
typedef Grpc__Health__V1__HealthCheckResponse HealthCheckResponse;

SP_STATUS(SERVICE_UNKNOWN, SP_NOT_FOUND, "The server has no such service.");
SP_STATUS(SERVER_STOPS, SP_UNAVAILABLE, "The server stops.");

#define SERVING GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
#define NOT_SERVING GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING
#define UNKNOWN_SERVICE GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN

typedef struct watcher {
    rpc_stream *stream;
    bool known; /* it watches a service that is here */
    struct watcher *next;
} watcher;

struct server_health {
    rpc_server *server;
    pthread_mutex_t lock; /* of all below */
    bool serving;
    bool closed;
    watcher *watchers;
};

enum { HEALTH_CHECK, HEALTH_WATCH };

/* The empty name stands for the whole server. */
static bool knows(const server_health *health, const char *name)
{
    const rpc_server *server = health->server;

    if (name[0] == '\0')
        return true;
    for (size_t i = 0; i < server->method_count; i++)
        if (strcmp(server->methods[i].service->name, name) == 0)
            return true;
    return false;
}

static sp_status check(const void *handlers, size_t slot, rpc_call *call, const ProtobufCMessage *request,
                       ProtobufCMessage *reply)
{
    server_health *health = rpc_call_self(call);

    (void)handlers;
    (void)slot;
    if (!knows(health, ((const HealthCheckRequest *)request)->service))
        return SERVICE_UNKNOWN;

    pthread_mutex_lock(&health->lock);
    ((HealthCheckResponse *)reply)->status = health->serving ? SERVING : NOT_SERVING;
    pthread_mutex_unlock(&health->lock);
    return SP_DONE;
}

/* Locked. A watcher whose queue is full is told when it has room again. */
static void tell(const server_health *health, const watcher *w)
{
    HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;

    response.status = !w->known ? UNKNOWN_SERVICE : health->serving ? SERVING : NOT_SERVING;
    rpc_stream_write(w->stream, &response.base);
}

static sp_status watch_open(rpc_stream *stream, const ProtobufCMessage *request)
{
    server_health *health = rpc_call_self(rpc_stream_call(stream));
    watcher *w = calloc(1, sizeof *w);
    bool closed;

    if (w == NULL)
        return OUT_OF_MEMORY;
    w->stream = stream;
    w->known = knows(health, ((const HealthCheckRequest *)request)->service);
    rpc_stream_set_context(stream, w);

    pthread_mutex_lock(&health->lock);
    closed = health->closed;
    w->next = health->watchers;
    health->watchers = w;
    tell(health, w);
    pthread_mutex_unlock(&health->lock);
    return closed ? SERVER_STOPS : SP_DONE;
}

static void watch_writable(rpc_stream *stream)
{
    server_health *health = rpc_call_self(rpc_stream_call(stream));

    pthread_mutex_lock(&health->lock);
    tell(health, rpc_stream_context(stream));
    pthread_mutex_unlock(&health->lock);
}

static void watch_done(rpc_stream *stream)
{
    server_health *health = rpc_call_self(rpc_stream_call(stream));
    watcher *w = rpc_stream_context(stream);

    if (w == NULL)
        return;
    pthread_mutex_lock(&health->lock);
    for (watcher **at = &health->watchers; *at != NULL; at = &(*at)->next) {
        if (*at == w) {
            *at = w->next;
            break;
        }
    }
    pthread_mutex_unlock(&health->lock);
    free(w);
}

static const rpc_stream_events *stream_events(const void *handlers, size_t slot)
{
    static const rpc_stream_events watch = {
        .open = watch_open,
        .writable = watch_writable,
        .done = watch_done,
    };

    (void)handlers;
    return slot == HEALTH_WATCH ? &watch : NULL;
}

static bool implements(const void *handlers, size_t slot)
{
    (void)handlers;
    return slot <= HEALTH_WATCH;
}

static const rpc_method methods[] = {
    [HEALTH_CHECK] =
        {
            .path = "/grpc.health.v1.Health/Check",
            .name = "Check",
            .kind = RPC_UNARY,
            .caller = RPC_CALLER_ANYONE,
            .permission = "",
            .audit = "",
            .runs_inline = true,
            .request = &grpc__health__v1__health_check_request__descriptor,
            .reply = &grpc__health__v1__health_check_response__descriptor,
        },
    [HEALTH_WATCH] =
        {
            .path = "/grpc.health.v1.Health/Watch",
            .name = "Watch",
            .kind = RPC_SERVER_STREAM,
            .caller = RPC_CALLER_ANYONE,
            .permission = "",
            .audit = "",
            .runs_inline = true,
            .request = &grpc__health__v1__health_check_request__descriptor,
            .reply = &grpc__health__v1__health_check_response__descriptor,
        },
};

server_health *server_health_new(rpc_server *server)
{
    static const rpc_service service = {.name = "grpc.health.v1.Health", .methods = methods, .count = 2};
    server_health *health = calloc(1, sizeof *health);

    if (health == NULL)
        return NULL;
    health->server = server;
    pthread_mutex_init(&health->lock, NULL);

    const rpc_binding binding = {
        .self = health,
        .unary = check,
        .stream = stream_events,
        .implements = implements,
    };

    if (!server_add_service(server, &service, &binding, true)) {
        server_health_free(health);
        return NULL;
    }
    return health;
}

void server_health_set(server_health *health, bool serving)
{
    pthread_mutex_lock(&health->lock);
    if (health->serving != serving && !health->closed) {
        health->serving = serving;
        for (const watcher *w = health->watchers; w != NULL; w = w->next)
            tell(health, w);
    }
    pthread_mutex_unlock(&health->lock);
}

void server_health_close(server_health *health)
{
    server_health_set(health, false);
    pthread_mutex_lock(&health->lock);
    health->closed = true;
    for (const watcher *w = health->watchers; w != NULL; w = w->next)
        rpc_stream_finish(w->stream, SERVER_STOPS);
    pthread_mutex_unlock(&health->lock);
}

void server_health_free(server_health *health)
{
    if (health == NULL)
        return;
    pthread_mutex_destroy(&health->lock);
    free(health);
}
