/* Hello and Welcome: what a terminal and the server tell each other first, and what becomes of a terminal that is not
 * ours any more. */
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "link_store.h"
#include "presence.h"

/* Room for the rows of 16 settings. */
#define SETTINGS_ARENA_BYTES (64 << 10)

/* Where the feed goes on: what was sent but never confirmed comes again, and a terminal that claims more than was ever
 * given out (the database was restored) starts from the beginning. */
static int64_t feed_start(const Hello *hello, const link_welcome *w)
{
    if (hello->people_revision > w->feed_revision || hello->people_revision < 0)
        return 0;
    if (w->lowest_unconfirmed > 0 && w->lowest_unconfirmed <= hello->people_revision)
        return w->lowest_unconfirmed - 1;
    return hello->people_revision;
}

static bool is(sp_status st, sp_status one)
{
    return strcmp(st.reason, one.reason) == 0;
}

/* What the database says of the terminal has ended its stream, or failed. */
static void give_up(terminal *t, sp_status st)
{
    if (is(st, LINK_DEVICE_DELETED))
        terminal_wipe(t, 0);
    else if (is(st, LINK_WIPE_ORDERED))
        terminal_wipe(t, t->wipe_order);
    else
        terminal_cut(t, st);
}

static void send_welcome(terminal *t, const link_welcome *w)
{
    Welcome body = WELCOME_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    body.device_id = t->device_id;
    body.server_time_ms = clock_now_ms();
    body.acked_seq = (uint64_t)w->acked_seq;
    body.heartbeat_seconds = (uint32_t)t->link->options.heartbeat_seconds;
    body.device_name = (char *)w->device_name;
    body.company_name = (char *)w->company_name;
    body.time_zone = (char *)w->time_zone;
    body.waiting = atomic_load(&t->waiting);
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WELCOME;
    message.welcome = &body;
    terminal_send(t, &message);
}

void greet_terminal(terminal *t, arena *a, const ConnectRequest *request)
{
    const Hello *hello = request->hello;
    link_welcome welcome;

    snprintf(t->engine, sizeof t->engine, "%s", hello->engine);
    terminal_note_counts(t, hello->people_count, hello->photo_count);

    sp_status st = link_store_hello(t, a, hello, &welcome);
    if (sp_failed(st)) {
        give_up(t, st);
        return;
    }
    t->sent_revision = t->confirmed_revision = feed_start(hello, &welcome);
    t->setting_sent = welcome.settings_above;
    t->display_told = hello->display_version;
    send_welcome(t, &welcome);
    link_connect_resume(t->stream);
    t->welcomed = true;
    t->welcomed_ms = clock_now_ms();
    presence_arrived(t->link->presence, t);
    terminal_catch_up(t);
    orders_next(t);
}

void terminal_catch_up(terminal *t)
{
    settings_next(t);
    if (atomic_load(&t->closed) || atomic_load(&t->waiting))
        return;
    feed_next(t);
    capture_next(t);
    package_next(t);
    display_next(t);
}

void settings_next(terminal *t)
{
    arena a;
    link_settings next;

    arena_init(&a, SETTINGS_ARENA_BYTES);
    sp_status st = link_store_settings(t, &a, &next);
    if (is(st, LINK_DEVICE_DELETED) || is(st, LINK_DEVICE_MOVED) || is(st, CERTIFICATE_REVOKED))
        give_up(t, st);
    else if (!sp_failed(st) && !atomic_load(&t->waiting))
        setting_feed(t, &next);
    arena_done(&a);
}
