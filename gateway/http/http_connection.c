/* TCP connections: accepted, read, timed and closed by the thread of their loop. */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "http_parts.h"

enum {
    READS_A_TURN = 16, /* then others have theirs */
    LINGER_TIME_MS = 10000,
    LINGER_BYTES = 64 << 20,
    PEER_SILENT_S = 20, /* of a peer that vanished without a word … */
    PEER_PROBE_S = 5,   /* … and does not answer these probes */
    PEER_PROBES = 4,
    PEER_TIMEOUT_MS = 40000,
    KEPT_ROOM = 4096,
};

/* ---- Beginning and end ---- */

static void link_connection(http_loop *loop, http_connection *c)
{
    c->next = loop->connections;
    if (c->next)
        c->next->previous = c;
    else
        loop->oldest = c;
    loop->connections = c;
}

static void unlink_connection(http_loop *loop, http_connection *c)
{
    if (c->next)
        c->next->previous = c->previous;
    else
        loop->oldest = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        loop->connections = c->next;
}

static void prepare_socket(int fd)
{
    int on = 1, idle = PEER_SILENT_S, interval = PEER_PROBE_S, probes = PEER_PROBES;
    unsigned timeout = PEER_TIMEOUT_MS;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

static bool add_tls(http_server *server, http_connection *c)
{
    pthread_mutex_lock(&server->lock);
    if (server->tls)
        c->tls = SSL_new(server->tls);
    pthread_mutex_unlock(&server->lock);
    return c->tls && SSL_set_fd(c->tls, c->fd) == 1;
}

static http_connection *connection_new(http_loop *loop, int fd, const struct sockaddr *address)
{
    http_server *server = loop->server;
    http_connection *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    atomic_init(&c->refs, 1);
    c->source = SOURCE_CONNECTION;
    c->loop = loop;
    c->fd = fd;
    c->secure = server->secure;
    c->phase = c->secure ? PHASE_HANDSHAKE : PHASE_HEAD;
    c->read_deadline_ms = clock_monotonic_ms() + server->options.head_timeout_ms;
    socket_address_text(address, c->address, sizeof c->address);
    pthread_mutex_init(&c->lock, NULL);
    byte_buffer_init(&c->kept, server->options.head_max + 4 * LOOP_SCRATCH);
    byte_buffer_init(&c->queue, HTTP_QUEUE_MAX);
    return c;
}

void connection_start(http_loop *loop, int fd, const struct sockaddr *address)
{
    http_connection *c = connection_new(loop, fd, address);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};

    if (!c) {
        close(fd);
        return;
    }
    prepare_socket(fd);
    atomic_fetch_add(&loop->server->connections, 1);
    link_connection(loop, c);
    if ((c->secure && !add_tls(loop->server, c)) || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        connection_drop(c);
}

void connection_release(http_connection *c)
{
    if (atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1)
        return;
    byte_buffer_done(&c->kept);
    output_drop(c);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static void close_socket(int fd, SSL *tls, bool politely)
{
    if (tls) {
        if (politely && SSL_is_init_finished(tls))
            SSL_shutdown(tls);
        SSL_free(tls);
    }
    if (fd >= 0)
        close(fd);
}

/* The loop lets go of its reference at the end of its turn: an event of this turn may still point here. */
void connection_drop(http_connection *c)
{
    http_server *server = c->loop->server;
    const http_events *events = &server->options.events;
    http_exchange *x;
    bool politely;
    SSL *tls;
    int fd;

    pthread_mutex_lock(&c->lock);
    politely = !c->broken;
    fd = c->fd;
    tls = c->tls;
    x = c->x;
    c->fd = -1;
    c->tls = NULL;
    c->x = NULL;
    if (x)
        x->ended = true;
    output_drop(c);
    pthread_mutex_unlock(&c->lock);
    if (fd < 0)
        return;
    close_socket(fd, tls, politely);
    unlink_connection(c->loop, c);
    loop_bury(c);
    atomic_fetch_sub(&server->connections, 1);
    if (!x)
        return;
    atomic_fetch_sub(&server->exchanges, 1);
    if (x->known)
        events->gone(events->self, x);
    http_release(x);
}

/* Without a farewell: nobody listens any more, or not fast enough. */
static void break_off(http_connection *c)
{
    pthread_mutex_lock(&c->lock);
    c->broken = true;
    pthread_mutex_unlock(&c->lock);
    connection_drop(c);
}

/* ---- Reading ---- */

static bool is_hungry(const http_connection *c)
{
    switch (c->phase) {
    case PHASE_BODY:
        return !c->body_waits;
    case PHASE_ANSWER:
        return c->kept.size == 0; /* to notice a client that leaves */
    default:
        return true;
    }
}

static void digest_kept(http_connection *c)
{
    byte_buffer_drop(&c->kept, request_digest(c, c->kept.data, c->kept.size));
    if (c->kept.size == 0 && c->kept.room > KEPT_ROOM)
        byte_buffer_done(&c->kept);
}

static void feed(http_connection *c, const uint8_t *bytes, size_t size)
{
    bool fresh = c->kept.size == 0;
    size_t used = fresh ? request_digest(c, bytes, size) : 0;

    if (c->fd < 0 || used == size)
        return;
    if (!byte_buffer_append(&c->kept, bytes + used, size - used))
        connection_drop(c);
    else if (!fresh)
        digest_kept(c);
}

/* One piece; false when there is none. */
static bool read_piece(http_connection *c)
{
    ssize_t n;

    pthread_mutex_lock(&c->lock);
    n = transfer_in(c, c->loop->scratch, LOOP_SCRATCH);
    pthread_mutex_unlock(&c->lock);
    if (n == TRANSFER_WAIT) {
        c->can_read = false;
        return false;
    }
    if (n <= 0) {
        connection_drop(c);
        return false;
    }
    /* A socket that gave less than was asked for is empty, and says so when it no longer is. */
    if (!c->secure && n < LOOP_SCRATCH && !c->hung_up)
        c->can_read = false;
    feed(c, c->loop->scratch, (size_t)n);
    return c->fd >= 0;
}

/* Input that has to wait for the exchange's end is looked at again by whoever ends it. True when it has ended. */
static bool must_look_again(http_connection *c)
{
    bool again, last;

    if (c->phase != PHASE_ANSWER || c->fd < 0)
        return false;
    pthread_mutex_lock(&c->lock);
    again = !c->x && (c->kept.size > 0 || c->can_read);
    c->input_waits = c->x && (c->kept.size > 0 || c->can_read);
    last = c->last;
    pthread_mutex_unlock(&c->lock);
    if (again)
        c->phase = last ? PHASE_LINGER : PHASE_HEAD;
    return again;
}

static void read_on(http_connection *c)
{
    int reads = 0;

    do {
        if (c->kept.size > 0 && (c->phase != PHASE_HEAD || c->scanned == 0))
            digest_kept(c);
        while (c->fd >= 0 && c->can_read && is_hungry(c) && reads++ < READS_A_TURN)
            if (!read_piece(c))
                break;
    } while (must_look_again(c) && reads < READS_A_TURN);
    if (c->fd >= 0 && reads >= READS_A_TURN) {
        pthread_mutex_lock(&c->lock);
        loop_post(c);
        pthread_mutex_unlock(&c->lock);
    }
}

/* ---- Events ---- */

/* After the last answer: says so, and reads on for a while, because unread bytes would make the kernel take back what
 * the client has not seen yet. */
static void linger(http_connection *c)
{
    bool done, clean;

    pthread_mutex_lock(&c->lock);
    done = c->last && !c->x && output_size(c) == 0;
    pthread_mutex_unlock(&c->lock);
    if (!done || c->said_goodbye)
        return;
    clean = c->phase == PHASE_ANSWER && c->kept.size == 0 && !c->can_read;
    if (clean || c->hung_up) {
        connection_drop(c);
        return;
    }
    c->said_goodbye = true;
    if (c->phase != PHASE_LINGER)
        c->read_deadline_ms = clock_monotonic_ms() + LINGER_TIME_MS;
    c->phase = PHASE_LINGER;
    c->kept.size = 0;
    pthread_mutex_lock(&c->lock);
    if (c->tls)
        SSL_shutdown(c->tls);
    shutdown(c->fd, SHUT_WR);
    pthread_mutex_unlock(&c->lock);
}

static bool shake_hands(http_connection *c)
{
    bool done, goes_on;

    pthread_mutex_lock(&c->lock);
    goes_on = transfer_handshake(c, &done);
    pthread_mutex_unlock(&c->lock);
    if (!goes_on)
        connection_drop(c);
    else if (done)
        c->phase = PHASE_HEAD;
    return goes_on && done;
}

static bool told(http_connection *c)
{
    const http_events *events = &c->loop->server->options.events;
    http_exchange *x;
    bool broken, drained;

    pthread_mutex_lock(&c->lock);
    broken = c->broken;
    drained = c->drained_due;
    c->drained_due = false;
    x = c->x ? http_hold(c->x) : NULL;
    pthread_mutex_unlock(&c->lock);
    if (broken)
        connection_drop(c);
    else if (drained && x)
        events->drained(events->self, x);
    http_release(x);
    return c->fd >= 0;
}

void connection_go_on(http_connection *c)
{
    if (c->fd < 0 || !told(c))
        return;
    if (c->phase == PHASE_HANDSHAKE && !shake_hands(c))
        return;
    read_on(c);
    if (c->fd >= 0)
        linger(c);
    /* Half a farewell is one: whoever sends no more is taken not to wait for an answer either. */
    if (c->fd >= 0 && c->hung_up && (c->phase == PHASE_ANSWER || c->body_waits))
        connection_drop(c);
    if (c->fd >= 0 && c->lingered > LINGER_BYTES)
        connection_drop(c);
}

void connection_ready(http_connection *c, uint32_t events)
{
    http_exchange *ended = NULL;

    if (c->fd < 0)
        return;
    if (events & (EPOLLERR | EPOLLHUP)) {
        break_off(c);
        return;
    }
    if (events & EPOLLOUT) {
        pthread_mutex_lock(&c->lock);
        c->full = false;
        output_flush(c);
        ended = exchange_settle(c);
        pthread_mutex_unlock(&c->lock);
        http_release(ended);
    }
    if (events & (EPOLLIN | EPOLLRDHUP))
        c->can_read = true;
    if (events & EPOLLRDHUP)
        c->hung_up = true;
    connection_go_on(c);
}

static void time_out(http_connection *c)
{
    http_exchange *x = NULL;

    if (c->phase == PHASE_HEAD && c->scanned > 0)
        x = exchange_new(c);
    if (x)
        request_refuse(c, x, 408);
    else if (c->phase == PHASE_BODY)
        request_refuse(c, NULL, 408);
    else
        connection_drop(c);
    if (c->fd >= 0)
        connection_go_on(c);
}

void connection_tick(http_connection *c, int64_t now_ms)
{
    const http_events *events = &c->loop->server->options.events;
    int64_t read_ms = c->read_deadline_ms, write_ms = c->write_deadline_ms;
    http_exchange *x;

    if (write_ms && write_ms <= now_ms) {
        break_off(c);
        return;
    }
    if (read_ms && read_ms <= now_ms) {
        time_out(c);
        return;
    }
    pthread_mutex_lock(&c->lock);
    x = c->x ? http_hold(c->x) : NULL;
    pthread_mutex_unlock(&c->lock);
    if (x && x->wake_ms && x->wake_ms <= now_ms) {
        x->wake_ms = 0;
        events->wake(events->self, x);
    }
    http_release(x);
}
