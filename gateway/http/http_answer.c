/* Answers: their heads, and the three ways in which their bodies come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "clock.h"
#include "http_parts.h"

enum { BODY_READ_AWAY = 1 << 20 /* a longer rest of an unwanted body is not worth the connection */ };

struct http_ready {
    unsigned status;
    byte_buffer fields;
    uint8_t *bytes;
    size_t size;
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

static const char *status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } known[] = {
        {200, "OK"},
        {204, "No Content"},
        {206, "Partial Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {499, "Client Closed Request"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status)
            return known[i].text;
    return "Status";
}

/* ---- Heads ---- */

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

static bool add_field(byte_buffer *out, const char *name, const char *value)
{
    size_t name_size = strlen(name), value_size = strlen(value);
    char *at = (char *)byte_buffer_reserve(out, name_size + value_size + 4);

    if (!at)
        return false;
    memcpy(at, name, name_size);
    memcpy(at + name_size, ": ", 2);
    memcpy(at + name_size + 2, value, value_size);
    memcpy(at + name_size + 2 + value_size, "\r\n", 2);
    out->size += name_size + value_size + 4;
    return true;
}

/* The status line and the fields that do not depend on the connection. */
static bool add_head(byte_buffer *out, const http_head *head, bool secure)
{
    bool fits = byte_buffer_printf(out, "HTTP/1.1 %u %s\r\n", head->status, status_text(head->status));

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!is_said(head, always[i].name))
            fits = fits && add_field(out, always[i].name, always[i].value);
    if (secure)
        fits = fits && add_field(out, "Strict-Transport-Security", "max-age=31536000");
    for (size_t i = 0; i < head->field_count; i++)
        if (is_printable(head->fields[i].value))
            fits = fits && add_field(out, head->fields[i].name, head->fields[i].value);
    return fits;
}

static bool add_date(byte_buffer *out)
{
    static _Thread_local struct {
        int64_t second;
        char line[48];
        size_t size;
    } kept;
    int64_t second = clock_now_ms() / 1000;

    if (kept.second != second || kept.size == 0) {
        time_t now = (time_t)second;
        struct tm utc;

        gmtime_r(&now, &utc);
        kept.size = strftime(kept.line, sizeof kept.line, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
        kept.second = second;
    }
    return byte_buffer_append(out, kept.line, kept.size);
}

/* Locked. Whether the connection takes another request after this answer is settled here, where it is told. */
static void decide_end(http_connection *c, const http_exchange *x)
{
    bool rest_is_long = !x->completed && (x->head.content_length < 0 || x->head.content_length > BODY_READ_AWAY);

    /* An answer that streams may run beside the body, so it says nothing about the rest of it. */
    if (!x->head.keep_alive || (rest_is_long && !x->streaming) || x->continue_owed || x->server->stage != STAGE_SERVE ||
        (x->streaming && x->length_left < 0 && x->head.http_1_0))
        c->last = true;
}

/* Locked. The fields that depend on it, and the head's end. */
static bool add_frame(http_connection *c, const http_exchange *x)
{
    bool fits = add_date(&c->queue);

    if (c->last)
        fits = fits && byte_buffer_append_text(&c->queue, "Connection: close\r\n");
    else if (x->head.http_1_0)
        fits = fits && byte_buffer_append_text(&c->queue, "Connection: keep-alive\r\n");
    return fits && byte_buffer_append(&c->queue, "\r\n", 2);
}

/* ---- Whole answers ---- */

/* Locked. False when there is an answer already or nobody to take one. */
static bool may_answer(const http_exchange *x)
{
    return !x->answered && !x->ended;
}

static bool has_no_body(const http_exchange *x, unsigned status)
{
    return strcmp(x->head.method, "HEAD") == 0 || status == 204 || status == 304;
}

/* Locked. */
static void begin_answer(http_exchange *x, unsigned status)
{
    x->answered = true;
    x->bodiless = has_no_body(x, status);
    decide_end(x->peer, x);
}

static bool add_length(byte_buffer *out, unsigned status, uint64_t size)
{
    return status == 204 || status == 304 ||
           byte_buffer_printf(out, "Content-Length: %llu\r\n", (unsigned long long)size);
}

void http_answer_take(http_exchange *x, const http_head *head, void *bytes, size_t size)
{
    http_connection *c = x->peer;
    http_exchange *ended = NULL;

    pthread_mutex_lock(&c->lock);
    if (may_answer(x)) {
        begin_answer(x, head->status);
        if (!add_head(&c->queue, head, c->secure) || !add_length(&c->queue, head->status, size) || !add_frame(c, x))
            c->broken = true;
        if (!x->bodiless && size > 0) {
            c->block = c->block_owned = bytes;
            c->block_left = size;
            bytes = NULL;
        }
        output_flush(c);
        ended = exchange_settle(c);
    }
    pthread_mutex_unlock(&c->lock);
    free(bytes);
    http_release(ended);
}

http_ready *http_ready_new(const http_head *head, bool secure, const void *bytes, size_t size)
{
    http_ready *ready = calloc(1, sizeof *ready);

    if (!ready)
        return NULL;
    ready->status = head->status;
    byte_buffer_init(&ready->fields, 65536);
    ready->bytes = malloc(size + 1);
    ready->size = size;
    if (ready->bytes && add_head(&ready->fields, head, secure) && add_length(&ready->fields, head->status, size)) {
        memcpy(ready->bytes, bytes, size);
        return ready;
    }
    http_ready_free(ready);
    return NULL;
}

void http_ready_free(http_ready *ready)
{
    if (!ready)
        return;
    byte_buffer_done(&ready->fields);
    free(ready->bytes);
    free(ready);
}

void http_answer_ready(http_exchange *x, const http_ready *ready)
{
    http_connection *c = x->peer;
    http_exchange *ended = NULL;

    pthread_mutex_lock(&c->lock);
    if (may_answer(x)) {
        begin_answer(x, ready->status);
        if (!byte_buffer_append(&c->queue, ready->fields.data, ready->fields.size) || !add_frame(c, x))
            c->broken = true;
        if (!x->bodiless && ready->size > 0) {
            c->block = ready->bytes;
            c->block_left = ready->size;
        }
        output_flush(c);
        ended = exchange_settle(c);
    }
    pthread_mutex_unlock(&c->lock);
    http_release(ended);
}

/* ---- Streams ---- */

void http_answer_stream(http_exchange *x, const http_head *head, int64_t length)
{
    http_connection *c = x->peer;
    bool fits;

    pthread_mutex_lock(&c->lock);
    if (may_answer(x)) {
        x->streaming = true;
        x->length_left = length;
        begin_answer(x, head->status);
        x->chunked = length < 0 && !x->head.http_1_0 && !x->bodiless;
        fits = add_head(&c->queue, head, c->secure);
        if (length >= 0)
            fits = fits && add_length(&c->queue, head->status, (uint64_t)length);
        else if (x->chunked)
            fits = fits && byte_buffer_append_text(&c->queue, "Transfer-Encoding: chunked\r\n");
        if (!fits || !add_frame(c, x))
            c->broken = true;
        output_flush(c);
    }
    pthread_mutex_unlock(&c->lock);
}

/* Locked. Into the queue, or at once into the socket as far as that takes it. */
static void send_piece(http_connection *c, const http_exchange *x, const void *bytes, size_t size)
{
    char frame[24];
    struct iovec pieces[3] = {{frame, 0}, {(void *)bytes, size}, {"\r\n", x->chunked ? 2 : 0}};
    size_t done = 0;

    if (x->chunked)
        pieces[0].iov_len = (size_t)snprintf(frame, sizeof frame, "%zx\r\n", size);
    if (output_size(c) == 0 && !c->full) {
        ssize_t n = transfer_out(c, pieces, 3);

        if (n == TRANSFER_BROKEN)
            c->broken = true;
        done = n > 0 ? (size_t)n : 0;
    }
    for (int i = 0; i < 3; i++) {
        size_t skip = done < pieces[i].iov_len ? done : pieces[i].iov_len;

        done -= skip;
        if (!output_add(c, (const char *)pieces[i].iov_base + skip, pieces[i].iov_len - skip))
            return;
    }
    output_flush(c);
}

size_t http_write(http_exchange *x, const void *bytes, size_t size)
{
    http_connection *c = x->peer;
    size_t held = 0;

    pthread_mutex_lock(&c->lock);
    if (x->streaming && !x->ended && !x->finished && size > 0) {
        if (x->length_left >= 0 && (int64_t)size > x->length_left)
            size = (size_t)x->length_left; /* whoever writes more than was said is not believed */
        if (x->length_left >= 0)
            x->length_left -= (int64_t)size;
        if (!x->bodiless && size > 0 && !c->broken)
            send_piece(c, x, bytes, size);
        held = output_size(c);
        x->was_high = x->was_high || held >= HTTP_QUEUE_HIGH;
    }
    pthread_mutex_unlock(&c->lock);
    return held;
}

void http_finish(http_exchange *x, bool whole)
{
    http_connection *c = x->peer;
    http_exchange *ended = NULL;

    pthread_mutex_lock(&c->lock);
    if (x->streaming && !x->ended && !x->finished) {
        x->finished = true;
        x->whole = whole && (x->length_left <= 0 || x->bodiless);
        if (x->whole && x->chunked)
            output_add(c, "0\r\n\r\n", 5);
        if (!x->completed)
            c->last = true; /* its client is still sending, and was not told that nobody listens any more */
        output_flush(c);
        ended = exchange_settle(c);
    }
    pthread_mutex_unlock(&c->lock);
    http_release(ended);
}
