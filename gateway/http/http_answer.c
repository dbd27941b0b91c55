/* Answers: made anywhere, sent by the connection's thread. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_parts.h"

enum {
    STREAM_BLOCK = 1024,     /* the library's own piece; it hands us the connection's buffer to fill anyway */
    QUEUE_ROOM_KEPT = 16384, /* an idle stream gives back what a burst needed */
};

struct http_ready {
    struct MHD_Response *response;
    unsigned status;
};

/* What every answer says to browsers, unless it says otherwise itself. */
static const http_field always[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

static bool is_printable(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return false;
    return true;
}

static bool is_said(const http_head *head, const char *name)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (strcasecmp(head->fields[i].name, name) == 0)
            return true;
    return false;
}

static void dress(struct MHD_Response *response, bool secure, const http_head *head)
{
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!is_said(head, always[i].name))
            MHD_add_response_header(response, always[i].name, always[i].value);
    if (secure)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    for (size_t i = 0; i < head->field_count; i++)
        if (is_printable(head->fields[i].value))
            MHD_add_response_header(response, head->fields[i].name, head->fields[i].value);
}

/* Locked. False when there is an answer already or nobody to take one. */
static bool may_answer(const http_exchange *x)
{
    return !x->answered && x->connection;
}

static void set_answer(http_exchange *x, struct MHD_Response *response, unsigned status)
{
    x->answered = true;
    x->response = response;
    x->status = status;
    /* While the body is still coming in, the answer waits for its end; a body that waits goes on and is read away. */
    exchange_resume(x);
}

bool exchange_queue_answer(http_exchange *x)
{
    struct MHD_Response *response = x->ready ? x->ready->response : x->response;
    bool queued;

    if (x->queued)
        return true;
    queued = x->queued = MHD_queue_response(x->connection, x->status, response) == MHD_YES;
    if (x->response)
        MHD_destroy_response(x->response);
    x->response = NULL;
    return queued;
}

/* There is no memory for an answer: the connection ends, which is one too. */
static void give_up(http_exchange *x)
{
    pthread_mutex_lock(&x->lock);
    x->gone = true;
    exchange_resume(x);
    pthread_mutex_unlock(&x->lock);
}

void http_answer_take(http_exchange *x, const http_head *head, void *bytes, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
    bool answered = false;

    if (!response) {
        free(bytes);
        give_up(x);
        return;
    }
    dress(response, x->secure, head);
    pthread_mutex_lock(&x->lock);
    if (may_answer(x)) {
        set_answer(x, response, head->status);
        answered = true;
    }
    pthread_mutex_unlock(&x->lock);
    if (!answered)
        MHD_destroy_response(response);
}

http_ready *http_ready_new(const http_head *head, bool secure, const void *bytes, size_t size)
{
    http_ready *ready = calloc(1, sizeof *ready);

    if (!ready)
        return NULL;
    ready->status = head->status;
    ready->response = MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
    if (!ready->response) {
        free(ready);
        return NULL;
    }
    dress(ready->response, secure, head);
    return ready;
}

void http_ready_free(http_ready *ready)
{
    if (!ready)
        return;
    MHD_destroy_response(ready->response);
    free(ready);
}

void http_answer_ready(http_exchange *x, const http_ready *ready)
{
    pthread_mutex_lock(&x->lock);
    if (may_answer(x)) {
        x->ready = ready;
        set_answer(x, NULL, ready->status);
    }
    pthread_mutex_unlock(&x->lock);
}

/* ---- Streams ---- */

static void release_exchange(void *context)
{
    http_release(context);
}

/* Locked. Takes up to room bytes off the queue. */
static size_t take_queued(http_exchange *x, char *into, size_t room)
{
    size_t n = x->queue.size - x->sent;

    if (n > room)
        n = room;
    if (n == 0)
        return 0;
    memcpy(into, x->queue.data + x->sent, n);
    x->sent += n;
    if (x->sent == x->queue.size) {
        x->queue.size = x->sent = 0;
        if (x->queue.room > QUEUE_ROOM_KEPT)
            byte_buffer_done(&x->queue);
    } else if (x->sent >= HTTP_QUEUE_HIGH) {
        byte_buffer_drop(&x->queue, x->sent);
        x->sent = 0;
    }
    return n;
}

/* The library asks for the next bytes of a stream. With none there the connection rests until there are. */
static ssize_t read_stream(void *context, uint64_t position, char *into, size_t room)
{
    http_exchange *x = context;
    const http_events *events = &x->server->options.events;
    ssize_t n;
    bool drained;

    (void)position;
    pthread_mutex_lock(&x->lock);
    n = (ssize_t)take_queued(x, into, room);
    drained = x->was_high && x->queue.size - x->sent <= HTTP_QUEUE_LOW;
    if (drained)
        x->was_high = false;
    if (x->gone)
        n = MHD_CONTENT_READER_END_WITH_ERROR;
    else if (n == 0 && x->finished)
        n = x->whole ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
    else if (n == 0 && !drained)
        exchange_suspend(x);
    pthread_mutex_unlock(&x->lock);
    if (drained)
        events->drained(events->self, x);
    return n;
}

void http_answer_stream(http_exchange *x, const http_head *head)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, http_hold(x), release_exchange);
    bool answered = false;

    if (!response) {
        http_release(x);
        give_up(x);
        return;
    }
    dress(response, x->secure, head);
    pthread_mutex_lock(&x->lock);
    if (may_answer(x)) {
        x->streaming = true;
        set_answer(x, response, head->status);
        answered = true;
    }
    pthread_mutex_unlock(&x->lock);
    if (!answered)
        MHD_destroy_response(response);
}

size_t http_write(http_exchange *x, const void *bytes, size_t size)
{
    size_t held = 0;

    pthread_mutex_lock(&x->lock);
    if (x->streaming && x->connection && !x->gone && !x->finished) {
        if (!byte_buffer_append(&x->queue, bytes, size))
            x->finished = true; /* not whole: the client sees that something is missing */
        held = x->queue.size - x->sent;
        x->was_high = held >= HTTP_QUEUE_HIGH;
        exchange_resume(x);
    }
    pthread_mutex_unlock(&x->lock);
    return held;
}

void http_finish(http_exchange *x, bool whole)
{
    pthread_mutex_lock(&x->lock);
    if (x->streaming && !x->finished) {
        x->finished = true;
        x->whole = whole;
        exchange_resume(x);
    }
    pthread_mutex_unlock(&x->lock);
}
