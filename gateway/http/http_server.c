#include "http_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "http_parts.h"

enum {
    CONNECTIONS_DEFAULT = 4096,
    TARGET_MAX = 8 * 1024,
    HEAD_MAX = 32 * 1024,
    MEMORY_MAX = 24 << 20,
    HEAD_TIMEOUT_MS = 15000,
    IDLE_TIMEOUT_MS = 75000,
    STALL_TIMEOUT_MS = 30000,
    MIN_RATE = 1024,
    LEAVE_TIME_MS = 10000,
};

static void set_defaults(http_server_options *options)
{
    if (options->threads == 0)
        options->threads = 1;
    if (options->connections == 0)
        options->connections = CONNECTIONS_DEFAULT;
    if (options->target_max == 0)
        options->target_max = TARGET_MAX;
    if (options->head_max == 0)
        options->head_max = HEAD_MAX;
    if (options->memory_max == 0)
        options->memory_max = MEMORY_MAX;
    if (options->head_timeout_ms == 0)
        options->head_timeout_ms = HEAD_TIMEOUT_MS;
    if (options->idle_timeout_ms == 0)
        options->idle_timeout_ms = IDLE_TIMEOUT_MS;
    if (options->stall_timeout_ms == 0)
        options->stall_timeout_ms = STALL_TIMEOUT_MS;
    if (options->min_rate == 0)
        options->min_rate = MIN_RATE;
}

static bool start_loops(http_server *server, char *fault, size_t fault_size)
{
    server->loops = calloc(server->options.threads, sizeof *server->loops);
    for (unsigned i = 0; server->loops && i < server->options.threads; i++) {
        if (loop_start(&server->loops[i], server))
            continue;
        snprintf(fault, fault_size, "there are no threads or descriptors left");
        return false;
    }
    return server->loops != NULL;
}

http_server *http_server_new(const http_server_options *options, char *fault, size_t fault_size)
{
    http_server *server = calloc(1, sizeof *server);
    bool made;

    snprintf(fault, fault_size, "memory is out");
    if (!server)
        return NULL;
    server->options = *options;
    set_defaults(&server->options);
    pthread_mutex_init(&server->lock, NULL);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (options->tls_cert)
        server->tls = tls_context_new(options->tls_cert, options->tls_key, fault, fault_size);
    server->secure = options->tls_cert != NULL;
    server->options.tls_cert = server->options.tls_key = NULL; /* read, and of no use any more */
    made = (!server->secure || server->tls) && start_loops(server, fault, fault_size);
    if (made)
        return server;
    http_server_stop(server, 0);
    http_server_free(server);
    return NULL;
}

bool http_server_set_certificate(http_server *server, const char *cert, const char *key, char *fault, size_t fault_size)
{
    SSL_CTX *fresh = tls_context_new(cert, key, fault, fault_size), *before;

    if (!fresh)
        return false;
    pthread_mutex_lock(&server->lock);
    before = server->tls;
    server->tls = fresh;
    pthread_mutex_unlock(&server->lock);
    SSL_CTX_free(before); /* connections hold it as long as they need it */
    return true;
}

bool http_server_listen(http_server *server, listen_address *address, char *fault, size_t fault_size)
{
    http_listener *listener = &server->listeners[server->listener_count];
    char text[LISTEN_TEXT_MAX];

    listen_address_text(address, text);
    if (server->listener_count == LISTEN_ADDRESSES_MAX) {
        snprintf(fault, fault_size, "there are too many addresses to listen on");
        return false;
    }
    if (!server->secure && !address->loopback) {
        snprintf(fault, fault_size,
                 "%s can be reached from other machines, so it needs HTTPS: give a certificate and a key, "
                 "or listen on localhost",
                 text);
        return false;
    }
    listener->source = SOURCE_LISTENER;
    listener->fd = listen_address_open(address, fault, fault_size);
    if (listener->fd < 0)
        return false;
    server->listener_count++;
    for (unsigned i = 0; i < server->options.threads; i++)
        loop_listen(&server->loops[i], listener);
    return true;
}

static void enter_stage(http_server *server, unsigned stage)
{
    server->stage = stage;
    for (unsigned i = 0; server->loops && i < server->options.threads; i++)
        if (server->loops[i].runs)
            loop_wake(&server->loops[i]);
}

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static bool wait_until_idle(http_server *server, int64_t until_ms)
{
    while (server->exchanges > 0 && clock_monotonic_ms() < until_ms)
        pause_briefly();
    return server->exchanges == 0;
}

void http_server_stop(http_server *server, int64_t grace_ms)
{
    int64_t until_ms = clock_monotonic_ms() + grace_ms;

    enter_stage(server, STAGE_DRAIN);
    if (!wait_until_idle(server, until_ms)) {
        enter_stage(server, STAGE_DISMISS);
        wait_until_idle(server, clock_monotonic_ms() + LEAVE_TIME_MS);
    }
    enter_stage(server, STAGE_END);
    for (unsigned i = 0; server->loops && i < server->options.threads; i++)
        loop_end(&server->loops[i]);
    for (size_t i = 0; i < server->listener_count; i++)
        close(server->listeners[i].fd);
    free(server->loops);
    server->loops = NULL;
    server->listener_count = 0;
}

void http_server_free(http_server *server)
{
    if (!server)
        return;
    while (server->live > 0)
        pause_briefly();
    SSL_CTX_free(server->tls);
    if (server->spare >= 0)
        close(server->spare);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
