#include "fleet_terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "memory_journal.h"
#include "random.h"
#include "store_epoch.h"

struct fleet_terminal {
    credentials credentials;
    journal *journal;
    terminal_link *link;
    event_source source;
    uint32_t window;
    bool flood;
    bool welcomed_once;
    uint64_t hang_ups;
    int64_t boot_ms;
    uint8_t boot_id[16];
    int64_t people_revision;
    PersonOutcome outcomes[16];
    size_t outcome_count;
    int64_t settings_version;
    size_t setting_count; /* taken, to be reported */
    SettingOutcome settings[16];
    char problem[200];
};

/* ---- Passes ---- */

/* Employees come and go; each seventh is a stranger. */
static size_t script_pass(const fleet_terminal *f, uint64_t seq, uint8_t *out, size_t cap)
{
    bool stranger = seq % 7 == 0;
    PassRecord record = {
        .seq = seq,
        .occurred_at_ms = clock_now_ms(),
        .monotonic_ms = clock_monotonic_ms() - f->boot_ms,
        .clock_synced = true,
        .kind = stranger ? smartpass_v1_PersonKind_PERSON_KIND_STRANGER : smartpass_v1_PersonKind_PERSON_KIND_EMPLOYEE,
        .result = stranger ? smartpass_v1_PassResult_PASS_RESULT_DENIED : smartpass_v1_PassResult_PASS_RESULT_ALLOWED,
        .deny_reason =
            stranger ? smartpass_v1_DenyReason_DENY_REASON_STRANGER : smartpass_v1_DenyReason_DENY_REASON_UNSPECIFIED,
        .person_id = stranger ? 0 : 1000 + (int64_t)(seq % 500),
        .temperature_centi = 3640 + (int32_t)(seq % 60),
        .threshold_centi = 3730,
        .authorised = !stranger,
        .distance_milli = stranger ? 0 : 300 + (uint32_t)(seq % 100),
    };

    if (!stranger) {
        snprintf(record.person_name, sizeof record.person_name, "Employee %u", (unsigned)(seq % 500));
        snprintf(record.person_number, sizeof record.person_number, "E%04u", (unsigned)(seq % 500));
    }
    BYTES_FIELD_SET(record.boot_id, f->boot_id, sizeof f->boot_id);
    return pass_record_encode(&record, out, cap);
}

bool fleet_terminal_pass(fleet_terminal *f)
{
    uint8_t record[LINK_RECORD_MAX];
    const journal_facts *facts = &f->journal->facts;
    size_t size;

    if (facts->last_seq - facts->acked_seq >= f->window)
        return false;
    size = script_pass(f, facts->last_seq + 1, record, sizeof record);
    if (size == 0 || f->journal->ops->append(f->journal, record, size, NULL, NULL) != JOURNAL_DONE)
        return false;
    if (!f->flood)
        terminal_link_appended(f->link);
    return true;
}

static void top_up(fleet_terminal *f)
{
    bool added = false;

    while (f->flood && fleet_terminal_pass(f))
        added = true;
    if (added)
        terminal_link_appended(f->link);
}

void fleet_terminal_flood(fleet_terminal *f, bool on)
{
    f->flood = on;
    top_up(f);
}

/* ---- As owner of the link ---- */

static void fill_hello(void *self, Hello *hello)
{
    const fleet_terminal *f = self;

    hello->people_revision = f->people_revision;
    hello->settings_version = f->settings_version;
    snprintf(hello->engine, sizeof hello->engine, "fleet");
    snprintf(hello->software_version, sizeof hello->software_version, "%s", SMARTPASS_VERSION);
    snprintf(hello->mac, sizeof hello->mac, "%s", f->credentials.mac);
    BYTES_FIELD_SET(hello->boot_id, f->boot_id, sizeof f->boot_id);
    hello->people_capacity = 20000;
}

static void on_welcomed(void *self, const Welcome *welcome)
{
    fleet_terminal *f = self;

    (void)welcome;
    f->welcomed_once = true;
}

static void on_server_time(void *self, int64_t server_time_ms)
{
    (void)self, (void)server_time_ms;
}

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

static void on_settings(void *self, const SettingChanges *changes)
{
    fleet_terminal *f = self;

    f->setting_count = changes->values_count;
    for (size_t i = 0; i < f->setting_count; i++) {
        const SettingValue *v = &changes->values[i];

        f->settings[i] = (SettingOutcome){.key = v->key, .version = v->version, .number = v->number};
        memcpy(f->settings[i].text, v->text, sizeof f->settings[i].text);
        f->settings_version = v->version;
    }
    terminal_link_report(f->link);
}

static void fill_settings(fleet_terminal *f, SettingsReport *report)
{
    memset(report, 0, sizeof *report);
    report->version = f->settings_version;
    report->outcomes_count = (pb_size_t)f->setting_count;
    memcpy(report->outcomes, f->settings, f->setting_count * sizeof *f->settings);
    f->setting_count = 0;
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

static bool fill_report(void *self, ConnectRequest *message)
{
    fleet_terminal *f = self;

    if (f->setting_count > 0) {
        message->which_message = smartpass_link_v1_ConnectRequest_settings_tag;
        fill_settings(f, &message->message.settings);
    } else if (f->outcome_count > 0) {
        message->which_message = smartpass_link_v1_ConnectRequest_people_tag;
        message->message.people.outcomes_count = (pb_size_t)f->outcome_count;
        memcpy(message->message.people.outcomes, f->outcomes, f->outcome_count * sizeof *f->outcomes);
        f->outcome_count = 0;
    } else {
        return false;
    }
    return true;
}

static void fill_heartbeat(void *self, Heartbeat *heartbeat)
{
    (void)self, (void)heartbeat;
}

static void on_records_acked(void *self)
{
    top_up(self);
}

static void on_hung_up(void *self)
{
    fleet_terminal *f = self;

    f->outcome_count = f->setting_count = 0;
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

/* ---- In the loop ---- */

static void link_is_ready(void *self, int64_t now_ms)
{
    fleet_terminal *f = self;

    terminal_link_ready(f->link, now_ms);
    if (now_ms >= terminal_link_due_ms(f->link))
        terminal_link_tick(f->link, now_ms);
}

static void link_wanted(void *self, event_wish *ret_wish)
{
    const terminal_link *l = ((fleet_terminal *)self)->link;

    *ret_wish = (event_wish){terminal_link_fd(l), terminal_link_connection(l), terminal_link_wants_write(l),
                             terminal_link_due_ms(l)};
}

void fleet_terminal_start(fleet_terminal *f, event_loop *loop)
{
    f->source = (event_source){.self = f, .ready = link_is_ready, .wanted = link_wanted};
    event_loop_add(loop, &f->source);
    terminal_link_start(f->link, clock_monotonic_ms());
}

void fleet_terminal_stop(fleet_terminal *f, event_loop *loop)
{
    event_loop_remove(loop, &f->source);
}

/* ---- The whole ---- */

/* Every run is another life of the journal. */
static bool next_epoch(const char *folder, uint32_t *ret_epoch)
{
    uint32_t used, ordered;

    if (sp_failed(store_epoch_read(folder, &used)) || sp_failed(store_epoch_ordered(folder, &ordered)))
        return false;
    *ret_epoch = used + 1 > ordered ? used + 1 : ordered;
    return !sp_failed(store_epoch_write(folder, *ret_epoch));
}

static bool make_link(fleet_terminal *f, const fleet_terminal_options *o)
{
    const link_owner owner = {
        .self = f,
        .hello = fill_hello,
        .welcomed = on_welcomed,
        .server_time = on_server_time,
        .people = on_people,
        .photo = on_photo,
        .settings = on_settings,
        .photo_order = on_photo_order,
        .report = fill_report,
        .photo_part = no_photo_part,
        .heartbeat = fill_heartbeat,
        .records_acked = on_records_acked,
        .hung_up = on_hung_up,
        .epoch_taken = on_epoch_taken,
        .wiped = on_wiped,
        .state_changed = on_state_changed,
    };
    link_habits habits = link_habits_usual();

    habits.stable_ms = o->stable_ms;
    habits.window = o->window;
    habits.batch = o->batch;
    f->link = terminal_link_new(o->server, &f->credentials, f->journal, o->scratch, &owner, &habits);
    return f->link != NULL;
}

fleet_terminal *fleet_terminal_new(const fleet_terminal_options *o, const char **ret_why)
{
    fleet_terminal *f = calloc(1, sizeof *f);
    uint32_t epoch;
    sp_status status;

    *ret_why = "memory is out";
    if (!f)
        return NULL;
    f->window = o->window;
    f->boot_ms = clock_monotonic_ms();
    status = credentials_load(o->folder, &f->credentials);
    if (sp_failed(status)) {
        *ret_why = status.message;
    } else if (!next_epoch(o->folder, &epoch)) {
        *ret_why = "the epoch cannot be kept";
    } else if (!sp_failed(crypto_random(f->boot_id, sizeof f->boot_id))) {
        f->journal = memory_journal_new(epoch, o->window, LINK_RECORD_MAX);
        if (f->journal && make_link(f, o))
            return f;
    }
    fleet_terminal_free(f);
    return NULL;
}

void fleet_terminal_free(fleet_terminal *f)
{
    if (!f)
        return;
    terminal_link_free(f->link);
    memory_journal_free(f->journal);
    free(f);
}

bool fleet_terminal_is_online(const fleet_terminal *f)
{
    return terminal_link_is(f->link) == LINK_ONLINE;
}

uint64_t fleet_terminal_made(const fleet_terminal *f)
{
    return f->journal->facts.last_seq;
}

uint64_t fleet_terminal_acked(const fleet_terminal *f)
{
    return f->journal->facts.acked_seq;
}

uint64_t fleet_terminal_hang_ups(const fleet_terminal *f)
{
    return f->hang_ups;
}

const char *fleet_terminal_problem(const fleet_terminal *f)
{
    return f->problem;
}
