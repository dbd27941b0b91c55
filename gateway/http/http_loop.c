/* A thread that waits for the sockets of its connections, and for what other threads post to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "http_parts.h"

enum { EVENTS_A_TURN = 64, ACCEPTS_A_TURN = 32, TICK_MS = 100 };

/* ---- Posts ---- */

void loop_wake(http_loop *loop)
{
    uint64_t one = 1;

    while (write(loop->waker.fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void loop_post(http_connection *c)
{
    http_loop *loop = c->loop;
    bool first;

    if (c->fd < 0)
        return;
    pthread_mutex_lock(&loop->lock);
    first = !loop->posted;
    if (!c->posted) {
        c->posted = true;
        c->next_posted = loop->posted;
        loop->posted = c;
        atomic_fetch_add(&c->refs, 1);
    }
    pthread_mutex_unlock(&loop->lock);
    /* The loop itself looks before it sleeps. */
    if (first && !pthread_equal(pthread_self(), loop->thread))
        loop_wake(loop);
}

/* The first of a list, which can be posted again from now on: only then is its link free for the next list. */
static http_connection *take_posted(http_loop *loop, http_connection **list)
{
    http_connection *c = *list;

    pthread_mutex_lock(&loop->lock);
    *list = c->next_posted;
    c->posted = false;
    pthread_mutex_unlock(&loop->lock);
    return c;
}

/* Those that are posted meanwhile wait for the next turn. */
static void run_posted(http_loop *loop)
{
    http_connection *list;

    pthread_mutex_lock(&loop->lock);
    list = loop->posted;
    loop->posted = NULL;
    pthread_mutex_unlock(&loop->lock);
    while (list) {
        http_connection *c = take_posted(loop, &list);

        connection_go_on(c);
        connection_release(c);
    }
}

static bool has_posted(http_loop *loop)
{
    bool has;

    pthread_mutex_lock(&loop->lock);
    has = loop->posted != NULL;
    pthread_mutex_unlock(&loop->lock);
    return has;
}

void loop_bury(http_connection *c)
{
    c->previous = NULL;
    c->next = c->loop->buried;
    c->loop->buried = c;
}

static void let_go_of_buried(http_loop *loop)
{
    while (loop->buried) {
        http_connection *c = loop->buried;

        loop->buried = c->next;
        connection_release(c);
    }
}

/* ---- New connections ---- */

/* The connection that has waited the longest for its next request makes room. */
static bool evict_idle(http_loop *loop)
{
    for (http_connection *c = loop->oldest; c; c = c->previous) {
        bool idle;

        pthread_mutex_lock(&c->lock);
        idle = !c->x && output_size(c) == 0;
        pthread_mutex_unlock(&c->lock);
        if (idle && c->kept.size == 0 && (c->phase == PHASE_HEAD || c->phase == PHASE_ANSWER)) {
            connection_drop(c);
            return true;
        }
    }
    return false;
}

static void turn_away(const http_server *server, int fd)
{
    static const char words[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
                                "Connection: close\r\n\r\n";

    if (!server->secure)
        send(fd, words, sizeof words - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

/* Without a descriptor left, a connection that is not accepted would wake the loop for ever: the spare one takes it. */
static void accept_with_spare(http_server *server, int listener)
{
    int fd;

    pthread_mutex_lock(&server->lock);
    if (server->spare >= 0)
        close(server->spare);
    fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(server, fd);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pthread_mutex_unlock(&server->lock);
}

static void accept_some(http_loop *loop, const http_listener *listener)
{
    http_server *server = loop->server;

    for (int i = 0; i < ACCEPTS_A_TURN && server->stage == STAGE_SERVE; i++) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int fd = accept4(listener->fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0 && (errno == EMFILE || errno == ENFILE))
            accept_with_spare(server, listener->fd);
        if (fd < 0 && errno != ECONNABORTED && errno != EINTR)
            return;
        if (fd < 0)
            continue;
        if (server->connections >= server->options.connections && !evict_idle(loop))
            turn_away(server, fd);
        else
            connection_start(loop, fd, (struct sockaddr *)&address);
    }
}

/* ---- The stop ---- */

static bool leaves(http_connection *c, unsigned stage)
{
    bool leaves;

    pthread_mutex_lock(&c->lock);
    leaves = stage >= STAGE_DISMISS || !c->x || c->x->streaming;
    pthread_mutex_unlock(&c->lock);
    return leaves;
}

/* Streams have no end of their own, so they end first; after the grace everything does. */
static void enter_stage(http_loop *loop, unsigned stage)
{
    http_connection *next;

    if (loop->stage == STAGE_SERVE)
        for (size_t i = 0; i < loop->server->listener_count; i++)
            epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->server->listeners[i].fd, NULL);
    loop->stage = stage;
    for (http_connection *c = loop->connections; c; c = next) {
        next = c->next;
        if (leaves(c, stage))
            connection_drop(c);
    }
}

/* ---- The loop ---- */

static void tick(http_loop *loop, int64_t now_ms)
{
    http_connection *next;

    for (http_connection *c = loop->connections; c; c = next) {
        next = c->next;
        connection_tick(c, now_ms);
    }
}

static void handle(http_loop *loop, const struct epoll_event *event)
{
    uint64_t count;

    switch (*(event_source *)event->data.ptr) {
    case SOURCE_WAKER:
        while (read(loop->waker.fd, &count, sizeof count) < 0 && errno == EINTR)
            ;
        break;
    case SOURCE_LISTENER:
        accept_some(loop, event->data.ptr);
        break;
    case SOURCE_CONNECTION:
        connection_ready(event->data.ptr, event->events);
        break;
    }
}

static void *loop_run(void *context)
{
    http_loop *loop = context;
    http_server *server = loop->server;
    struct epoll_event events[EVENTS_A_TURN];
    int64_t next_tick_ms = 0;

    while (loop->stage != STAGE_END) {
        int wait_ms = has_posted(loop) ? 0 : loop->connections ? TICK_MS : -1;
        int n = epoll_wait(loop->epoll, events, EVENTS_A_TURN, wait_ms);
        int64_t now_ms = clock_monotonic_ms();

        for (int i = 0; i < n; i++)
            handle(loop, &events[i]);
        run_posted(loop);
        if (now_ms >= next_tick_ms) {
            tick(loop, now_ms);
            next_tick_ms = now_ms + TICK_MS;
        }
        if (server->stage != loop->stage)
            enter_stage(loop, server->stage);
        let_go_of_buried(loop);
    }
    return NULL;
}

void loop_listen(http_loop *loop, http_listener *listener)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = listener};

    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, listener->fd, &event);
}

bool loop_start(http_loop *loop, http_server *server)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &loop->waker};

    loop->server = server;
    pthread_mutex_init(&loop->lock, NULL);
    loop->scratch = malloc(LOOP_SCRATCH);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->waker.source = SOURCE_WAKER;
    loop->waker.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->scratch && loop->epoll >= 0 && loop->waker.fd >= 0 &&
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->waker.fd, &event) == 0)
        loop->runs = pthread_create(&loop->thread, NULL, loop_run, loop) == 0;
    return loop->runs;
}

void loop_end(http_loop *loop)
{
    if (!loop->server)
        return; /* never begun */
    if (loop->runs) {
        loop_wake(loop);
        pthread_join(loop->thread, NULL);
    }
    while (loop->posted) { /* of connections that were dropped last */
        http_connection *c = loop->posted;

        loop->posted = c->next_posted;
        connection_release(c);
    }
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->waker.fd >= 0)
        close(loop->waker.fd);
    free(loop->scratch);
    pthread_mutex_destroy(&loop->lock);
}
