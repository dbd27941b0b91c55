#include "http_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "http_parts.h"

enum {
    CONNECTION_MEMORY = 32 * 1024, /* of one connection: bounds a request's head, and is a piece of an upload */
    CONNECTIONS_DEFAULT = 4096,
    HEAD_TIMEOUT_MS = 15000,
    IDLE_TIMEOUT_MS = 75000,
};

/* GnuTLS's words: nothing weak, nothing older than TLS 1.2. */
static const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

static void set_defaults(http_server_options *options)
{
    if (options->threads == 0)
        options->threads = 1;
    if (options->connections == 0)
        options->connections = CONNECTIONS_DEFAULT;
    if (options->head_timeout_ms == 0)
        options->head_timeout_ms = HEAD_TIMEOUT_MS;
    if (options->idle_timeout_ms == 0)
        options->idle_timeout_ms = IDLE_TIMEOUT_MS;
}

http_server *http_server_new(const http_server_options *options)
{
    http_server *server = calloc(1, sizeof *server);

    if (!server)
        return NULL;
    server->options = *options;
    set_defaults(&server->options);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    if (watch_start(server))
        return server;
    http_server_free(server);
    return NULL;
}

/* Paths and queries keep their escapes until whoever reads them knows which rule applies. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start_daemon(http_listener *listener, int fd)
{
    http_server *server = listener->server;
    const http_server_options *options = &server->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->tls_key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->threads, NULL},
                                    {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

    if (listener->secure)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, request_part, server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, options->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(options->idle_timeout_ms / 1000 + 1), MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK,
        request_line, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, server, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, listener, MHD_OPTION_ARRAY,
        listener->secure ? tls : none, MHD_OPTION_ARRAY, options->threads > 1 ? pool : none, MHD_OPTION_END);
}

bool http_server_listen(http_server *server, listen_address *address, char *fault, size_t fault_size)
{
    http_listener *listener = &server->listeners[server->listener_count];
    char text[LISTEN_TEXT_MAX];
    int fd;

    listen_address_text(address, text);
    if (server->listener_count == LISTEN_ADDRESSES_MAX) {
        snprintf(fault, fault_size, "there are too many addresses to listen on");
        return false;
    }
    if (!server->options.tls_cert && !address->loopback) {
        snprintf(fault, fault_size,
                 "%s can be reached from other machines, so it needs HTTPS: give a certificate and a key, "
                 "or listen on localhost",
                 text);
        return false;
    }
    fd = listen_address_open(address, fault, fault_size);
    if (fd < 0)
        return false;
    *listener = (http_listener){.server = server, .secure = server->options.tls_cert != NULL};
    listener->daemon = start_daemon(listener, fd);
    if (!listener->daemon) {
        close(fd);
        snprintf(fault, fault_size, "cannot serve on %s%s", text,
                 listener->secure ? ": the certificate and the key do not fit, or memory is out" : "");
        return false;
    }
    server->listener_count++;
    return true;
}

/* Server locked. Streams have no end of their own, so they end now; after the grace everything does. The connection is
 * cut, because its client may have stopped to read or to send. The exchange is held while it is told, because telling
 * must not happen under the lock. */
static http_exchange *pick_leaving(http_server *server, bool all)
{
    for (http_exchange *x = server->exchanges; x; x = x->next) {
        bool leaves;

        pthread_mutex_lock(&x->lock);
        leaves = !x->gone && (all || x->streaming);
        pthread_mutex_unlock(&x->lock);
        if (!leaves)
            continue;
        shutdown(x->peer->fd, SHUT_RDWR);
        return http_hold(x);
    }
    return NULL;
}

static void dismiss(http_server *server, bool all)
{
    http_exchange *x;

    do {
        pthread_mutex_lock(&server->lock);
        x = pick_leaving(server, all);
        pthread_mutex_unlock(&server->lock);
        if (x) {
            exchange_leave(x);
            http_release(x);
        }
    } while (x);
}

static bool wait_until_idle(http_server *server, int64_t until_ms)
{
    bool idle;

    pthread_mutex_lock(&server->lock);
    while (server->exchanges && clock_monotonic_ms() < until_ms) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 50 * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&server->changed, &server->lock, &until);
    }
    idle = !server->exchanges;
    pthread_mutex_unlock(&server->lock);
    return idle;
}

void http_server_stop(http_server *server, int64_t grace_ms)
{
    enum { LEAVE_TIME_MS = 10000 };
    int64_t until_ms = clock_monotonic_ms() + grace_ms;

    server->stopping = true;
    for (size_t i = 0; i < server->listener_count; i++) {
        int fd = MHD_quiesce_daemon(server->listeners[i].daemon);

        if (fd >= 0)
            close(fd);
    }
    dismiss(server, false);
    if (!wait_until_idle(server, until_ms)) {
        dismiss(server, true);
        wait_until_idle(server, clock_monotonic_ms() + LEAVE_TIME_MS);
    }
    for (size_t i = 0; i < server->listener_count; i++)
        MHD_stop_daemon(server->listeners[i].daemon);
    server->listener_count = 0;
}

void http_server_free(http_server *server)
{
    if (!server)
        return;
    watch_stop(server);
    pthread_mutex_lock(&server->lock);
    while (server->live > 0)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
