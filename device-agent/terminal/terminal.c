#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "random.h"
#include "terminal_parts.h"

enum { SETTLE_EVERY_MS = 5000 };

int64_t terminal_now_ms(const terminal *t)
{
    return terminal_own_clock_ms(t) + t->clock_offset_ms;
}

void terminal_show(terminal *t)
{
    t->hal->screen.show(t->hal->screen.self, &t->screen);
    pass_display_settle(t);
    live_screen_changed(t);
    terminal_light(t);
}

void terminal_refresh(terminal *t)
{
    t->screen.link = t->link ? link_state_name(terminal_link_is(t->link)) : link_state_name(LINK_UNENROLLED);
    t->screen.people = people_store_count(store_people(t->store));
    t->screen.bottom_bar = t->settings->bottom_bar;
    snprintf(t->screen.company, sizeof t->screen.company, "%s", terminal_company(t));
    terminal_show(t);
}

/* ---- Making one ---- */

static bool make_index(terminal *t)
{
    t->index_owners = calloc(t->people_capacity, sizeof *t->index_owners);
    t->index_faces = calloc(t->people_capacity, sizeof *t->index_faces);
    if (!t->index_owners || !t->index_faces)
        return false;
    face_index_init(&t->index, t->index_owners, t->index_faces, t->people_capacity);
    return true;
}

/* What hangs on the store; again after a wipe. */
static bool attach_store(terminal *t)
{
    const people_feed_parts parts = {store_people(t->store), &t->index, &t->hal->face_reader, t->people_capacity};

    people_feed_free(t->feed);
    settings_feed_free(t->settings_feed);
    display_feed_free(t->displays);
    t->feed = people_feed_new(&parts);
    t->settings_feed = settings_feed_new(store_settings(t->store), &t->hal->camera);
    t->displays = display_feed_new(store_displays(t->store));
    t->settings = settings_store_values(store_settings(t->store));
    return t->feed && t->settings_feed && t->displays &&
           !sp_failed(people_store_index(parts.people, t->hal->face_reader.engine, &t->index));
}

static bool make_link(terminal *t)
{
    link_owner owner = terminal_link_owner(t);

    if (!t->enrolled)
        return true;
    t->link = terminal_link_new(&t->server, &t->credentials, store_journal(t->store), t->scratch, &owner, &t->habits);
    return t->link != NULL;
}

terminal *terminal_new(const terminal_options *options)
{
    terminal *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->store = options->store;
    t->store_options = options->store_options;
    t->hal = options->hal;
    t->habits = options->habits;
    t->people_capacity = options->people_capacity;
    t->reset_wait_ms = options->reset_wait_ms;
    t->carrier = true;
    t->boot_ms = clock_monotonic_ms();
    t->home_ms = INT64_MAX;
    t->face_ms = t->boot_ms;
    t->settle_ms = t->boot_ms + SETTLE_EVERY_MS;
    t->screen = screen_home();
    t->photo = photo_task_idle();
    t->live.watch = screen_watch_none();
    t->live.font = options->font;
    snprintf(t->mac, sizeof t->mac, "%s", options->mac);
    snprintf(t->address, sizeof t->address, "%s", options->address);
    snprintf(t->version, sizeof t->version, "%s", options->version);
    snprintf(t->model, sizeof t->model, "%s", options->model);
    t->clock_ahead_ms = options->clock_ahead_ms;
    if (options->credentials) {
        t->enrolled = true;
        t->credentials = *options->credentials;
        t->server = *options->server;
    }
    t->trust = options->trust;
    callback_begin(&t->callback);
    t->upgrade = upgrade_new(&options->upgrade, t->boot_ms);
    t->scratch = calloc(1, sizeof *t->scratch);
    if (!t->scratch || !t->upgrade || sp_failed(crypto_random(t->boot_id, sizeof t->boot_id)) || !make_index(t) ||
        !attach_store(t) || !make_link(t)) {
        terminal_free(t);
        return NULL;
    }
    door_begin(t);
    terminal_wake(t);
    commands_begin(t);
    return t;
}

void terminal_free(terminal *t)
{
    if (!t)
        return;
    door_close(t);
    callback_stop(t);
    terminal_link_free(t->link);
    live_screen_end(t);
    people_feed_free(t->feed);
    upgrade_free(t->upgrade);
    commands_end(t);
    settings_feed_free(t->settings_feed);
    display_feed_free(t->displays);
    free(t->display_jpeg);
    free(t->photo_bytes);
    free(t->index_owners);
    free(t->index_faces);
    free(t->scratch);
    free(t);
}

/* ---- Running it ---- */

void terminal_start(terminal *t)
{
    terminal_log_started(t);
    if (t->link)
        terminal_link_start(t->link, clock_monotonic_ms());
    terminal_refresh(t);
}

void terminal_carrier(terminal *t, bool there)
{
    t->carrier = there;
    if (t->link)
        terminal_link_carrier(t->link, there, clock_monotonic_ms());
    callback_carrier(t);
}

void terminal_forget_enrolment(terminal *t)
{
    terminal_link_free(t->link);
    t->link = NULL;
    credentials_clear(t->credentials.folder);
    t->enrolled = false;
    t->credentials.device_id = 0;
}

bool terminal_come_back(terminal *t)
{
    if (!make_link(t))
        return false;
    if (t->link) {
        terminal_link_start_later(t->link, clock_monotonic_ms());
        if (!t->carrier)
            terminal_link_carrier(t->link, false, clock_monotonic_ms());
    }
    terminal_refresh(t);
    return true;
}

bool terminal_clear(terminal *t, bool *ret_all_gone)
{
    terminal_link_free(t->link);
    t->link = NULL;
    callback_stop(t);
    t->log_sent = 0;
    *ret_all_gone = !sp_failed(store_wipe(t->store));
    if (!*ret_all_gone)
        log_write(LOG_ERROR, "not everything could be deleted", NULL);
    t->store = NULL;
    if (sp_failed(store_open(&t->store_options, &t->store)) || !attach_store(t)) {
        log_write(LOG_ERROR, "the store cannot be made anew", NULL);
        return false;
    }
    return true;
}

void terminal_wake(terminal *t)
{
    menu_begin(t);
    daily_begin(t);
    terminal_obey(t, true);
}

/* Clears everything, and stays away unless it is ordered to come back. False: there is no store or no link any more. */
static bool wipe(terminal *t)
{
    bool all_gone;

    t->wipe_due = false;
    door_close(t);
    if (!terminal_clear(t, &all_gone))
        return false;
    t->screen.waiting = false;
    terminal_log(t, LINE_WARNING, "CLEARED", "%s", t->wipe_order ? "to come back empty" : "for good");
    terminal_wake(t);
    /* Both last, and only when everything is gone: whoever dies before is still known to the server, and is told again.
     */
    if (t->wipe_order == 0 && all_gone)
        terminal_forget_enrolment(t);
    if (t->wipe_order != 0 && all_gone && sp_failed(store_set_wiped_order(t->store, t->wipe_order)))
        log_write(LOG_ERROR, "that the terminal was cleared cannot be stored", NULL);
    if (t->wipe_order != 0)
        return terminal_come_back(t);
    terminal_refresh(t);
    return true;
}

static void run_timers(terminal *t, int64_t now_ms)
{
    door_tick(t, now_ms);
    if (now_ms >= t->home_ms) {
        t->home_ms = INT64_MAX;
        screen_go_home(&t->screen);
        terminal_refresh(t);
    }
    if (now_ms >= t->settle_ms) {
        t->settle_ms = now_ms + SETTLE_EVERY_MS;
        store_settle(t->store);
        if (t->link)
            terminal_link_report(t->link); /* lines of the log */
        daily_tick(t);
    }
    saver_tick(t, now_ms);
    if (settings_feed_tick(t->settings_feed, now_ms) && t->link)
        terminal_link_report(t->link);
    if (display_feed_tick(t->displays, now_ms) && t->link)
        terminal_link_report(t->link);
    if (now_ms >= photo_task_due_ms(&t->photo))
        photo_screen_tick(t, now_ms);
    if (now_ms >= live_screen_due_ms(t))
        live_screen_tick(t, now_ms);
    if (now_ms >= upgrade_due_ms(t->upgrade) && upgrade_tick(t->upgrade, now_ms) && t->link)
        terminal_link_report(t->link);
    if (now_ms >= people_feed_due_ms(t->feed)) {
        if (!people_feed_tick(t->feed, now_ms))
            terminal_link_reconnect(t->link);
        else
            terminal_link_report(t->link);
    }
}

bool terminal_ready(terminal *t, int64_t now_ms)
{
    if (t->link) {
        terminal_link_ready(t->link, now_ms);
        if (now_ms >= terminal_link_due_ms(t->link))
            terminal_link_tick(t->link, now_ms);
    }
    callback_tick(t, now_ms);
    run_timers(t, now_ms);
    return (!t->wipe_due || wipe(t)) && commands_tick(t, now_ms);
}

int terminal_fd(const terminal *t)
{
    return t->link ? terminal_link_fd(t->link) : -1;
}

uint32_t terminal_connection(const terminal *t)
{
    return t->link ? terminal_link_connection(t->link) : 0;
}

bool terminal_wants_write(const terminal *t)
{
    return t->link && terminal_link_wants_write(t->link);
}

int64_t terminal_due_ms(const terminal *t)
{
    const int64_t times[] = {t->relay.close_ms,
                             t->home_ms,
                             t->settle_ms,
                             people_feed_due_ms(t->feed),
                             settings_feed_due_ms(t->settings_feed),
                             display_feed_due_ms(t->displays),
                             saver_due_ms(t),
                             live_screen_due_ms(t),
                             photo_task_due_ms(&t->photo),
                             callback_due_ms(&t->callback),
                             commands_due_ms(t),
                             upgrade_due_ms(t->upgrade)};
    int64_t due_ms = t->link ? terminal_link_due_ms(t->link) : INT64_MAX;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i] < due_ms)
            due_ms = times[i];
    return due_ms;
}

terminal_facts terminal_status(const terminal *t)
{
    people_store *people = store_people(t->store);
    terminal_facts facts = {
        .link = t->link ? terminal_link_is(t->link) : LINK_UNENROLLED,
        .screen = &t->screen,
        .journal = store_journal(t->store)->facts,
        .people = people_store_count(people),
        .faces = people_store_face_count(people),
        .people_revision = people_store_revision(people),
        .settings = t->settings,
        .settings_version = settings_store_cursor(store_settings(t->store)),
        .display_version = display_store_plan(store_displays(t->store))->version,
        .door_open = t->relay.open,
        .door_line_high = relay_line_is_high(&t->relay),
        .camera_restarts = t->guard.restarts,
        .menu_wait_ms = menu_lock_wait_ms(&t->menu, clock_monotonic_ms()),
        .unrecorded = store_unrecorded(t->store),
        .callback = callback_state_name(&t->callback),
        .callback_refused = t->callback.refused,
        .callback_given_up = t->callback.given_up,
        .boots = store_boots(t->store),
        .clock_synced = t->clock_synced,
        .screen_watched = t->live.watch.state != SCREEN_UNWATCHED,
        .screen_frames = t->live.frames,
        .screen_frame_ms = t->live.milliseconds,
        .device_id = t->enrolled ? t->credentials.device_id : 0,
    };

    snprintf(facts.device_name, sizeof facts.device_name, "%s", terminal_name(t));
    snprintf(facts.company_name, sizeof facts.company_name, "%s", terminal_company(t));
    memcpy(facts.time_zone, store_names(t->store)->time_zone, sizeof facts.time_zone);
    memcpy(facts.last_problem, t->last_problem, sizeof facts.last_problem);
    return facts;
}

int terminal_callback_fd(const terminal *t)
{
    return callback_fd(&t->callback);
}

uint32_t terminal_callback_connection(const terminal *t)
{
    return t->callback.connection;
}

const upgrade *terminal_upgrade(const terminal *t)
{
    return t->upgrade;
}

setting_state terminal_setting_state(const terminal *t, const setting_rule *rule)
{
    return settings_store_state(store_settings(t->store), rule);
}

store *terminal_store(terminal *t)
{
    return t->store;
}
