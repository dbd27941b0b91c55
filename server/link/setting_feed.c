/* The settings feed of one terminal: one message under way at a time, the next when its outcomes are back; and what was
 * changed at the terminal, which is answered by the feed as well. */
#include <string.h>

#include "link_store.h"

/* What a notification about settings begins with (settings.sql). */

enum { REASON_MAX = 32 };

/* ---- Down -------------------------------------------------------------------------------------------------------- */

static void send_settings(terminal *t, const link_settings *next)
{
    SettingValue values[SETTINGS_PER_MESSAGE], *list[SETTINGS_PER_MESSAGE];
    SettingChanges body = SETTING_CHANGES_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    for (size_t i = 0; i < next->count; i++) {
        const setting_told *told = &next->told[i];

        values[i] = (SettingValue)SETTING_VALUE_INIT;
        values[i].key = told->rule->key;
        values[i].version = told->version;
        values[i].edit = (uint64_t)told->edit;
        values[i].number = told->value.number;
        values[i].text = (char *)told->value.text;
        list[i] = &values[i];
    }
    body.n_values = next->count;
    body.values = list;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SETTING_CHANGES;
    message.setting_changes = &body;
    terminal_send(t, &message);
}

void setting_feed(terminal *t, const link_settings *next)
{
    if (t->setting_under_way) {
        t->setting_more = true;
        return;
    }
    t->setting_again = 0;
    t->setting_more = next->count == SETTINGS_PER_MESSAGE;
    if (next->count == 0) {
        if (t->setting_sent < next->version)
            t->setting_sent = next->version;
        return;
    }
    send_settings(t, next);
    t->setting_under_way = true;
    t->setting_sent = next->told[next->count - 1].version;
}

void settings_due(void *arg)
{
    terminal *t = arg;

    if (!atomic_load(&t->closed) && t->welcomed)
        settings_next(t);
    terminal_release(t);
}

/* ---- Up ---------------------------------------------------------------------------------------------------------- */

/* A terminal newer than we are may have reasons that we do not know, but no other words. */
static bool is_reason(const char *text)
{
    size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    return n <= REASON_MAX && text[n] == '\0';
}

/* False for a setting that we do not know. */
static bool read_outcome(const SettingOutcome *outcome, setting_outcome *ret)
{
    *ret = (setting_outcome){
        .rule = setting_find(outcome->key),
        .version = outcome->version,
        .edit = (int64_t)outcome->edit,
        .value = {outcome->number, outcome->text},
        .refused = is_reason(outcome->refused) ? outcome->refused : "NOT_STORED",
    };
    return ret->rule != NULL;
}

/* The highest version that was answered. */
static int64_t answered(const SettingsReport *report)
{
    int64_t version = report->version;

    for (size_t i = 0; i < report->n_outcomes; i++)
        if (report->outcomes[i]->edit == 0 && report->outcomes[i]->version > version)
            version = report->outcomes[i]->version;
    return version;
}

void setting_outcomes(terminal *t, arena *a, const ConnectRequest *request)
{
    const link_hooks *hooks = &t->link->options.hooks;
    const SettingsReport *report = request->settings;
    setting_outcome *outcomes = arena_array(a, report->n_outcomes + 1, sizeof *outcomes);
    size_t count = 0;

    for (size_t i = 0; outcomes && i < report->n_outcomes; i++)
        if (read_outcome(report->outcomes[i], &outcomes[count]))
            count++;
    sp_status st = outcomes ? link_store_setting_outcomes(t, a, outcomes, count) : LINK_NO_MEMORY;
    if (sp_failed(st)) {
        terminal_end(t, st); /* after the reconnect the same is told again, and reported again */
        return;
    }
    if (answered(report) >= t->setting_sent)
        t->setting_under_way = false;
    if (hooks->device_changed)
        hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
    if (t->setting_more || t->setting_again > 0)
        settings_next(t);
}
