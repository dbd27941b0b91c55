/* The bytes of requests, turned into events. All of this runs on the thread of the connection's loop. */
#include <string.h>

#include "clock.h"
#include "http_parts.h"

enum { LINGER_MS = 10000, LINGER_SLOW_MS = 1000 /* of a client that was too slow already */ };

/* ---- Refusals ---- */

static const http_refusal refusals[] = {
    {400, "REQUEST_MALFORMED", "The request is no well-formed HTTP."},
    {408, "REQUEST_TOO_SLOW", "The request took too long to arrive."},
    {414, "TARGET_TOO_LONG", "The path and its query are too long."},
    {417, "EXPECTATION_UNKNOWN", "The only expectation that can be met is 100-continue."},
    {431, "HEAD_TOO_LARGE", "The request's header fields are too large."},
    {500, "NO_MEMORY", "The gateway has no memory left."},
    {501, "CODING_UNKNOWN", "The only transfer coding that is understood is chunked."},
    {505, "VERSION_UNKNOWN", "Only HTTP/1.0 and HTTP/1.1 are spoken here."},
};

static const http_refusal *refusal_of(unsigned status)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].status == status)
            return &refusals[i];
    return &refusals[0];
}

static unsigned status_of(head_outcome outcome)
{
    switch (outcome) {
    case HEAD_TARGET_TOO_LONG:
        return 414;
    case HEAD_TOO_LARGE:
        return 431;
    case HEAD_VERSION_UNKNOWN:
        return 505;
    case HEAD_CODING_UNKNOWN:
        return 501;
    case HEAD_EXPECTATION_UNKNOWN:
        return 417;
    case HEAD_NO_MEMORY:
        return 500;
    default:
        return 400;
    }
}

/* The connection's current exchange, held; NULL when there is none. */
static http_exchange *hold_current(http_connection *c)
{
    http_exchange *x;

    pthread_mutex_lock(&c->lock);
    x = c->x ? http_hold(c->x) : NULL;
    pthread_mutex_unlock(&c->lock);
    return x;
}

/* The exchange becomes the current one, which holds it from now on. */
static void adopt(http_connection *c, http_exchange *x)
{
    pthread_mutex_lock(&c->lock);
    c->x = x;
    c->input_waits = false;
    pthread_mutex_unlock(&c->lock);
    atomic_fetch_add(&c->loop->server->exchanges, 1);
}

/* With an exchange that is not yet the current one, or NULL for that which is. What still comes is read away. */
void request_refuse(http_connection *c, http_exchange *x, unsigned status)
{
    const http_events *events = &c->loop->server->options.events;
    const http_refusal *why = refusal_of(status);
    bool answered;

    c->phase = PHASE_LINGER;
    c->read_deadline_ms = clock_monotonic_ms() + (status == 408 ? LINGER_SLOW_MS : LINGER_MS);
    if (x)
        adopt(c, x);
    x = hold_current(c);
    if (!x)
        return;
    pthread_mutex_lock(&c->lock);
    c->last = true;
    answered = x->answered;
    c->broken = c->broken || answered; /* it is under way: the client sees that it breaks off */
    pthread_mutex_unlock(&c->lock);
    if (!answered) {
        x->known = true;
        events->refused(events->self, x, why);
        http_answer_take(x, &(http_head){why->status, NULL, 0}, NULL, 0);
    }
    http_release(x);
}

/* ---- Heads ---- */

/* The head's text belongs to the exchange, because what is sent after it takes its place. */
static head_outcome read_head(http_connection *c, http_exchange *x, const uint8_t *bytes, size_t size)
{
    char *text = arena_copy(&x->memory, bytes, size);

    if (!text)
        return HEAD_NO_MEMORY;
    return http_head_parse(text, size, c->loop->server->options.target_max, &x->memory, &x->head);
}

/* The request has come whole. */
static void finish_request(http_connection *c)
{
    const http_events *events = &c->loop->server->options.events;
    http_exchange *x = hold_current(c), *ended;
    bool wanted;

    c->phase = PHASE_ANSWER;
    c->read_deadline_ms = 0;
    if (!x)
        return;
    pthread_mutex_lock(&c->lock);
    x->completed = true;
    wanted = !x->answered || (x->streaming && !x->finished);
    pthread_mutex_unlock(&c->lock);
    if (wanted)
        events->complete(events->self, x);
    pthread_mutex_lock(&c->lock);
    ended = exchange_settle(c);
    pthread_mutex_unlock(&c->lock);
    http_release(ended);
    http_release(x);
}

/* Says that the body may come, unless the answer says already that it need not. */
static void invite_body(http_connection *c, http_exchange *x)
{
    static const char words[] = "HTTP/1.1 100 Continue\r\n\r\n";

    pthread_mutex_lock(&c->lock);
    if (x->continue_owed && !x->answered && !x->ended) {
        x->continue_owed = false;
        output_add(c, words, sizeof words - 1);
        output_flush(c);
    }
    pthread_mutex_unlock(&c->lock);
}

static void begin(http_connection *c, http_exchange *x)
{
    const http_server_options *options = &c->loop->server->options;

    http_hold(x);
    x->known = true;
    x->continue_owed = x->head.expects_continue;
    c->chunked = x->head.content_length < 0;
    c->body_left = c->chunked ? 0 : (uint64_t)x->head.content_length;
    c->chunks = (chunk_reader){.state = CHUNK_SIZE};
    c->body_waits = false;
    c->read_credit_ms = options->stall_timeout_ms;
    c->read_since_ms = clock_monotonic_ms();
    c->read_deadline_ms = c->read_since_ms + c->read_credit_ms;
    c->phase = PHASE_BODY;
    adopt(c, x);
    options->events.begin(options->events.self, x);
    if (x->head.content_length == 0)
        finish_request(c);
    else if (x->continue_owed)
        invite_body(c, x);
    http_release(x);
}

static size_t without_blank_lines(http_connection *c, const uint8_t *bytes, size_t size)
{
    size_t n = 0;

    while (c->scanned == 0 && n < size && (bytes[n] == '\r' || bytes[n] == '\n'))
        n++;
    return n;
}

/* There is no whole head: may there still be one? */
static void judge_begun_head(http_connection *c, const uint8_t *bytes, size_t size)
{
    const http_server_options *options = &c->loop->server->options;
    unsigned status = 0;
    http_exchange *x;

    if (!http_head_may_begin((const char *)bytes, size))
        status = 400;
    else if (size > options->target_max + HTTP_METHOD_MAX + 16 && !memchr(bytes, '\n', size))
        status = 414;
    else if (size > options->head_max)
        status = 431;
    if (status == 0)
        return;
    x = exchange_new(c);
    if (x)
        request_refuse(c, x, status);
    else
        connection_drop(c);
}

static size_t take_head(http_connection *c, const uint8_t *bytes, size_t size)
{
    const http_server_options *options = &c->loop->server->options;
    size_t blank = without_blank_lines(c, bytes, size), end;
    http_exchange *x;
    head_outcome outcome;

    if (blank > 0)
        return blank;
    if (c->scanned == 0)
        c->read_deadline_ms = clock_monotonic_ms() + options->head_timeout_ms;
    end = http_head_end((const char *)bytes, size, &c->scanned);
    if (end == 0) {
        judge_begun_head(c, bytes, size);
        return 0;
    }
    c->scanned = 0;
    x = c->loop->server->stage == STAGE_SERVE ? exchange_new(c) : NULL;
    if (!x) {
        connection_drop(c);
        return end;
    }
    outcome = end > options->head_max ? HEAD_TOO_LARGE : read_head(c, x, bytes, end);
    if (outcome == HEAD_FINE)
        begin(c, x);
    else
        request_refuse(c, x, status_of(outcome));
    return end;
}

/* ---- Bodies ---- */

/* A client that falls behind the least rate uses up its credit; while we hold it back, its time stands still. */
static void judge_sender(http_connection *c, size_t taken, bool waits)
{
    const http_server_options *options = &c->loop->server->options;
    int64_t now_ms = clock_monotonic_ms();

    if (!c->body_waits)
        c->read_credit_ms -= now_ms - c->read_since_ms;
    c->read_credit_ms += (int64_t)(taken * 1000 / options->min_rate);
    if (c->read_credit_ms > options->stall_timeout_ms)
        c->read_credit_ms = options->stall_timeout_ms;
    c->read_since_ms = now_ms;
    c->read_deadline_ms = waits ? 0 : now_ms + c->read_credit_ms;
    c->body_waits = waits;
}

/* Offers data until all of it is taken, or it has to wait. */
static size_t offer(http_connection *c, http_exchange *x, const uint8_t *bytes, size_t size)
{
    const http_events *events = &c->loop->server->options.events;
    size_t taken = 0;
    bool waits = false;

    while (taken < size && !waits) {
        bool wanted;
        size_t n;

        pthread_mutex_lock(&c->lock);
        wanted = !x->ended && (!x->answered || (x->streaming && !x->finished));
        x->continued = false;
        pthread_mutex_unlock(&c->lock);
        if (!wanted) {
            taken = size;
            break;
        }
        n = events->body(events->self, x, bytes + taken, size - taken);
        taken += n;
        pthread_mutex_lock(&c->lock);
        waits = taken < size && !x->continued && !x->ended && (!x->answered || (x->streaming && !x->finished));
        x->waiting = waits;
        pthread_mutex_unlock(&c->lock);
    }
    judge_sender(c, taken, waits);
    return taken;
}

static bool body_is_whole(const http_connection *c)
{
    return c->chunked ? c->chunks.state == CHUNK_DONE : c->body_left == 0;
}

/* One stretch of the body: framing, then data. */
static size_t take_stretch(http_connection *c, http_exchange *x, const uint8_t *bytes, size_t size)
{
    size_t framing = c->chunked ? http_chunk_skip(&c->chunks, bytes, size) : 0, data = size - framing, taken;
    uint64_t left = c->chunked ? c->chunks.state == CHUNK_DATA ? c->chunks.left : 0 : c->body_left;

    if (data > left)
        data = (size_t)left;
    if (data == 0)
        return framing;
    taken = offer(c, x, bytes + framing, data);
    if (c->chunked && taken > 0)
        http_chunk_take(&c->chunks, taken);
    else
        c->body_left -= taken;
    return framing + taken;
}

static size_t take_body(http_connection *c, const uint8_t *bytes, size_t size)
{
    http_exchange *x = hold_current(c);
    size_t n;

    if (!x) { /* its answer has left and was the connection's last */
        c->phase = PHASE_LINGER;
        return size;
    }
    n = take_stretch(c, x, bytes, size);
    if (c->fd >= 0 && c->phase == PHASE_BODY) {
        if (c->chunked && c->chunks.state == CHUNK_BAD)
            request_refuse(c, NULL, 400);
        else if (body_is_whole(c))
            finish_request(c);
    }
    http_release(x);
    return n;
}

/* ---- All of it ---- */

/* What follows the exchange that waits for its answer; PHASE_ANSWER while it still does. */
static connection_phase next_phase(http_connection *c)
{
    connection_phase next = PHASE_ANSWER;

    pthread_mutex_lock(&c->lock);
    if (!c->x)
        next = c->last ? PHASE_LINGER : PHASE_HEAD;
    pthread_mutex_unlock(&c->lock);
    return next;
}

size_t request_digest(http_connection *c, const uint8_t *bytes, size_t size)
{
    size_t at = 0;

    while (at < size && c->fd >= 0) {
        size_t n;

        switch (c->phase) {
        case PHASE_HEAD:
            n = take_head(c, bytes + at, size - at);
            break;
        case PHASE_BODY:
            n = take_body(c, bytes + at, size - at);
            break;
        case PHASE_ANSWER:
            c->phase = next_phase(c);
            if (c->phase == PHASE_ANSWER)
                return at;
            continue;
        case PHASE_LINGER:
            c->lingered += size - at;
            return size;
        default:
            return at;
        }
        if (n == 0 && c->phase != PHASE_LINGER)
            return at;
        at += n;
    }
    return at;
}
