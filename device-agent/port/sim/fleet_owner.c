/* The fleet's terminal as owner of its link: what it tells the server and what it does with what it is told. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fleet_terminal_parts.h"
#include "store_epoch.h"

enum { HEARD_MS = 200, SWITCHED_OFF_MS = 5000, CLOCK_TOLERANCE_MS = 500 };

/* ---- The conversation ---------------------------------------------------------------------------------------------
 */

static void fill_hello(void *self, Hello *hello)
{
    const fleet_terminal *f = self;

    hello->people_revision = f->people_revision;
    hello->settings_version = settings_store_cursor(f->settings);
    hello->clock_ms = clock_now_ms() + f->clock_ahead_ms;
    snprintf(hello->engine, sizeof hello->engine, "fleet");
    snprintf(hello->software_version, sizeof hello->software_version, "%s", SMARTPASS_VERSION);
    snprintf(hello->model, sizeof hello->model, "Smart Pass fleet");
    snprintf(hello->mac, sizeof hello->mac, "%s", f->credentials.mac);
    BYTES_FIELD_SET(hello->boot_id, f->boot_id, sizeof f->boot_id);
    hello->people_capacity = 20000;
    hello->display_version = f->display_version;
}

static void on_welcomed(void *self, const Welcome *welcome)
{
    fleet_terminal *f = self;

    (void)welcome;
    f->welcomed_once = true;
    fleet_orders_welcomed(&f->orders);
}

static void on_server_time(void *self, int64_t server_time_ms)
{
    fleet_terminal *f = self;
    int64_t apart_ms = server_time_ms - fleet_terminal_now_ms(f);

    if (server_time_ms <= 0)
        return;
    if (apart_ms > CLOCK_TOLERANCE_MS || apart_ms < -CLOCK_TOLERANCE_MS)
        f->clock_offset_ms += apart_ms;
    f->clock_synced = true;
}

static void on_hung_up(void *self)
{
    fleet_terminal *f = self;

    f->outcome_count = 0;
    f->display_due = false;
    settings_feed_reset(f->feed);
    fleet_orders_lost(&f->orders);
    if (f->welcomed_once)
        f->hang_ups++;
}

static void on_epoch_taken(void *self)
{
    fleet_terminal *f = self;

    f->journal->facts.epoch++;
    if (sp_failed(store_epoch_write(f->credentials.folder, f->journal->facts.epoch)))
        snprintf(f->problem, sizeof f->problem, "the epoch cannot be written");
}

static void on_wiped(void *self, const char *reason, int64_t order)
{
    fleet_terminal *f = self;

    (void)order;
    snprintf(f->problem, sizeof f->problem, "wiped: %s", reason);
}

static void on_state_changed(void *self, link_state state, const grpc_outcome *why)
{
    fleet_terminal *f = self;

    (void)state;
    if (why)
        snprintf(f->problem, sizeof f->problem, "%s: %s", sp_code_name(why->code), why->message);
}

static void fill_heartbeat(void *self, Heartbeat *heartbeat)
{
    (void)self, (void)heartbeat;
}

/* ---- People, photos -----------------------------------------------------------------------------------------------
 */

static void on_people(void *self, const PeopleChanges *changes)
{
    fleet_terminal *f = self;

    f->outcome_count = changes->changes_count;
    for (size_t i = 0; i < f->outcome_count; i++) {
        f->outcomes[i] =
            (PersonOutcome){.revision = changes->changes[i].revision, .person_id = changes->changes[i].person_id};
        f->people_revision = changes->changes[i].revision;
    }
    terminal_link_report(f->link);
}

static void on_photo(void *self, const PhotoChunk *chunk)
{
    (void)self, (void)chunk; /* none was asked for */
}

static void on_photo_order(void *self, const CaptureOrder *order)
{
    (void)self, (void)order; /* there is no camera: its time ends it */
}

static bool no_photo_part(void *self, ConnectRequest *message)
{
    (void)self, (void)message;
    return false;
}

/* ---- Pass display -------------------------------------------------------------------------------------------------
 */

/* There is no screen: the plan is taken, and none of its pictures. */
static void on_display_plan(void *self, const DisplayPlan *plan)
{
    fleet_terminal *f = self;

    f->display_version = plan->version;
    f->display_count = plan->pictures_count;
    for (size_t i = 0; i < f->display_count; i++)
        f->displays[i] = plan->pictures[i].id;
    f->display_due = true;
    terminal_link_report(f->link);
}

static bool fill_display_report(fleet_terminal *f, ConnectRequest *message)
{
    DisplayReport *report = &message->message.display;

    if (!f->display_due)
        return false;
    f->display_due = false;
    message->which_message = smartpass_link_v1_ConnectRequest_display_tag;
    report->version = f->display_version;
    report->refusals_count = (pb_size_t)f->display_count;
    for (size_t i = 0; i < f->display_count; i++) {
        report->refusals[i].id = f->displays[i];
        snprintf(report->refusals[i].reason, sizeof report->refusals[i].reason, "NOT_OFFERED");
    }
    return true;
}

/* ---- Settings -----------------------------------------------------------------------------------------------------
 */

/* How many of our changes the server has taken. Those that are neither taken nor open after it have lost. */
static uint64_t answered_as_ours(const fleet_terminal *f, const SettingChanges *changes)
{
    uint64_t count = 0;

    for (size_t i = 0; i < changes->values_count; i++) {
        const setting_rule *rule = setting_find(changes->values[i].key);

        if (rule && changes->values[i].edit != 0 &&
            settings_store_state(f->settings, rule).edit == changes->values[i].edit)
            count++;
    }
    return count;
}

static void on_settings(void *self, const SettingChanges *changes)
{
    fleet_terminal *f = self;
    size_t open_before = fleet_terminal_unanswered(f);
    uint64_t won = answered_as_ours(f, changes);

    if (!settings_feed_take(f->feed, changes)) {
        terminal_link_reconnect(f->link);
        return;
    }
    f->overruled += open_before - won - fleet_terminal_unanswered(f);
    if (f->die_when_told)
        fleet_terminal_kill(f);
    terminal_link_report(f->link);
}

/* ---- Commands -----------------------------------------------------------------------------------------------------
 */

/* Unlike a terminal it keeps its records, which are not about settings. The end is told on the next connection. */
static void reset(fleet_terminal *f, int64_t id)
{
    bool done =
        !sp_failed(settings_store_reset(f->settings)) && !sp_failed(settings_store_keep(f->settings, NULL, 0, 0));

    terminal_link_reconnect(f->link);
    fleet_orders_end(&f->orders, id, done ? ORDER_DONE : ORDER_FAILED, done ? "" : "NOT_CLEARED");
}

static void on_command(void *self, const CommandOrder *order)
{
    fleet_terminal *f = self;
    const order_circumstances at = {
        .clock_synced = f->clock_synced,
        .now_ms = fleet_terminal_now_ms(f),
        .can_switch = true,
        .ending = f->die_ms != INT64_MAX,
    };

    switch (fleet_orders_take(&f->orders, order, &at)) {
    case ORDER_OPEN_DOOR:
    case ORDER_CLOSE_DOOR:
        fleet_orders_end(&f->orders, order->id, ORDER_DONE, "");
        break;
    case ORDER_SHUT_DOWN: /* somebody switches it on again */
        fleet_orders_end(&f->orders, order->id, ORDER_DONE, "");
        f->die_ms = clock_monotonic_ms() + SWITCHED_OFF_MS;
        break;
    case ORDER_RESTART: /* done when it is back */
        f->die_ms = clock_monotonic_ms() + HEARD_MS;
        break;
    case ORDER_RESET:
        reset(f, order->id);
        break;
    default:
        break;
    }
    terminal_link_report(f->link);
}

static void on_command_acked(void *self, int64_t id)
{
    fleet_orders_told(&((fleet_terminal *)self)->orders, id);
}

/* ---- Up -----------------------------------------------------------------------------------------------------------
 */

static bool fill_report(void *self, ConnectRequest *message)
{
    fleet_terminal *f = self;

    if (f->die_ms <= clock_monotonic_ms()) /* it is dead, and has not noticed yet */
        return false;
    if (fleet_orders_report(&f->orders, message) || settings_feed_report(f->feed, message, clock_monotonic_ms()) ||
        fill_display_report(f, message))
        return true;
    if (f->outcome_count == 0)
        return false;
    message->which_message = smartpass_link_v1_ConnectRequest_people_tag;
    message->message.people.outcomes_count = (pb_size_t)f->outcome_count;
    memcpy(message->message.people.outcomes, f->outcomes, f->outcome_count * sizeof *f->outcomes);
    f->outcome_count = 0;
    return true;
}

static void on_records_acked(void *self)
{
    fleet_terminal *f = self;

    if (f->flood)
        fleet_terminal_flood(f, true);
}

link_owner fleet_terminal_owner(fleet_terminal *f)
{
    return (link_owner){
        .self = f,
        .hello = fill_hello,
        .welcomed = on_welcomed,
        .server_time = on_server_time,
        .people = on_people,
        .photo = on_photo,
        .settings = on_settings,
        .photo_order = on_photo_order,
        .command = on_command,
        .command_acked = on_command_acked,
        .report = fill_report,
        .photo_part = no_photo_part,
        .display_plan = on_display_plan,
        .heartbeat = fill_heartbeat,
        .records_acked = on_records_acked,
        .hung_up = on_hung_up,
        .epoch_taken = on_epoch_taken,
        .wiped = on_wiped,
        .state_changed = on_state_changed,
    };
}
