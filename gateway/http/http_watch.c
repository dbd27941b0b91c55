/* One thread that looks after what the listeners' threads cannot see: the library below does not notice a client that
 * leaves while its request waits for an answer, or right behind a part of its body, and has no limit for clients that
 * send a byte now and then. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "http_parts.h"

enum {
    WATCH_TICK_MS = 100,
    WATCH_AFTER_MS = 200, /* most exchanges end sooner, and cost no system call here */
    WATCH_BATCH = 64,
};

/* Server locked. */
static void watch_one(http_exchange *x)
{
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = x};

    if (epoll_ctl(x->server->watch_epoll, EPOLL_CTL_ADD, x->peer->fd, &event) == 0) {
        x->watched = true;
        http_hold(x);
    }
}

/* An event may be under way while its exchange is forgotten, so only the watch itself lets go of it. */
void watch_forget(http_exchange *x)
{
    http_server *server = x->server;

    if (!x->watched)
        return;
    x->watched = false;
    epoll_ctl(server->watch_epoll, EPOLL_CTL_DEL, x->peer->fd, NULL);
    x->next_unwatched = server->unwatched;
    server->unwatched = x;
}

static void release_unwatched(http_server *server)
{
    http_exchange *list;

    pthread_mutex_lock(&server->lock);
    list = server->unwatched;
    server->unwatched = NULL;
    pthread_mutex_unlock(&server->lock);
    while (list) {
        http_exchange *x = list;

        list = x->next_unwatched;
        http_release(x);
    }
}

/* The connection is cut, too: the library below may have read the client's last bytes without seeing that they were. */
static void client_left(http_server *server, http_exchange *x)
{
    bool current;

    pthread_mutex_lock(&server->lock);
    current = x->watched;
    if (current)
        shutdown(x->peer->fd, SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
    if (current)
        exchange_leave(x);
}

/* Server locked. Held exchanges whose time has come; returns how many. */
static size_t look_around(http_server *server, int64_t now_ms, http_exchange **due)
{
    size_t count = 0;

    for (http_exchange *x = server->exchanges; x; x = x->next) {
        int64_t wake_ms = x->wake_ms;

        if (!x->watched && now_ms - x->begun_ms >= WATCH_AFTER_MS)
            watch_one(x);
        if (wake_ms && wake_ms <= now_ms && count < WATCH_BATCH) {
            atomic_compare_exchange_strong(&x->wake_ms, &wake_ms, 0);
            due[count++] = http_hold(x);
        }
    }
    for (http_connection *peer = server->connections; peer; peer = peer->next)
        if (peer->deadline_ms && peer->deadline_ms <= now_ms)
            shutdown(peer->fd, SHUT_RDWR);
    return count;
}

static void tick(http_server *server, int64_t now_ms)
{
    const http_events *events = &server->options.events;
    http_exchange *due[WATCH_BATCH];
    size_t count;

    do {
        pthread_mutex_lock(&server->lock);
        count = look_around(server, now_ms, due);
        pthread_mutex_unlock(&server->lock);
        for (size_t i = 0; i < count; i++) {
            events->wake(events->self, due[i]);
            http_release(due[i]);
        }
    } while (count == WATCH_BATCH);
}

static void *watch_run(void *context)
{
    http_server *server = context;
    struct epoll_event ready[WATCH_BATCH];
    int64_t next_ms = 0;

    while (server->watching) {
        int n = epoll_wait(server->watch_epoll, ready, WATCH_BATCH, WATCH_TICK_MS);
        int64_t now_ms = clock_monotonic_ms();

        for (int i = 0; i < n; i++)
            if (ready[i].data.ptr)
                client_left(server, ready[i].data.ptr);
        if (now_ms >= next_ms) {
            tick(server, now_ms);
            next_ms = now_ms + WATCH_TICK_MS;
        }
        release_unwatched(server);
    }
    return NULL;
}

bool watch_start(http_server *server)
{
    struct epoll_event event = {.events = EPOLLIN};

    server->watch_epoll = epoll_create1(EPOLL_CLOEXEC);
    server->watch_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->watching = true;
    if (server->watch_epoll >= 0 && server->watch_wake >= 0 &&
        epoll_ctl(server->watch_epoll, EPOLL_CTL_ADD, server->watch_wake, &event) == 0 &&
        pthread_create(&server->watch, NULL, watch_run, server) == 0)
        return true;
    server->watching = false;
    return false;
}

void watch_stop(http_server *server)
{
    uint64_t one = 1;

    if (server->watching) {
        server->watching = false;
        while (write(server->watch_wake, &one, sizeof one) < 0 && errno == EINTR)
            ;
        pthread_join(server->watch, NULL);
        release_unwatched(server);
    }
    if (server->watch_epoll >= 0)
        close(server->watch_epoll);
    if (server->watch_wake >= 0)
        close(server->watch_wake);
    server->watch_epoll = server->watch_wake = -1;
}
