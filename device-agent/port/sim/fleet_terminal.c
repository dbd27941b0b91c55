#include "fleet_terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fleet_terminal_parts.h"
#include "memory_journal.h"
#include "random.h"
#include "store_epoch.h"

int64_t fleet_terminal_now_ms(const fleet_terminal *f)
{
    return clock_now_ms() + f->clock_ahead_ms + f->clock_offset_ms;
}

/* ---- Passes -------------------------------------------------------------------------------------------------------
 */

/* Employees come and go; each seventh is a stranger. */
static size_t script_pass(const fleet_terminal *f, uint64_t seq, uint8_t *out, size_t cap)
{
    bool stranger = seq % 7 == 0;
    PassRecord record = {
        .seq = seq,
        .occurred_at_ms = fleet_terminal_now_ms(f),
        .monotonic_ms = clock_monotonic_ms() - f->boot_ms,
        .clock_synced = f->clock_synced,
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

    if (facts->last_seq - facts->acked_seq >= f->habits.window)
        return false;
    size = script_pass(f, facts->last_seq + 1, record, sizeof record);
    if (size == 0 || f->journal->ops->append(f->journal, record, size, NULL, NULL) != JOURNAL_DONE)
        return false;
    if (!f->flood)
        terminal_link_appended(f->link);
    return true;
}

void fleet_terminal_flood(fleet_terminal *f, bool on)
{
    bool added = false;

    f->flood = on;
    while (f->flood && fleet_terminal_pass(f))
        added = true;
    if (added)
        terminal_link_appended(f->link);
}

/* ---- What is done to it -------------------------------------------------------------------------------------------
 */

bool fleet_terminal_edit(fleet_terminal *f, const setting_rule *rule, setting_value value)
{
    if (!settings_feed_offers(f->feed, rule, value) || sp_failed(settings_feed_change(f->feed, rule, value)))
        return false;
    terminal_link_report(f->link);
    return true;
}

void fleet_terminal_cut(fleet_terminal *f, int64_t for_ms)
{
    int64_t now_ms = clock_monotonic_ms();

    terminal_link_carrier(f->link, false, now_ms);
    f->back_ms = now_ms + for_ms;
}

void fleet_terminal_kill(fleet_terminal *f)
{
    f->die_ms = clock_monotonic_ms();
}

void fleet_terminal_kill_when_told(fleet_terminal *f)
{
    f->die_when_told = true;
}

/* ---- Its lives ----------------------------------------------------------------------------------------------------
 */

static bool camera_offers(void *self, const char *resolution)
{
    (void)self;
    return strcmp(resolution, "640x480") == 0 || strcmp(resolution, "1280x720") == 0;
}

static const camera seller = {.offers = camera_offers};

/* Begins with what is durable, and nothing else. */
static bool wake_up(fleet_terminal *f)
{
    const link_owner owner = fleet_terminal_owner(f);

    f->boot_ms = clock_monotonic_ms();
    f->clock_offset_ms = 0;
    f->clock_synced = f->welcomed_once = false;
    f->people_revision = 0;
    f->outcome_count = 0;
    f->display_due = false;
    fleet_orders_lost(&f->orders);
    fleet_orders_recover(&f->orders);
    f->feed = settings_feed_new(f->settings, &seller);
    f->link = terminal_link_new(f->server, &f->credentials, f->journal, f->scratch, &owner, &f->habits);
    return f->feed && f->link && !sp_failed(crypto_random(f->boot_id, sizeof f->boot_id));
}

static void fall_asleep(fleet_terminal *f)
{
    terminal_link_free(f->link);
    settings_feed_free(f->feed);
    f->link = NULL;
    f->feed = NULL;
}

/* The cable goes first, so that nothing more leaves. */
static void live_again(fleet_terminal *f, int64_t now_ms)
{
    event_loop *loop = f->loop;

    f->die_ms = f->back_ms = INT64_MAX;
    f->die_when_told = false;
    terminal_link_carrier(f->link, false, now_ms);
    fleet_terminal_stop(f, loop);
    fall_asleep(f);
    if (!wake_up(f)) {
        fprintf(stderr, "smartpass-agent: a terminal cannot start again\n");
        exit(1);
    }
    fleet_terminal_start(f, loop);
}

/* ---- In the loop --------------------------------------------------------------------------------------------------
 */

/* A slow line is looked at from time to time only, so everything that comes waits for that. */
static void look_at_the_line(fleet_terminal *f, int64_t now_ms)
{
    if (f->slow_ms > 0 && now_ms < f->look_ms)
        return;
    f->look_ms = now_ms + f->slow_ms;
    terminal_link_ready(f->link, now_ms);
}

static void on_turn(void *self, int64_t now_ms)
{
    fleet_terminal *f = self;

    if (now_ms >= f->die_ms) {
        live_again(f, now_ms);
        return;
    }
    if (now_ms >= f->back_ms) {
        f->back_ms = INT64_MAX;
        terminal_link_carrier(f->link, true, now_ms);
    }
    look_at_the_line(f, now_ms);
    if (now_ms >= settings_feed_due_ms(f->feed))
        terminal_link_report(f->link);
    if (now_ms >= terminal_link_due_ms(f->link))
        terminal_link_tick(f->link, now_ms);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void wanted(void *self, event_wish *ret_wish)
{
    const fleet_terminal *f = self;
    const terminal_link *l = f->link;
    int64_t due_ms = earlier(terminal_link_due_ms(l), earlier(f->die_ms, f->back_ms));

    if (terminal_link_is(l) == LINK_ONLINE)
        due_ms = earlier(due_ms, settings_feed_due_ms(f->feed));
    if (f->slow_ms > 0)
        *ret_wish = (event_wish){.fd = -1, .due_ms = terminal_link_fd(l) < 0 ? due_ms : earlier(due_ms, f->look_ms)};
    else
        *ret_wish =
            (event_wish){terminal_link_fd(l), terminal_link_connection(l), terminal_link_wants_write(l), due_ms};
}

void fleet_terminal_start(fleet_terminal *f, event_loop *loop)
{
    f->loop = loop;
    f->source = (event_source){.self = f, .ready = on_turn, .wanted = wanted};
    event_loop_add(loop, &f->source);
    terminal_link_start(f->link, clock_monotonic_ms());
}

void fleet_terminal_stop(fleet_terminal *f, event_loop *loop)
{
    event_loop_remove(loop, &f->source);
}

/* ---- The whole ----------------------------------------------------------------------------------------------------
 */

/* Every run is another life of the journal. */
static bool next_epoch(const char *folder, uint32_t *ret_epoch)
{
    uint32_t used, ordered;

    if (sp_failed(store_epoch_read(folder, &used)) || sp_failed(store_epoch_ordered(folder, &ordered)))
        return false;
    *ret_epoch = used + 1 > ordered ? used + 1 : ordered;
    return !sp_failed(store_epoch_write(folder, *ret_epoch));
}

fleet_terminal *fleet_terminal_new(const fleet_terminal_options *o, const char **ret_why)
{
    fleet_terminal *f = calloc(1, sizeof *f);
    uint32_t epoch;
    sp_status status;

    *ret_why = "memory is out";
    if (!f)
        return NULL;
    f->server = o->server;
    f->scratch = o->scratch;
    f->habits = link_habits_usual();
    f->habits.stable_ms = o->stable_ms;
    f->habits.window = o->window;
    f->habits.batch = o->batch;
    f->clock_ahead_ms = o->clock_ahead_ms;
    f->slow_ms = o->slow_ms;
    f->back_ms = f->die_ms = INT64_MAX;
    status = credentials_load(o->folder, &f->credentials);
    if (sp_failed(status)) {
        *ret_why = status.message;
    } else if (!next_epoch(o->folder, &epoch)) {
        *ret_why = "the epoch cannot be kept";
    } else {
        f->journal = memory_journal_new(epoch, o->window, LINK_RECORD_MAX);
        f->settings = settings_store_in_memory();
        if (f->journal && f->settings && wake_up(f))
            return f;
    }
    fleet_terminal_free(f);
    return NULL;
}

void fleet_terminal_free(fleet_terminal *f)
{
    if (!f)
        return;
    fall_asleep(f);
    memory_journal_free(f->journal);
    settings_store_free(f->settings);
    free(f);
}

/* ---- Looking at it ------------------------------------------------------------------------------------------------
 */

bool fleet_terminal_is_online(const fleet_terminal *f)
{
    return terminal_link_is(f->link) == LINK_ONLINE;
}

bool fleet_terminal_is_settled(const fleet_terminal *f)
{
    const journal_facts *facts = &f->journal->facts;

    return fleet_terminal_is_online(f) && facts->acked_seq == facts->last_seq && fleet_terminal_unanswered(f) == 0;
}

size_t fleet_terminal_unanswered(const fleet_terminal *f)
{
    size_t count = 0;

    for (size_t i = 0; i < SETTING_COUNT; i++)
        count += settings_store_state(f->settings, &setting_rules[i]).edit != 0;
    return count;
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

uint64_t fleet_terminal_overruled(const fleet_terminal *f)
{
    return f->overruled;
}

const char *fleet_terminal_problem(const fleet_terminal *f)
{
    return f->problem;
}
