/* What somebody at the console sees of the screen: performs what the core decides about it. Frames are painted on a
 * thread of their own, at most one at a time, and only while somebody looks. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "terminal_parts.h"

enum { POLL_MS = 10, QUIET_MS = 60000 };

static void drop_frame(live_screen *live)
{
    free(live->jpeg);
    live->jpeg = NULL;
    live->size = 0;
}

/* Nobody looks any more; a frame in the making is thrown away when it is done. */
static void look_away(live_screen *live)
{
    live->unwanted = live->painting != NULL;
    if (!live->jpeg)
        return;
    drop_frame(live);
    malloc_trim(0); /* what pictures were painted in is not needed again so soon */
}

/* A line for each time that somebody begins to look, not for each order that begins anew. */
static void note_watched(terminal *t, int64_t now_ms)
{
    if (now_ms >= t->live.quiet_until_ms)
        terminal_log(t, LINE_INFO, "SCREEN_WATCHED", "%s", "");
    t->live.quiet_until_ms = now_ms + QUIET_MS;
}

void live_screen_order(terminal *t, const ScreenOrder *order)
{
    live_screen *live = &t->live;
    int64_t now_ms = clock_monotonic_ms();

    if (screen_watch_order(&live->watch, order->wanted_ms, order->interval_ms, now_ms)) {
        note_watched(t, now_ms);
        look_away(live); /* what an earlier order left */
    } else if (live->watch.state == SCREEN_UNWATCHED) {
        look_away(live);
    }
}

void live_screen_changed(terminal *t)
{
    t->live.changes++;
}

void live_screen_lost(terminal *t)
{
    screen_watch_lost(&t->live.watch);
    look_away(&t->live);
}

/* ---- Making frames ----------------------------------------------------------------------------------------------- */

/* What the camera saw, as long as it belongs to what is shown: not who was there before the terminal went home. Where
 * no picture of anybody may be kept, none leaves the terminal in this way either. */
static bool may_be_seen(const terminal *t)
{
    return t->settings->photo_kept && (t->screen.mood != SCREEN_HOME || t->home_ms != INT64_MAX);
}

/* A port's own pixels show more than the model: the camera's picture, and digits while they are typed. */
static bool may_be_read(const terminal *t)
{
    return t->hal->screen.read && t->settings->photo_kept && t->screen.mood != SCREEN_MENU;
}

static painting *begin(const terminal *t)
{
    bitmap framebuffer = {0};
    painting_order order = {.shown = &t->screen, .font = t->live.font};
    painting *made;

    if (may_be_read(t) && t->hal->screen.read(t->hal->screen.self, &framebuffer))
        order.framebuffer = &framebuffer;
    if (may_be_seen(t)) {
        order.seen = t->seen.jpeg;
        order.seen_size = t->seen.size;
    }
    made = painting_begin(&order);
    bitmap_done(&framebuffer);
    return made;
}

bool terminal_paint_screen(const terminal *t, uint8_t **ret_jpeg, size_t *ret_size)
{
    painting *made = begin(t);
    painting_result result;

    if (!made)
        return false;
    result = painting_end(made);
    *ret_jpeg = result.jpeg;
    *ret_size = result.size;
    return result.jpeg != NULL;
}

static void tell_wordless(live_screen *live, bool wordless)
{
    if (wordless && !live->wordless)
        log_write(LOG_WARNING, "there is no font: the screen is painted without words", NULL);
    live->wordless = wordless;
}

static void take(live_screen *live, painting_result result)
{
    bool same =
        result.jpeg && live->jpeg && result.size == live->size && memcmp(result.jpeg, live->jpeg, result.size) == 0;

    if (!result.jpeg) {
        if (!live->failed)
            log_write(LOG_WARNING, "the screen cannot be painted", NULL);
        live->failed = true;
        screen_watch_failed(&live->watch);
        return;
    }
    live->failed = false;
    tell_wordless(live, result.wordless);
    live->frames++;
    live->milliseconds = result.milliseconds;
    if (same) {
        free(result.jpeg);
        screen_watch_same(&live->watch);
        return;
    }
    drop_frame(live);
    live->jpeg = result.jpeg;
    live->size = result.size;
    screen_watch_made(&live->watch, (uint32_t)result.size);
}

/* True when there is something to send. */
static bool finish(live_screen *live)
{
    painting_result result = painting_end(live->painting);

    live->painting = NULL;
    if (live->unwanted)
        free(result.jpeg);
    else
        take(live, result);
    live->unwanted = false;
    return live->watch.state == SCREEN_SENDING;
}

/* True when there is something to send. */
static bool make_next(terminal *t)
{
    live_screen *live = &t->live;

    if (live->jpeg && live->painted == live->changes) {
        screen_watch_same(&live->watch);
        return true;
    }
    live->painting = begin(t);
    if (live->painting)
        live->painted = live->changes;
    else
        screen_watch_failed(&live->watch);
    return false;
}

void live_screen_tick(terminal *t, int64_t now_ms)
{
    live_screen *live = &t->live;
    bool was_watched = live->watch.state != SCREEN_UNWATCHED;
    bool wants_out = false;

    if (live->painting && painting_is_done(live->painting))
        wants_out = finish(live);
    live->poll_ms = now_ms + POLL_MS;
    if (!live->painting && screen_watch_tick(&live->watch, now_ms))
        wants_out = make_next(t);
    if (was_watched && live->watch.state == SCREEN_UNWATCHED)
        look_away(live);
    if (wants_out && t->link)
        terminal_link_report(t->link);
}

int64_t live_screen_due_ms(const terminal *t)
{
    return t->live.painting ? t->live.poll_ms : screen_watch_due_ms(&t->live.watch);
}

bool live_screen_part(terminal *t, ConnectRequest *message)
{
    live_screen *live = &t->live;
    ScreenChunk *chunk = &message->message.screen;
    uint32_t size;

    if (!screen_watch_part(&live->watch, &size) || !live->jpeg)
        return false;
    message->which_message = smartpass_link_v1_ConnectRequest_screen_tag;
    chunk->frame = live->watch.frame;
    chunk->offset = live->watch.sent;
    chunk->total = live->watch.total;
    BYTES_FIELD_SET(chunk->data, live->jpeg + live->watch.sent, size);
    screen_watch_sent(&live->watch, size);
    return true;
}

void live_screen_end(terminal *t)
{
    if (t->live.painting)
        free(painting_end(t->live.painting).jpeg);
    t->live.painting = NULL;
    drop_frame(&t->live);
}
