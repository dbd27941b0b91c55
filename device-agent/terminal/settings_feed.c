#include "settings_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "random.h"

enum { VALUES_MAX = 16, TELL_AGAIN_MS = 30000 };

/* What is told about one value that came down. */
typedef struct {
    const setting_rule *rule; /* NULL: unknown here */
    uint32_t key;
    int64_t version;
    const char *refused; /* empty: not */
} outcome;

struct settings_feed {
    settings_store *store;
    const camera *camera;
    outcome outcomes[VALUES_MAX];
    size_t outcome_count;     /* to be told */
    int64_t version;          /* up to which they go */
    bool told[SETTING_COUNT]; /* the change made here was told on this connection */
    int64_t tell_again_ms;
};

settings_feed *settings_feed_new(settings_store *store, const camera *device)
{
    settings_feed *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->store = store;
    f->camera = device;
    f->tell_again_ms = INT64_MAX;
    return f;
}

void settings_feed_free(settings_feed *f)
{
    free(f);
}

void settings_feed_reset(settings_feed *f)
{
    f->outcome_count = 0;
    memset(f->told, 0, sizeof f->told);
    f->tell_again_ms = INT64_MAX;
}

/* ---- Down ----------------------------------------------------------------------------------------------------------
 */

bool settings_feed_offers(const settings_feed *f, const setting_rule *rule, setting_value value)
{
    return rule->kind != SETTING_RESOLUTION || f->camera->offers(f->camera->self, value.text);
}

static const char *refuse(const settings_feed *f, const setting_rule *rule, setting_value value)
{
    if (!setting_is_sound(rule, value))
        return "OUT_OF_RANGE";
    return settings_feed_offers(f, rule, value) ? "" : "NOT_OFFERED";
}

/* What one value makes of its setting. False: nothing is to be kept. */
static bool hear(settings_feed *f, const SettingValue *came, outcome *ret_outcome, kept_setting *ret_kept)
{
    const setting_rule *rule = setting_find(came->key);
    const setting_value value = {came->number, came->text};
    setting_step step;

    *ret_outcome = (outcome){rule, came->key, came->version, ""};
    if (!rule) {
        ret_outcome->refused = "UNKNOWN";
        return false;
    }
    step = setting_hear(settings_store_state(f->store, rule), came->version, came->edit);
    if (step.take)
        ret_outcome->refused = refuse(f, rule, value);
    if (step.tell)
        f->told[rule - setting_rules] = false;
    *ret_kept = (kept_setting){rule, step.state, value};
    if (!step.take || ret_outcome->refused[0] != '\0')
        ret_kept->value = settings_get(settings_store_values(f->store), rule);
    return true;
}

bool settings_feed_take(settings_feed *f, const SettingChanges *changes)
{
    kept_setting kept[VALUES_MAX];
    size_t count = 0;
    sp_status status;

    if (changes->values_count == 0)
        return true;
    if (f->outcome_count > 0) /* the next come only after these were told */
        return false;
    for (size_t i = 0; i < changes->values_count; i++)
        count += hear(f, &changes->values[i], &f->outcomes[i], &kept[count]);
    f->outcome_count = changes->values_count;
    f->version = changes->values[changes->values_count - 1].version;
    status = settings_store_keep(f->store, kept, count, f->version);
    if (sp_failed(status)) {
        log_write(LOG_ERROR, "settings cannot be stored", "reason", status.reason, NULL);
        for (size_t i = 0; i < f->outcome_count; i++)
            f->outcomes[i].refused = "NOT_STORED";
    }
    return true;
}

/* ---- Changes made here ---------------------------------------------------------------------------------------------
 */

sp_status settings_feed_change(settings_feed *f, const setting_rule *rule, setting_value value)
{
    kept_setting kept = {rule, settings_store_state(f->store, rule), value};
    sp_status status = crypto_random(&kept.state.edit, sizeof kept.state.edit);

    if (sp_failed(status))
        return status;
    kept.state.edit |= 1; /* 0 means none */
    status = settings_store_keep(f->store, &kept, 1, settings_store_cursor(f->store));
    if (!sp_failed(status))
        f->told[rule - setting_rules] = false;
    return status;
}

/* ---- Up ------------------------------------------------------------------------------------------------------------
 */

static void fill(const settings_feed *f, const setting_rule *rule, SettingOutcome *ret)
{
    setting_value value = settings_get(settings_store_values(f->store), rule);

    ret->number = value.number;
    snprintf(ret->text, sizeof ret->text, "%s", value.text);
}

static void fill_outcomes(settings_feed *f, SettingsReport *report)
{
    report->version = f->version;
    report->outcomes_count = (pb_size_t)f->outcome_count;
    for (size_t i = 0; i < f->outcome_count; i++) {
        SettingOutcome *told = &report->outcomes[i];

        told->key = f->outcomes[i].key;
        told->version = f->outcomes[i].version;
        snprintf(told->refused, sizeof told->refused, "%s", f->outcomes[i].refused);
        if (f->outcomes[i].rule)
            fill(f, f->outcomes[i].rule, told);
    }
    f->outcome_count = 0;
}

static void fill_changes(settings_feed *f, SettingsReport *report)
{
    for (size_t i = 0; i < SETTING_COUNT && report->outcomes_count < VALUES_MAX; i++) {
        setting_state state = settings_store_state(f->store, &setting_rules[i]);
        SettingOutcome *told = &report->outcomes[report->outcomes_count];

        if (state.edit == 0 || f->told[i])
            continue;
        told->key = setting_rules[i].key;
        told->version = state.version;
        told->edit = state.edit;
        fill(f, &setting_rules[i], told);
        f->told[i] = true;
        report->outcomes_count++;
    }
}

bool settings_feed_tick(settings_feed *f, int64_t now_ms)
{
    if (now_ms < f->tell_again_ms)
        return false;
    memset(f->told, 0, sizeof f->told);
    f->tell_again_ms = INT64_MAX;
    return true;
}

bool settings_feed_report(settings_feed *f, ConnectRequest *message, int64_t now_ms)
{
    SettingsReport *report = &message->message.settings;

    memset(report, 0, sizeof *report);
    if (f->outcome_count > 0)
        fill_outcomes(f, report);
    else
        fill_changes(f, report);
    if (report->outcomes_count == 0)
        return false;
    if (report->version == 0 && f->tell_again_ms == INT64_MAX)
        f->tell_again_ms = now_ms + TELL_AGAIN_MS;
    message->which_message = smartpass_link_v1_ConnectRequest_settings_tag;
    return true;
}

int64_t settings_feed_due_ms(const settings_feed *f)
{
    return f->tell_again_ms;
}
