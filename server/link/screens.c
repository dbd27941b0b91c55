/* The live screen of a terminal. Who looks is a row (server/screens); here the terminal is told for how long its screen
 * is wanted, again and again while somebody looks, and its pictures are gathered part by part, looked at from outside
 * and kept for whoever looks. Nothing is taken of a terminal that nobody looks at. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "link_parts.h"
#include "log.h"
#include "screen_progress.h"
#include "screen_rules.h"
#include "ticker.h"

enum {
    LOOK_MS = 3000,       /* between two looks at who looks: a third of what a look lasts */
    UNDER_WAY_MS = 2000,  /* what was sent in time may arrive so much later */
    PAUSE_MS = 300,       /* a terminal that sends faster is not listened to */
    PICTURES_MAX = 64,    /* that arrive at once */
    LOOK_ARENA = 1 << 20, /* room for the ids of 100 000 terminals */
};

/* Belongs to its terminal's lane. */
typedef struct screen_picture {
    uint32_t frame;
    size_t total;
    size_t arrived;
    uint8_t bytes[];
} screen_picture;

/* What became of the terminal's last picture. */
typedef enum { SCREEN_MISSED, SCREEN_KEPT, SCREEN_REFUSED } screen_outcome;

static screen_of of_terminal(const terminal *t)
{
    return (screen_of){t->enterprise_id, t->device_id};
}

static void drop(terminal *t)
{
    if (!t->screen)
        return;
    atomic_fetch_sub(&t->link->screens.pictures, 1);
    free(t->screen);
    t->screen = NULL;
}

/* ---- What the terminal is told. On the lane ---------------------------------------------------------------------- */

static void send_order(terminal *t, int64_t wanted_ms)
{
    ScreenOrder body = SCREEN_ORDER_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.wanted_ms = (uint32_t)wanted_ms;
    body.interval_ms = screen_interval_ms(atomic_load(&t->link->screens.watched));
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SCREEN;
    message.screen = &body;
    terminal_send(t, &message);
}

/* Pictures are taken for so long from now on; 0: no more. */
static void take_for(terminal *t, int64_t wanted_ms)
{
    const int64_t until = wanted_ms > 0 ? clock_monotonic_ms() + wanted_ms + UNDER_WAY_MS : 0;
    const int64_t before = atomic_exchange(&t->screen_until_ms, until);

    if (before == 0 && until != 0) {
        t->screen_outcome = SCREEN_MISSED;
        atomic_fetch_add(&t->link->screens.watched, 1);
    } else if (before != 0 && until == 0) {
        drop(t);
        atomic_fetch_sub(&t->link->screens.watched, 1);
    }
}

static void stop(terminal *t)
{
    const screen_of of = of_terminal(t);

    take_for(t, 0);
    send_order(t, 0);
    sp_status st = screen_forget(t->link->options.system, &of);
    if (sp_failed(st)) /* then the sweep does */
        log_write(LOG_WARNING, "the picture of a screen stays for a while", "reason", st.reason, NULL);
}

static void screens_next(terminal *t)
{
    const screen_of of = of_terminal(t);
    int64_t wanted_ms;

    if (atomic_load(&t->closed) || atomic_load(&t->waiting) || !t->welcomed)
        return;
    if (sp_failed(screen_wanted(t->link->options.system, &of, &wanted_ms)))
        return; /* the next look finds it, or the terminal stops by itself */
    if (wanted_ms > 0) {
        take_for(t, wanted_ms);
        send_order(t, wanted_ms);
    } else if (atomic_load(&t->screen_until_ms) != 0) {
        stop(t);
    }
}

void screens_due(void *arg)
{
    terminal *t = arg;

    screens_next(t);
    terminal_release(t);
}

/* The terminal believes that we have its picture: only an order that begins anew brings it again. */
static void begin_anew(terminal *t)
{
    send_order(t, 0);
    screens_next(t);
}

void screen_forget_parts(terminal *t)
{
    take_for(t, 0);
}

/* ---- What it sends ----------------------------------------------------------------------------------------------- */

bool screen_expected(terminal *t, const ScreenChunk *part)
{
    return part->total <= SCREEN_LARGEST && atomic_load(&t->screen_until_ms) > clock_monotonic_ms();
}

static void still_the_same(terminal *t)
{
    const screen_of of = of_terminal(t);
    bool kept = false;

    if (t->screen_outcome == SCREEN_REFUSED)
        return;
    if (t->screen_outcome == SCREEN_KEPT) {
        sp_status st = screen_same(t->link->options.system, &of, clock_now_ms(), &kept);
        if (sp_failed(st))
            return;
    }
    if (!kept)
        begin_anew(t);
}

/* Makes room for a picture whose first part this is. False: it is not taken. */
static bool begin(terminal *t, const ScreenChunk *part)
{
    const int64_t now_ms = clock_monotonic_ms();

    drop(t);
    t->screen_outcome = SCREEN_MISSED;
    if (now_ms - t->screen_began_ms < PAUSE_MS)
        return false;
    t->screen_began_ms = now_ms;
    if (atomic_fetch_add(&t->link->screens.pictures, 1) < PICTURES_MAX)
        t->screen = malloc(sizeof *t->screen + part->total);
    if (!t->screen) {
        atomic_fetch_sub(&t->link->screens.pictures, 1);
        return false;
    }
    *t->screen = (screen_picture){.frame = part->frame, .total = part->total};
    return true;
}

static bool continues(const screen_picture *p, const ScreenChunk *part)
{
    return p && p->frame == part->frame && p->total == part->total && p->arrived == part->offset &&
           part->data.len > 0 && part->data.len <= p->total - p->arrived;
}

static void keep(terminal *t)
{
    const screen_of of = of_terminal(t);
    const screen_bytes picture = {t->screen->bytes, t->screen->total};
    bool kept = false;

    if (!screen_is_picture(picture.bytes, picture.size)) {
        t->screen_outcome = SCREEN_REFUSED;
        return;
    }
    sp_status st = screen_keep(t->link->options.system, t->link->options.blobs, &of, picture, clock_now_ms(), &kept);
    if (sp_failed(st))
        log_write(LOG_WARNING, "the picture of a screen cannot be kept", "reason", st.reason, NULL);
    t->screen_outcome = kept ? SCREEN_KEPT : SCREEN_MISSED;
}

void screen_part(terminal *t, arena *a, const ConnectRequest *request)
{
    const ScreenChunk *part = request->screen;

    (void)a;
    if (!screen_expected(t, part)) /* not any more */
        return;
    if (part->total == 0) {
        still_the_same(t);
        return;
    }
    if (part->offset == 0 && !begin(t, part))
        return;
    if (!continues(t->screen, part)) { /* or the rest of one that was given up */
        drop(t);
        return;
    }
    memcpy(t->screen->bytes + t->screen->arrived, part->data.data, part->data.len);
    t->screen->arrived += part->data.len;
    if (t->screen->arrived < t->screen->total)
        return;
    keep(t);
    drop(t);
}

/* ---- Who hears that somebody looks ------------------------------------------------------------------------------- */

/* Those that were told hear whether somebody looks still. */
static void look_again(void *arg, terminal *t)
{
    (void)arg;
    if (atomic_load(&t->screen_until_ms) != 0)
        terminal_post(t, screens_due);
}

/* And those that were not, because a notification was lost or they have just connected, that somebody does. */
static void look_for_new(server_link *link)
{
    int64_t *ids;
    size_t count = 0;
    arena a;

    arena_init(&a, LOOK_ARENA);
    sp_status st = screen_watched(link->options.system, &a, &ids, &count);
    for (size_t i = 0; !sp_failed(st) && i < count; i++) {
        terminal *t = registry_find(link->terminals, ids[i]);

        if (t && atomic_load(&t->screen_until_ms) == 0)
            terminal_post(t, screens_due);
        terminal_release(t);
    }
    arena_done(&a);
}

static void look(void *arg)
{
    server_link *link = arg;

    registry_each(link->terminals, look_again, NULL);
    look_for_new(link);
}

bool screen_desk_start(server_link *link)
{
    link->screens.looks = ticker_new(LOOK_MS, look, link);
    return link->screens.looks != NULL;
}

void screen_desk_stop(server_link *link)
{
    ticker_free(link->screens.looks);
    link->screens.looks = NULL;
}
