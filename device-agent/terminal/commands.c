/* Carries commands out: written down first, then begun, and at most once. Doors move at once. A restart and an end wait
 * for a moment, so that the server hears of them; a reset waits until the server has every record and picture. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "terminal_parts.h"

enum {
    HEARD_MS = 200,         /* that a report needs to leave */
    ACKED_MS = 3000,        /* the longest wait for the answer to the last one */
    LOOK_MS = 100,          /* between two looks whether everything was sent */
    MEMORY_LOST_MS = 60000, /* no command is good for longer */
};

#define EVENT(name) smartpass_link_v1_CommandEvent_COMMAND_EVENT_##name

/* ---- What the server hears ---- */

static void note(terminal *t, int64_t id, smartpass_link_v1_CommandEvent event, const char *reason)
{
    terminal_commands *c = &t->commands;

    if (!t->link)
        return;
    if (c->note_count == COMMAND_REPORTS) { /* on the next connection, every end is told again */
        terminal_link_reconnect(t->link);
        return;
    }
    command_note *n = &c->notes[(c->first_note + c->note_count++) % COMMAND_REPORTS];
    *n = (command_note){.id = id, .event = event};
    snprintf(n->reason, sizeof n->reason, "%s", reason);
    terminal_link_report(t->link);
}

static void note_entry(terminal *t, const command_entry *entry)
{
    static const smartpass_link_v1_CommandEvent events[] = {
        [ORDER_BEGUN] = EVENT(RECEIVED),
        [ORDER_DONE] = EVENT(DONE),
        [ORDER_FAILED] = EVENT(FAILED),
        [ORDER_EXPIRED] = EVENT(EXPIRED),
    };

    note(t, entry->id, events[entry->state], entry->reason);
}

bool commands_report(terminal *t, ConnectRequest *ret_message)
{
    terminal_commands *c = &t->commands;
    smartpass_link_v1_CommandReport *report = &ret_message->message.command;

    if (c->note_count == 0)
        return false;
    const command_note *n = &c->notes[c->first_note];
    ret_message->which_message = smartpass_link_v1_ConnectRequest_command_tag;
    memset(report, 0, sizeof *report);
    report->id = n->id;
    report->event = n->event;
    snprintf(report->reason, sizeof report->reason, "%s", n->reason);
    c->first_note = (c->first_note + 1) % COMMAND_REPORTS;
    c->note_count--;
    return true;
}

void commands_welcomed(terminal *t)
{
    terminal_commands *c = &t->commands;
    command_entry entry = {.id = INT64_MIN};

    while (c->journal && c->note_count < COMMAND_REPORTS && command_journal_untold(c->journal, entry.id, &entry))
        note_entry(t, &entry);
}

void commands_lost(terminal *t)
{
    t->commands.first_note = t->commands.note_count = 0;
}

/* ---- Ends ---- */

/* An end that cannot be written down is not told either: at the next start it counts as interrupted. */
static void finish(terminal *t, int64_t id, order_state state, const char *reason)
{
    sp_status status = command_journal_end(t->commands.journal, id, state, reason);

    if (sp_failed(status))
        log_write(LOG_ERROR, "the end of a command cannot be stored", "reason", status.reason, NULL);
    else
        note(t, id, state == ORDER_DONE ? EVENT(DONE) : EVENT(FAILED), reason);
    if (state == ORDER_FAILED)
        terminal_log(t, LINE_WARNING, "COMMAND", "failed: %s", reason);
}

void commands_acked(terminal *t, int64_t id)
{
    terminal_commands *c = &t->commands;
    sp_status status = c->journal ? command_journal_told(c->journal, id) : SP_DONE;

    if (sp_failed(status)) {
        log_write(LOG_ERROR, "that a command is over cannot be stored", "reason", status.reason, NULL);
        return;
    }
    if (c->ending_id == id)
        c->ending_ms = 0;
    c->leaving = c->journal && command_journal_leaving(c->journal);
}

/* ---- Orders ---- */

static void begin(terminal *t, const command_entry *entry)
{
    terminal_commands *c = &t->commands;
    int64_t now_ms = clock_monotonic_ms();

    note_entry(t, entry);
    switch (entry->kind) {
    case ORDER_OPEN_DOOR:
        door_open(t, 0);
        finish(t, entry->id, ORDER_DONE, "");
        break;
    case ORDER_CLOSE_DOOR:
        door_close(t);
        finish(t, entry->id, ORDER_DONE, "");
        break;
    case ORDER_RESTART:
    case ORDER_SHUT_DOWN:
        c->ending_id = entry->id;
        c->ending_kind = entry->kind;
        c->ending_ms = now_ms + HEARD_MS;
        c->end_told = false;
        break;
    case ORDER_RESET:
        c->reset_id = entry->id;
        c->reset_ms = now_ms + HEARD_MS;
        c->reset_until_ms = now_ms + t->reset_wait_ms;
        break;
    default: /* order_judge begins no other */
        break;
    }
}

static void tell_order(terminal *t, const command_entry *entry)
{
    static const char *const words[] = {
        [ORDER_OPEN_DOOR] = "open the door",
        [ORDER_CLOSE_DOOR] = "close the door",
        [ORDER_RESTART] = "restart",
        [ORDER_SHUT_DOWN] = "shut down",
        [ORDER_RESET] = "reset",
    };
    bool known = entry->kind > 0 && (size_t)entry->kind < sizeof words / sizeof *words;
    const char *word = known ? words[entry->kind] : "unknown";

    if (entry->state == ORDER_BEGUN) /* doors move at once, and wait for no disk */
        terminal_log(t, entry->kind <= ORDER_CLOSE_DOOR ? LINE_INFO : LINE_WARNING, "COMMAND", "%s", word);
    else
        terminal_log(t, LINE_WARNING, "COMMAND", "%s, not done: %s", word,
                     entry->state == ORDER_EXPIRED ? "EXPIRED" : entry->reason);
}

static bool can_switch(const terminal *t, int kind)
{
    return kind == ORDER_RESTART ? t->hal->power.restart != NULL : t->hal->power.shut_down != NULL;
}

static void take(terminal *t, const CommandOrder *message)
{
    terminal_commands *c = &t->commands;
    const command_order asked = {message->id, (int)message->kind, message->not_after_ms, message->left_ms};
    const order_circumstances at = {
        .clock_synced = t->clock_synced,
        .now_ms = terminal_now_ms(t),
        .can_switch = can_switch(t, asked.kind),
        .resetting = c->reset_id != 0,
        .ending = c->ending_id != 0,
        .memory_lost = clock_monotonic_ms() < c->trusted_ms,
    };
    const order_verdict verdict = order_judge(&asked, &at);
    command_entry entry = {.id = asked.id, .kind = asked.kind, .state = verdict.state};

    snprintf(entry.reason, sizeof entry.reason, "%s", verdict.reason);
    entry.sign_out = message->sign_out && asked.kind == ORDER_RESET && verdict.state == ORDER_BEGUN;
    sp_status status = command_journal_add(c->journal, &entry);
    tell_order(t, &entry);
    if (sp_failed(status)) {
        log_write(LOG_ERROR, "a command cannot be stored", "reason", status.reason, NULL);
        note(t, asked.id, EVENT(FAILED), "NOT_STORED");
    } else if (entry.state == ORDER_BEGUN) {
        begin(t, &entry);
    } else {
        note_entry(t, &entry);
    }
}

void commands_order(terminal *t, const CommandOrder *message)
{
    command_entry known;

    if (message->id <= 0)
        return;
    if (!t->commands.journal)
        note(t, message->id, EVENT(FAILED), "NOT_STORED");
    else if (command_journal_find(t->commands.journal, message->id, &known))
        note_entry(t, &known);
    else
        take(t, message);
}

/* ---- What takes its time ---- */

/* The server knows it as done before it is: nobody is there to say so afterwards. */
static void go_on_ending(terminal *t, int64_t now_ms)
{
    terminal_commands *c = &t->commands;

    if (c->ending_kind == ORDER_RESTART) {
        c->ending_ms = INT64_MAX;
        t->hal->power.restart(t->hal->power.self);
    } else if (!c->end_told) {
        c->end_told = true;
        c->ending_ms = t->link && terminal_link_is(t->link) == LINK_ONLINE ? now_ms + ACKED_MS : now_ms;
        finish(t, c->ending_id, ORDER_DONE, "");
    } else {
        c->ending_ms = INT64_MAX;
        t->hal->power.shut_down(t->hal->power.self);
    }
}

/* What a reset leaves: who the terminal is, and who may touch it. */
typedef struct {
    terminal_settings values; /* which the rows below borrow from */
    kept_setting rows[3];
} survivors;

static void take_survivors(const terminal *t, survivors *ret)
{
    static const uint32_t keys[] = {SETTING_KEY_password, SETTING_KEY_device_name, SETTING_KEY_company_name};
    const settings_store *settings = store_settings(t->store);

    ret->values = *settings_store_values(settings);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const setting_rule *rule = setting_find(keys[i]);

        ret->rows[i] = (kept_setting){rule, settings_store_state(settings, rule), settings_get(&ret->values, rule)};
    }
}

/* The server says everything else anew: the cursor begins at 0. */
static bool put_survivors(terminal *t, const survivors *kept)
{
    sp_status status =
        settings_store_keep(store_settings(t->store), kept->rows, sizeof kept->rows / sizeof *kept->rows, 0);

    if (sp_failed(status))
        log_write(LOG_ERROR, "password and names did not survive the reset", "reason", status.reason, NULL);
    return !sp_failed(status);
}

static bool everything_is_sent(const terminal *t)
{
    const journal_facts *facts = &store_journal(t->store)->facts;

    return facts->acked_seq >= facts->last_seq && facts->waiting_pictures == 0;
}

static bool go_on_resetting(terminal *t, int64_t now_ms)
{
    terminal_commands *c = &t->commands;
    int64_t id = c->reset_id;
    survivors kept;
    bool all_gone;

    if (!everything_is_sent(t) && now_ms < c->reset_until_ms) {
        c->reset_ms = now_ms + LOOK_MS;
        return true;
    }
    c->reset_id = 0;
    if (!everything_is_sent(t)) {
        finish(t, id, ORDER_FAILED, "RECORDS_UNSENT");
        return true;
    }
    log_write(LOG_WARNING, "this terminal is reset", NULL);
    take_survivors(t, &kept);
    if (!terminal_clear(t, &all_gone))
        return false;
    all_gone = put_survivors(t, &kept) && all_gone;
    terminal_log(t, LINE_WARNING, "CLEARED", "%s", "by a command");
    terminal_wake(t);
    finish(t, id, all_gone ? ORDER_DONE : ORDER_FAILED, all_gone ? "" : "NOT_CLEARED");
    return terminal_come_back(t);
}

static bool leave(terminal *t)
{
    t->commands.leaving = false;
    terminal_forget_enrolment(t);
    if (sp_failed(store_set_names(t->store, &(terminal_names){0})))
        log_write(LOG_ERROR, "the names of terminal and company cannot be forgotten", NULL);
    if (sp_failed(command_journal_signed_out(t->commands.journal))) /* then the next start does */
        log_write(LOG_ERROR, "that the terminal is signed out cannot be stored", NULL);
    terminal_refresh(t);
    return true;
}

bool commands_tick(terminal *t, int64_t now_ms)
{
    terminal_commands *c = &t->commands;

    if (c->leaving)
        return leave(t);
    if (c->ending_id != 0 && now_ms >= c->ending_ms)
        go_on_ending(t, now_ms);
    return c->reset_id == 0 || now_ms < c->reset_ms || go_on_resetting(t, now_ms);
}

int64_t commands_due_ms(const terminal *t)
{
    const terminal_commands *c = &t->commands;
    int64_t due_ms = c->leaving ? 0 : INT64_MAX;

    if (c->ending_id != 0 && c->ending_ms < due_ms)
        due_ms = c->ending_ms;
    if (c->reset_id != 0 && c->reset_ms < due_ms)
        due_ms = c->reset_ms;
    return due_ms;
}

/* ---- Start and end ---- */

void commands_begin(terminal *t)
{
    terminal_commands *c = &t->commands;
    sp_status status = command_journal_open(t->store_options.folder, t->store_options.vfs, &c->journal);

    if (sp_failed(status)) {
        log_write(LOG_ERROR, "no command can be taken", "reason", status.reason, NULL);
        return;
    }
    if (command_journal_was_lost(c->journal)) {
        log_write(LOG_ERROR, "the journal of commands is damaged and begins anew", NULL);
        c->trusted_ms = clock_monotonic_ms() + MEMORY_LOST_MS;
    }
    if (!t->enrolled)
        (void)sp_failed(command_journal_signed_out(c->journal));
    else
        c->leaving = command_journal_leaving(c->journal);
}

void commands_end(terminal *t)
{
    command_journal_close(t->commands.journal);
    t->commands.journal = NULL;
}
