/* One HTTP request and its answer, as the rest of the gateway sees them. The interface says nothing of sockets, threads
 * and TLS, so that another protocol (HTTP/2) can take their place.
 *
 * An exchange lives as long as somebody holds it. Its events come one at a time, on the thread of its connection.
 * Functions marked [any thread] may be called by whoever holds the exchange, also after it has ended: then they do
 * nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "http_head.h"

typedef struct http_exchange http_exchange;

/* Why the server itself turns a request away. */
typedef struct {
    unsigned status;
    const char *reason;  /* "HEAD_TOO_LARGE" */
    const char *message; /* one sentence */
} http_refusal;

typedef struct {
    void *self;
    /* The head of the request has arrived. A whole answer given here is sent at once; a short body is read away then,
     * a long one ends the connection. */
    void (*begin)(void *self, http_exchange *x);
    /* A part of the body: returns how many bytes were taken; the rest comes again after http_continue. Not called once
     * a whole answer was given or a streamed one finished. */
    size_t (*body)(void *self, http_exchange *x, const uint8_t *bytes, size_t size);
    /* The whole request has arrived. Not called when a whole answer was given before. */
    void (*complete)(void *self, http_exchange *x);
    /* The request is malformed, too large or too slow: to be answered here, or a bare status is. It may come instead of
     * begin, when what is known of the request may be as little as nothing, or after it. The connection ends then. */
    void (*refused)(void *self, http_exchange *x, const http_refusal *why);
    /* The answer's queue had been full and has room again. */
    void (*drained)(void *self, http_exchange *x);
    /* The client left before it had the whole answer; at most once. */
    void (*gone)(void *self, http_exchange *x);
    /* The time set by http_wake_at has come. */
    void (*wake)(void *self, http_exchange *x);
    /* When the last one has let go of it, on any thread. The context's memory ends after this. */
    void (*freed)(void *self, http_exchange *x);
} http_events;

http_exchange *http_hold(http_exchange *x); /* [any thread] */
void http_release(http_exchange *x);        /* [any thread] */

void http_set_context(http_exchange *x, void *context); /* in begin or refused */
void *http_context(const http_exchange *x);

/* Lives as long as the exchange. For one thread at a time: the events', until the user hands it on. */
arena *http_arena(http_exchange *x);

/* ---- The request: all of it lives as long as the exchange ---- */

const char *http_method(const http_exchange *x);

/* Of the URL as sent, still percent-encoded; path without the query, query without the question mark. */
const char *http_path(const http_exchange *x, size_t *ret_length);
const char *http_query(const http_exchange *x, size_t *ret_length);

/* NULL when absent. */
const char *http_request_header(const http_exchange *x, http_header_id id);

/* Bytes of the body as announced; −1 when it has no announced size, 0 when there is none. */
int64_t http_content_length(const http_exchange *x);

const char *http_client_address(const http_exchange *x); /* "192.0.2.7" */
bool http_is_secure(const http_exchange *x);             /* TLS */

/* Lets go of the rest that body did not take: it is called again. [any thread] */
void http_continue(http_exchange *x);

/* ---- The answer ---- */

typedef struct {
    const char *name;
    const char *value; /* no control characters: such a header is left out */
} http_field;

typedef struct {
    unsigned status;
    const http_field *fields; /* beside those that every answer has; one of the same name replaces it */
    size_t field_count;
} http_head;

/* An answer made beforehand and sent many times. */
typedef struct http_ready http_ready;
http_ready *http_ready_new(const http_head *head, bool secure, const void *bytes, size_t size); /* copies */
void http_ready_free(http_ready *ready);                                                        /* accepts NULL */

/* Each exchange gets one answer; later ones are dropped. Bytes taken are malloc's and freed in any case. A ready answer
 * must outlive the exchange. */
void http_answer_take(http_exchange *x, const http_head *head, void *bytes, size_t size); /* [any thread] */
void http_answer_ready(http_exchange *x, const http_ready *ready);                        /* [any thread] */

/* An answer whose body comes piece by piece, of `length` bytes in all; −1: not known. Pieces are sent, or copied into a
 * queue when the client does not take them; http_write returns the queue's bytes, and when that is HTTP_QUEUE_HIGH or
 * more, a drained event follows some time. Returns 0 after the exchange's end. */
enum { HTTP_QUEUE_HIGH = 256 * 1024, HTTP_QUEUE_LOW = 64 * 1024, HTTP_QUEUE_MAX = 32 * 1024 * 1024 };
void http_answer_stream(http_exchange *x, const http_head *head, int64_t length); /* [any thread] */
size_t http_write(http_exchange *x, const void *bytes, size_t size);              /* [any thread] */

/* The queued rest is sent, then the answer ends: properly, or so that the client notices that it is not whole. */
void http_finish(http_exchange *x, bool whole); /* [any thread] */

/* One wake event when clock_monotonic_ms reaches it, a fraction of a second late; 0: none. In events only. */
void http_wake_at(http_exchange *x, int64_t at_ms);
