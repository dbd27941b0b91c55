/* The terminal as owner of its link: what it tells the server and what it does with what it is told. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "terminal_parts.h"

/* Below this, the two clocks agree as far as a network lets us say; following every jitter would let records go back
 * in time. */
enum { CLOCK_TOLERANCE_MS = 500 };

static void fill_hello(void *self, Hello *hello)
{
    terminal *t = self;
    people_store *people = store_people(t->store);

    hello->people_revision = people_store_revision(people);
    hello->settings_version = settings_store_cursor(store_settings(t->store));
    snprintf(hello->engine, sizeof hello->engine, "%s", t->hal->face_reader.engine);
    snprintf(hello->software_version, sizeof hello->software_version, "%s", t->version);
    snprintf(hello->mac, sizeof hello->mac, "%s", t->mac);
    snprintf(hello->address, sizeof hello->address, "%s", t->address);
    BYTES_FIELD_SET(hello->boot_id, t->boot_id, sizeof t->boot_id);
    hello->people_count = people_store_count(people);
    hello->photo_count = people_store_face_count(people);
    hello->people_capacity = t->people_capacity;
    hello->wiped_order = store_wiped_order(t->store);
    hello->display_version = display_store_version(store_displays(t->store));
    terminal_tell_facts(t, hello);
}

static void on_welcomed(void *self, const Welcome *welcome)
{
    terminal *t = self;

    bool other_zone = strcmp(welcome->time_zone, store_names(t->store)->time_zone) != 0;
    terminal_names names;

    memcpy(names.device, welcome->device_name, sizeof names.device);
    memcpy(names.company, welcome->company_name, sizeof names.company);
    memcpy(names.time_zone, welcome->time_zone, sizeof names.time_zone);
    if (sp_failed(store_set_names(t->store, &names)))
        log_write(LOG_ERROR, "what the server calls this terminal cannot be kept", NULL);
    if (other_zone)
        daily_begin(t);
    t->screen.waiting = welcome->waiting;
    commands_welcomed(t);
    (void)upgrade_welcomed(t->upgrade); /* the link asks by itself what there is to say */
    terminal_refresh(t);
}

static void on_server_time(void *self, int64_t server_time_ms)
{
    terminal *t = self;
    int64_t apart_ms = server_time_ms - terminal_now_ms(t);

    if (server_time_ms <= 0)
        return;
    if (apart_ms > CLOCK_TOLERANCE_MS || apart_ms < -CLOCK_TOLERANCE_MS) {
        t->clock_offset_ms += apart_ms;
        terminal_log(t, LINE_INFO, "CLOCK_SET", "%+.1f s", (double)apart_ms / 1000);
    }
    t->clock_synced = true;
}

static void go_on_or_reconnect(terminal *t, bool usable)
{
    if (!usable) {
        log_write(LOG_WARNING, "people changes cannot be used", NULL);
        terminal_link_reconnect(t->link);
        return;
    }
    terminal_refresh(t);
    terminal_link_report(t->link);
}

static void on_people(void *self, const PeopleChanges *changes)
{
    terminal *t = self;

    t->screen.waiting = false; /* nobody gets people who was not accepted */
    go_on_or_reconnect(t, people_feed_take(t->feed, changes, clock_monotonic_ms()));
    t->people_changed += changes->changes_count;
    if (!changes->complete)
        return;
    if (t->people_changed > 0)
        terminal_log(t, LINE_INFO, "PEOPLE_CHANGED", "%u changes, %u people", t->people_changed,
                     people_store_count(store_people(t->store)));
    t->people_changed = 0;
    terminal_link_beat(t->link); /* the console shows how many people are here */
}

static void on_photo(void *self, const PhotoChunk *chunk)
{
    terminal *t = self;

    go_on_or_reconnect(t, people_feed_photo(t->feed, chunk, clock_monotonic_ms()));
}

static void on_settings(void *self, const SettingChanges *changes)
{
    terminal *t = self;

    if (!settings_feed_take(t->settings_feed, changes)) {
        log_write(LOG_WARNING, "settings came before those before them were answered", NULL);
        terminal_link_reconnect(t->link);
        return;
    }
    terminal_obey(t, false);
    terminal_link_report(t->link);
}

static bool fill_report(void *self, ConnectRequest *message)
{
    terminal *t = self;

    return commands_report(t, message) || photo_screen_report(t, message) ||
           settings_feed_report(t->settings_feed, message, clock_monotonic_ms()) ||
           people_feed_report(t->feed, message) || display_feed_report(t->displays, message);
}

static void on_photo_order(void *self, const CaptureOrder *order)
{
    photo_screen_order(self, order);
}

static void on_screen_order(void *self, const ScreenOrder *order)
{
    live_screen_order(self, order);
}

static void on_command(void *self, const CommandOrder *order)
{
    commands_order(self, order);
}

static void on_command_acked(void *self, int64_t id)
{
    commands_acked(self, id);
}

static bool fill_photo_part(void *self, ConnectRequest *message)
{
    terminal *t = self;

    return photo_screen_part(t, message) || display_feed_request(t->displays, message, clock_monotonic_ms()) ||
           upgrade_say(t->upgrade, message, clock_monotonic_ms()) || live_screen_part(t, message);
}

static void on_package_offer(void *self, const PackageOffer *offer)
{
    terminal *t = self;

    if (upgrade_offered(t->upgrade, offer))
        terminal_link_report(t->link);
}

static void on_package_chunk(void *self, const PackageChunk *chunk)
{
    terminal *t = self;

    if (upgrade_chunk(t->upgrade, chunk, clock_monotonic_ms()))
        terminal_link_report(t->link);
}

static void on_display_plan(void *self, const DisplayPlan *plan)
{
    pass_display_plan(self, plan);
}

static void on_display_chunk(void *self, const DisplayChunk *chunk)
{
    pass_display_chunk(self, chunk);
}

static bool fill_log_lines(void *self, ConnectRequest *message)
{
    return terminal_log_batch(self, message);
}

static void on_log_acked(void *self, uint64_t number)
{
    terminal_log_acked(self, number);
}

static void fill_heartbeat(void *self, Heartbeat *heartbeat)
{
    terminal *t = self;
    people_store *people = store_people(t->store);

    terminal_tell_condition(t, heartbeat);
    heartbeat->people_count = people_store_count(people);
    heartbeat->photo_count = people_store_face_count(people);
}

static void on_records_acked(void *self)
{
    (void)self; /* the journal has it; store_settle makes it durable */
}

static void on_hung_up(void *self)
{
    terminal *t = self;

    people_feed_reset(t->feed);
    settings_feed_reset(t->settings_feed);
    display_feed_reset(t->displays);
    photo_screen_lost(t);
    live_screen_lost(t);
    upgrade_hung_up(t->upgrade);
    commands_lost(t);
}

static void on_epoch_taken(void *self)
{
    terminal *t = self;

    log_write(LOG_WARNING, "the server knows this store's epoch from another life, beginning the next", NULL);
    if (sp_failed(store_raise_epoch(t->store, store_journal(t->store)->facts.epoch + 1)))
        log_write(LOG_ERROR, "the store's epoch cannot be raised", NULL);
    terminal_log(t, LINE_WARNING, "EPOCH_RAISED", "to %u", store_journal(t->store)->facts.epoch);
}

/* The link is still on the stack: terminal_ready does the rest. */
static void on_wiped(void *self, const char *reason, int64_t order)
{
    terminal *t = self;

    log_write(LOG_WARNING, "the server orders this terminal to be cleared", "reason", reason, NULL);
    t->wipe_due = true;
    t->wipe_order = order;
}

static void on_state_changed(void *self, link_state state, const grpc_outcome *why)
{
    terminal *t = self;

    if (why)
        snprintf(t->last_problem, sizeof t->last_problem, "%s: %s", sp_code_name(why->code), why->message);
    else if (state == LINK_ONLINE)
        t->last_problem[0] = '\0';
    log_write(why ? LOG_WARNING : LOG_INFO, "link", "state", link_state_name(state), "why", why ? t->last_problem : "",
              NULL);
    terminal_log_link(t, state);
    terminal_refresh(t);
}

link_owner terminal_link_owner(terminal *t)
{
    return (link_owner){
        .self = t,
        .hello = fill_hello,
        .welcomed = on_welcomed,
        .server_time = on_server_time,
        .people = on_people,
        .photo = on_photo,
        .settings = on_settings,
        .photo_order = on_photo_order,
        .screen_order = on_screen_order,
        .command = on_command,
        .command_acked = on_command_acked,
        .report = fill_report,
        .photo_part = fill_photo_part,
        .package_offer = on_package_offer,
        .package_chunk = on_package_chunk,
        .display_plan = on_display_plan,
        .display_chunk = on_display_chunk,
        .log_lines = fill_log_lines,
        .log_acked = on_log_acked,
        .heartbeat = fill_heartbeat,
        .records_acked = on_records_acked,
        .hung_up = on_hung_up,
        .epoch_taken = on_epoch_taken,
        .wiped = on_wiped,
        .state_changed = on_state_changed,
    };
}
