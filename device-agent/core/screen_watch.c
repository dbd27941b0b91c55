#include "screen_watch.h"

screen_watch screen_watch_none(void)
{
    return (screen_watch){.state = SCREEN_UNWATCHED};
}

static int64_t between(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

bool screen_watch_order(screen_watch *w, uint32_t wanted_ms, uint32_t interval_ms, int64_t now_ms)
{
    bool begins = w->state == SCREEN_UNWATCHED || now_ms >= w->until_ms;

    if (wanted_ms == 0) {
        *w = screen_watch_none();
        return false;
    }
    if (begins)
        *w = (screen_watch){.state = SCREEN_WAITING, .next_ms = now_ms};
    w->until_ms = now_ms + between(wanted_ms, 1, SCREEN_WANTED_MAX_MS);
    w->interval_ms = between(interval_ms, SCREEN_INTERVAL_MIN_MS, SCREEN_INTERVAL_MAX_MS);
    return begins;
}

void screen_watch_lost(screen_watch *w)
{
    *w = screen_watch_none();
}

bool screen_watch_tick(screen_watch *w, int64_t now_ms)
{
    if (w->state == SCREEN_UNWATCHED)
        return false;
    if (now_ms >= w->until_ms) {
        *w = screen_watch_none();
        return false;
    }
    if (w->state != SCREEN_WAITING || now_ms < w->next_ms)
        return false;
    w->state = SCREEN_MAKING;
    w->next_ms = now_ms + w->interval_ms;
    return true;
}

/* ---- The frame ---- */

void screen_watch_made(screen_watch *w, uint32_t size)
{
    if (w->state != SCREEN_MAKING)
        return;
    if (size == 0 || size > SCREEN_FRAME_MAX) {
        w->state = SCREEN_WAITING;
        return;
    }
    w->state = SCREEN_SENDING;
    w->frame++;
    w->total = size;
    w->sent = 0;
}

/* Before the first frame there is none that it could be the same as. */
void screen_watch_same(screen_watch *w)
{
    if (w->state != SCREEN_MAKING)
        return;
    w->state = w->frame > 0 ? SCREEN_SENDING : SCREEN_WAITING;
    w->total = w->sent = 0;
}

void screen_watch_failed(screen_watch *w)
{
    if (w->state == SCREEN_MAKING)
        w->state = SCREEN_WAITING;
}

/* ---- The link ---- */

bool screen_watch_part(const screen_watch *w, uint32_t *ret_size)
{
    uint32_t left = w->total - w->sent;

    if (w->state != SCREEN_SENDING)
        return false;
    *ret_size = left < SCREEN_PART_MAX ? left : SCREEN_PART_MAX;
    return true;
}

void screen_watch_sent(screen_watch *w, uint32_t size)
{
    if (w->state != SCREEN_SENDING || size > w->total - w->sent)
        return;
    w->sent += size;
    if (w->sent == w->total)
        w->state = SCREEN_WAITING;
}

int64_t screen_watch_due_ms(const screen_watch *w)
{
    if (w->state == SCREEN_UNWATCHED)
        return INT64_MAX;
    return w->state == SCREEN_WAITING && w->next_ms < w->until_ms ? w->next_ms : w->until_ms;
}
