/* Waits for descriptors and times on epoll, and for the signals that end the program. One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct event_loop event_loop;

/* What a source waits for. A descriptor that is no longer wanted must have been closed. */
typedef struct {
    int fd;              /* -1: none */
    uint32_t connection; /* changes whenever fd is another descriptor, even under the same number */
    bool write;          /* wait for writability as well */
    int64_t due_ms;      /* of the monotonic clock; INT64_MAX: never */
} event_wish;

/* A member lives in its owner, zeroed before it is added, until event_loop_remove. */
typedef struct event_source {
    void *self;
    /* The descriptor is ready, or the due time has come: the owner looks what it was. */
    void (*ready)(void *self, int64_t now_ms);
    /* Asked before each wait: what to wait for. */
    void (*wanted)(void *self, event_wish *ret_wish);
    struct event_source *next;
    int fd;
    uint32_t connection;
    uint32_t events;
    int64_t due_ms;
    bool fired;
} event_source;

event_loop *event_loop_new(void); /* blocks SIGTERM and SIGINT for this thread, ignores SIGPIPE; NULL: errno tells */
void event_loop_free(event_loop *loop);

void event_loop_add(event_loop *loop, event_source *source);
void event_loop_remove(event_loop *loop, event_source *source); /* from within ready: only the source itself */

/* Returns after event_loop_stop, a signal, or a failure of epoll. */
void event_loop_run(event_loop *loop);
void event_loop_stop(event_loop *loop);
