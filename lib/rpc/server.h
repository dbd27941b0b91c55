/* The server's inside: its methods, listeners, queues and workers. */
#pragma once

#include <grpc/grpc.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core.h"
#include "identity.h"
#include "rpc.h"
#include "timers.h"
#include "workers.h"

typedef struct server_health server_health;
typedef struct server_reflection server_reflection;

/* One method of one registered service. */
typedef struct {
    const rpc_service *service;
    const rpc_method *method;
    rpc_binding binding;
    size_t slot;
    bool internal;       /* health and reflection: no interceptor */
    atomic_int *pace_us; /* how long its handlers take, on average of late; see unary.c */
} server_method;

/* A listening address is a gRPC server of its own, which is how a call knows where it came in. */
typedef struct server_port {
    rpc_server *server;
    int id;
    grpc_server *core;
    port_identity identity;
    void **methods; /* the core's handles, by index of server->methods; NULL for those that are not unary */
    bool usable;    /* bound as it was asked for; else it only waits to be freed */
    core_tag down;
    struct server_port *next;
} server_port;

struct rpc_server {
    rpc_server_options options;
    server_method *methods;
    size_t method_count;
    size_t *method_table; /* open addressing by hash of the path: index + 1, 0: free */
    size_t method_table_size;
    atomic_int *paces_us; /* of the methods, one each */
    server_port *ports;
    int port_count;
    core_queue *queues;
    worker_pool workers;
    timers timers;
    server_health *health;
    server_reflection *reflection;
    bool incomplete; /* a registration failed for want of memory */
    bool running;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int ports_down;
};

/* methods.c */
bool server_add_service(rpc_server *server, const rpc_service *service, const rpc_binding *binding, bool internal);
bool server_index_methods(rpc_server *server);
const server_method *server_find_method(const rpc_server *server, const char *path, size_t length);

/* port.c: the listener is bound, and closed by server_port_free after its core has shut down. */
sp_status server_port_open(rpc_server *server, const rpc_listener *listener, server_port **ret_port, int *ret_number);
bool server_port_register_methods(server_port *port); /* false when memory is out */
bool server_port_start(server_port *port);            /* likewise; some calls may come all the same */
void server_port_free(server_port *port);

/* health.c */
server_health *server_health_new(rpc_server *server);
void server_health_set(server_health *health, bool serving);
void server_health_close(server_health *health); /* not serving, and nobody watches any more */
void server_health_free(server_health *health);

/* reflection.c */
server_reflection *server_reflection_new(rpc_server *server);
void server_reflection_free(server_reflection *reflection);
