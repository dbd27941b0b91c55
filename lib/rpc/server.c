/* The server's life: made, bound, started, drained, freed. */
#include "server.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "accept.h"

SP_STATUS(SERVER_RUNNING, SP_FAILED_PRECONDITION, "The server has started already.");
SP_STATUS(LISTENER_UNKNOWN, SP_NOT_FOUND, "The server does not listen there.");
SP_STATUS(THREADS_UNAVAILABLE, SP_RESOURCE_EXHAUSTED, "The server's threads cannot be started.");

enum {
    WORKERS_DEFAULT = 16,
    MESSAGE_MAX_DEFAULT = 4 << 20,
    ARENA_CAP_DEFAULT = 16 << 20,
    STREAM_QUEUE_DEFAULT = 64,
    PENDING_MAX_DEFAULT = 1024,
    DESCRIPTOR_RESERVE = 256, /* for files, databases and the rest of the program */
};

static void fill_defaults(rpc_server_options *options)
{
    if (options->workers <= 0)
        options->workers = WORKERS_DEFAULT;
    if (options->queues <= 0)
        options->queues = 1;
    if (options->max_message == 0)
        options->max_message = MESSAGE_MAX_DEFAULT;
    if (options->arena_cap == 0)
        options->arena_cap = ARENA_CAP_DEFAULT;
    if (options->stream_queue <= 0)
        options->stream_queue = STREAM_QUEUE_DEFAULT;
    if (options->max_pending <= 0)
        options->max_pending = PENDING_MAX_DEFAULT;
}

/* A wait until a moment must not depend on somebody setting the wall clock. */
static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static int look_after_workers(void *arg)
{
    return workers_look_after(&((rpc_server *)arg)->workers);
}

static bool copy_interceptors(rpc_server_options *options)
{
    const rpc_interceptor *given = options->interceptors;
    rpc_interceptor *copy = calloc(options->interceptor_count + 1, sizeof *copy);

    options->interceptors = copy;
    if (copy == NULL)
        return false;
    for (size_t i = 0; i < options->interceptor_count; i++)
        copy[i] = given[i];
    return true;
}

static bool make_parts(rpc_server *server)
{
    server->queues = calloc((size_t)server->options.queues, sizeof *server->queues);
    if (!copy_interceptors(&server->options) || server->queues == NULL)
        return false;
    for (int i = 0; i < server->options.queues; i++) {
        core_queue_init(&server->queues[i]);
        server->queues[i].before_wait = look_after_workers;
        server->queues[i].before_wait_arg = server;
    }
    server->health = server_health_new(server);
    server->reflection = server->health != NULL ? server_reflection_new(server) : NULL;
    return server->reflection != NULL;
}

rpc_server *rpc_server_new(const rpc_server_options *options)
{
    rpc_server *server = calloc(1, sizeof *server);

    if (server == NULL)
        return NULL;
    core_enter();
    server->options = *options;
    fill_defaults(&server->options);
    pthread_mutex_init(&server->lock, NULL);
    init_condition(&server->changed);
    workers_init(&server->workers, server->options.max_pending);
    timers_init(&server->timers);
    if (!make_parts(server)) {
        rpc_server_free(server);
        return NULL;
    }
    return server;
}

void rpc_server_register(rpc_server *server, const rpc_service *service, const rpc_binding *binding)
{
    server->incomplete = !server_add_service(server, service, binding, false) || server->incomplete;
}

sp_status rpc_server_listen(rpc_server *server, const rpc_listener *listener, int *ret_port)
{
    server_port *port = NULL;
    int number = 0;

    if (server->running)
        return SERVER_RUNNING;

    sp_status status = server_port_open(server, listener, &port, &number);

    if (port != NULL) {
        port->next = server->ports;
        server->ports = port;
        server->port_count++;
    }
    if (!sp_failed(status) && ret_port != NULL)
        *ret_port = number;
    return status;
}

sp_status rpc_server_renew_certificate(rpc_server *server, int listener_id, const char *cert_pem, const char *key_pem)
{
    sp_status status = LISTENER_UNKNOWN;

    for (server_port *port = server->ports; port != NULL; port = port->next)
        if (port->id == listener_id && port->usable)
            status = identity_renew(&port->identity, cert_pem, key_pem);
    return status;
}

/* Terminals by the thousand need descriptors by the thousand. Returns how many connections they leave room for. */
static int raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return DESCRIPTOR_RESERVE;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur > INT_MAX)
        return INT_MAX - DESCRIPTOR_RESERVE;
    return limit.rlim_cur > 2 * DESCRIPTOR_RESERVE ? (int)limit.rlim_cur - DESCRIPTOR_RESERVE : (int)limit.rlim_cur / 2;
}

sp_status rpc_server_start(rpc_server *server)
{
    if (server->running)
        return SERVER_RUNNING;
    if (server->incomplete || !server_index_methods(server))
        return OUT_OF_MEMORY;

    int room = raise_descriptor_limit();

    if (server->options.max_connections <= 0)
        server->options.max_connections = room;
    for (int i = 0; i < server->options.queues; i++)
        if (!core_queue_start(&server->queues[i]))
            return THREADS_UNAVAILABLE;
    if (!workers_start(&server->workers, server->options.workers))
        return THREADS_UNAVAILABLE;
    for (server_port *port = server->ports; port != NULL; port = port->next)
        if (port->usable && !server_port_register_methods(port))
            return OUT_OF_MEMORY;

    accept_open(server->options.max_connections);
    server->running = true;
    rpc_server_set_serving(server, true);
    for (server_port *port = server->ports; port != NULL; port = port->next)
        if (port->usable && !server_port_start(port))
            return OUT_OF_MEMORY;
    return SP_DONE;
}

static struct timespec moment_after(int ms)
{
    struct timespec moment;

    clock_gettime(CLOCK_MONOTONIC, &moment);
    moment.tv_sec += ms / 1000;
    moment.tv_nsec += (long)(ms % 1000) * 1000000;
    if (moment.tv_nsec >= 1000000000) {
        moment.tv_sec++;
        moment.tv_nsec -= 1000000000;
    }
    return moment;
}

/* False when the time is over and calls are still running. */
static bool wait_until_down(rpc_server *server, int grace_ms)
{
    struct timespec until = moment_after(grace_ms);
    int timed_out = 0;

    pthread_mutex_lock(&server->lock);
    while (server->ports_down < server->port_count && timed_out == 0) {
        if (grace_ms < 0)
            pthread_cond_wait(&server->changed, &server->lock);
        else
            timed_out = pthread_cond_timedwait(&server->changed, &server->lock, &until);
    }

    bool down = server->ports_down == server->port_count;

    pthread_mutex_unlock(&server->lock);
    return down;
}

/* Workers and queues go after the ports are down. A server that never started, perhaps for want of threads, has nobody
 * else to hear of it. */
static void shut_down_ports(rpc_server *server, int grace_ms)
{
    for (server_port *port = server->ports; port != NULL; port = port->next) {
        core_tag_give(&port->down);
        grpc_server_shutdown_and_notify(port->core, server->queues[0].cq, &port->down);
    }
    while (!server->queues[0].runs && server->ports_down < server->port_count)
        core_queue_run_next(&server->queues[0]);
    if (!wait_until_down(server, grace_ms < 0 ? 0 : grace_ms)) {
        for (server_port *port = server->ports; port != NULL; port = port->next)
            grpc_server_cancel_all_calls(port->core);
        wait_until_down(server, -1);
    }
}

/* A port can be down before the last of its calls has been given back, when that call's connection was lost: the
 * queue's thread may be about to ask the port for the next one. */
static void free_ports(rpc_server *server)
{
    while (server->ports != NULL) {
        server_port *port = server->ports;

        server->ports = port->next;
        server_port_free(port);
    }
    server->port_count = server->ports_down = 0;
}

void rpc_server_stop(rpc_server *server, int grace_ms)
{
    if (server->queues == NULL)
        return;
    if (server->health != NULL)
        server_health_close(server->health);
    if (server->port_count > 0)
        shut_down_ports(server, grace_ms);
    workers_stop(&server->workers);
    for (int i = 0; i < server->options.queues; i++)
        core_queue_done(&server->queues[i]);
    free_ports(server);
    if (server->running)
        accept_close(server->options.max_connections);
    server->running = false;
    free(server->queues);
    server->queues = NULL;
}

void rpc_server_free(rpc_server *server)
{
    if (server == NULL)
        return;
    rpc_server_stop(server, 0);
    workers_done(&server->workers);
    timers_done(&server->timers);
    server_health_free(server->health);
    server_reflection_free(server->reflection);
    free(server->methods);
    free(server->method_table);
    free(server->paces_us);
    free((void *)server->options.interceptors);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
    core_exit();
}

void rpc_server_set_serving(rpc_server *server, bool serving)
{
    server_health_set(server->health, serving);
}
