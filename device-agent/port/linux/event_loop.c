#include "event_loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"

enum { EVENTS_AT_ONCE = 64, LONGEST_WAIT_MS = 60000 };

struct event_loop {
    int epoll;
    int signals;
    bool stopping;
    event_source *sources;
};

event_loop *event_loop_new(void)
{
    event_loop *loop = calloc(1, sizeof *loop);
    struct epoll_event event = {.events = EPOLLIN};
    sigset_t ending;

    if (!loop)
        return NULL;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    if (loop->epoll < 0 || loop->signals < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->signals, &event) != 0) {
        event_loop_free(loop);
        return NULL;
    }
    return loop;
}

void event_loop_free(event_loop *loop)
{
    if (!loop)
        return;
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->signals >= 0)
        close(loop->signals);
    free(loop);
}

void event_loop_add(event_loop *loop, event_source *source)
{
    source->fd = -1;
    source->events = 0;
    source->fired = false;
    source->next = loop->sources;
    loop->sources = source;
}

static void forget(event_loop *loop, event_source *source)
{
    /* A descriptor that was closed in the meantime has left by itself. */
    if (source->fd >= 0)
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
    source->fd = -1;
    source->events = 0;
}

void event_loop_remove(event_loop *loop, event_source *source)
{
    forget(loop, source);
    for (event_source **at = &loop->sources; *at; at = &(*at)->next)
        if (*at == source) {
            *at = source->next;
            return;
        }
}

/* Brings epoll in line with what the source wants now. The old descriptor may be closed and its number taken by
 * another, so a new connection is always added afresh. */
static void register_source(event_loop *loop, event_source *source)
{
    event_wish wish = {.fd = -1, .due_ms = INT64_MAX};
    struct epoll_event event = {.data.ptr = source};

    source->wanted(source->self, &wish);
    source->due_ms = wish.due_ms;
    event.events = EPOLLIN | (wish.write ? (uint32_t)EPOLLOUT : 0);
    if (source->fd >= 0 && (wish.fd != source->fd || wish.connection != source->connection)) {
        /* Only when the number is still ours: another source may have it by now. */
        source->fd = -1;
        source->events = 0;
    }
    if (wish.fd < 0 || event.events == source->events)
        return;
    if (epoll_ctl(loop->epoll, source->fd >= 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, wish.fd, &event) != 0 &&
        errno == EEXIST)
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_MOD, wish.fd, &event);
    source->fd = wish.fd;
    source->connection = wish.connection;
    source->events = event.events;
}

static int wait_ms(event_loop *loop)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t due_ms = now_ms + LONGEST_WAIT_MS;

    for (event_source *s = loop->sources; s; s = s->next) {
        register_source(loop, s);
        if (s->due_ms < due_ms)
            due_ms = s->due_ms;
    }
    return due_ms <= now_ms ? 0 : (int)(due_ms - now_ms);
}

static void take_events(event_loop *loop, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        event_source *source = events[i].data.ptr;

        if (!source)
            loop->stopping = true;
        else
            source->fired = true;
    }
}

static void run_due(event_loop *loop)
{
    int64_t now_ms = clock_monotonic_ms();
    event_source *next;

    for (event_source *s = loop->sources; s && !loop->stopping; s = next) {
        bool due = s->fired || s->due_ms <= now_ms;

        next = s->next;
        s->fired = false;
        if (due)
            s->ready(s->self, now_ms);
    }
}

void event_loop_run(event_loop *loop)
{
    struct epoll_event events[EVENTS_AT_ONCE];

    loop->stopping = false;
    while (!loop->stopping) {
        int count = epoll_wait(loop->epoll, events, EVENTS_AT_ONCE, wait_ms(loop));

        if (count < 0 && errno != EINTR)
            return;
        take_events(loop, events, count);
        run_due(loop);
    }
}

void event_loop_stop(event_loop *loop)
{
    loop->stopping = true;
}
