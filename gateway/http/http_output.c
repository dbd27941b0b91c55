/* What leaves a connection: a queue of copied bytes, then a block that is not copied. Whoever has something to send
 * sends it at once; only what the socket does not take waits for the loop. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http_parts.h"

enum { QUEUE_ROOM_KEPT = 4096 /* an idle connection gives back what a burst needed */ };

size_t output_size(const http_connection *c)
{
    return c->queue.size - c->sent + c->block_left;
}

bool output_add(http_connection *c, const void *bytes, size_t size)
{
    if (byte_buffer_append(&c->queue, bytes, size))
        return true;
    c->broken = true;
    return false;
}

static void drop_block(http_connection *c)
{
    free(c->block_owned);
    c->block = c->block_owned = NULL;
    c->block_left = 0;
}

void output_drop(http_connection *c)
{
    drop_block(c);
    c->queue.size = c->sent = 0;
    byte_buffer_done(&c->queue);
}

static void take_away(http_connection *c, size_t n)
{
    size_t queued = c->queue.size - c->sent, of_queue = n < queued ? n : queued;

    c->sent += of_queue;
    n -= of_queue;
    if (c->sent == c->queue.size) {
        c->queue.size = c->sent = 0;
        if (c->queue.room > QUEUE_ROOM_KEPT)
            byte_buffer_done(&c->queue);
    } else if (c->sent >= HTTP_QUEUE_HIGH) {
        byte_buffer_drop(&c->queue, c->sent);
        c->sent = 0;
    }
    if (c->block_left > 0) {
        c->block += n;
        c->block_left -= n;
        if (c->block_left == 0)
            drop_block(c);
    }
}

/* A reader that falls behind the least rate uses up its credit, one that keeps up earns it back. */
static void judge_reader(http_connection *c, size_t sent)
{
    const http_server_options *options = &c->loop->server->options;
    int64_t now_ms;

    if (output_size(c) == 0) {
        c->write_deadline_ms = 0;
        return;
    }
    now_ms = clock_monotonic_ms();
    if (c->write_deadline_ms == 0)
        c->write_credit_ms = options->stall_timeout_ms;
    else
        c->write_credit_ms -= now_ms - c->write_since_ms;
    c->write_credit_ms += (int64_t)(sent * 1000 / options->min_rate);
    if (c->write_credit_ms > options->stall_timeout_ms)
        c->write_credit_ms = options->stall_timeout_ms;
    c->write_since_ms = now_ms;
    c->write_deadline_ms = now_ms + c->write_credit_ms;
}

static void note_room(http_connection *c)
{
    http_exchange *x = c->x;

    if (!x || !x->was_high || output_size(c) > HTTP_QUEUE_LOW)
        return;
    x->was_high = false;
    c->drained_due = true;
    loop_post(c);
}

void output_flush(http_connection *c)
{
    while (!c->broken && !c->full && output_size(c) > 0) {
        struct iovec pieces[2];
        int count = 0;
        ssize_t n;

        if (c->queue.size > c->sent)
            pieces[count++] = (struct iovec){c->queue.data + c->sent, c->queue.size - c->sent};
        if (c->block_left > 0)
            pieces[count++] = (struct iovec){(void *)c->block, c->block_left};
        n = transfer_out(c, pieces, count);
        if (n == TRANSFER_WAIT) {
            c->full = true;
            n = 0;
        } else if (n <= 0) {
            c->broken = true;
            n = 0;
        }
        take_away(c, (size_t)n);
        judge_reader(c, (size_t)n);
    }
    if (c->broken)
        loop_post(c);
    note_room(c);
}

/* ---- The end of an exchange ---- */

static bool answer_has_left(const http_connection *c, const http_exchange *x)
{
    return x->answered && (!x->streaming || x->finished) && output_size(c) == 0;
}

http_exchange *exchange_settle(http_connection *c)
{
    http_exchange *x = c->x;
    http_server *server = c->loop->server;

    if (!x || c->broken || !answer_has_left(c, x))
        return NULL;
    if (!x->whole) {
        c->broken = true;
        loop_post(c);
        return NULL;
    }
    if (!x->completed && !c->last)
        return NULL; /* the rest of its body is read away */
    x->ended = true;
    c->x = NULL;
    if (!c->last)
        c->read_deadline_ms = clock_monotonic_ms() + server->options.idle_timeout_ms;
    atomic_fetch_sub(&server->exchanges, 1);
    if (c->last || c->input_waits)
        loop_post(c);
    return x;
}
