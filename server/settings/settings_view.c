#include "settings_view.h"

#include <string.h>

#include "devices.h"
#include "server_settings_service_sql.h"
#include "settings.h"
#include "settings_rules.h"

typedef Smartpass__V1__SettingRefusal SettingRefusal;
typedef Smartpass__V1__SettingsView SettingsView;

sp_status settings_choose(db_tx *tx, int64_t enterprise_id, db_arg groups, db_arg ids, settings_chosen *ret_chosen)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_CHOOSE, DB_ARGS(db_int64(enterprise_id), groups, ids), &rows);

    if (sp_failed(st))
        return st;
    int64_t *found = db_rows_ints(&rows, 0, db_tx_arena(tx));
    if (!found)
        return DB_NO_MEMORY;
    ret_chosen->enterprise_id = enterprise_id;
    ret_chosen->ids = found;
    ret_chosen->count = (size_t)rows.count;
    return SP_DONE;
}

/* ---- What they have in common ------------------------------------------------------------------------------------ */

/* How one setting is spread over terminals: how many have a row of it, and between which values. */
typedef struct {
    size_t rows;
    setting_value least, most;
} spread;

static sp_status read_spreads(db_tx *tx, const db_arg enterprise, const db_arg devices, spread spreads[SETTING_COUNT])
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_SPREAD, DB_ARGS(enterprise, devices), &rows);

    for (int i = 0; !sp_failed(st) && i < rows.count; i++) {
        const setting_rule *rule = setting_find((uint32_t)db_row_int(&rows, i, 0));

        if (rule)
            spreads[rule - setting_rules] = (spread){
                .rows = (size_t)db_row_int(&rows, i, 1),
                .least = {db_row_int(&rows, i, 2), db_row_text(&rows, i, 4)},
                .most = {db_row_int(&rows, i, 3), db_row_text(&rows, i, 5)},
            };
    }
    return st;
}

/* Whether all have the same; those without a row have the factory value. */
static bool is_common(const setting_rule *rule, const spread *s, size_t devices)
{
    if (s->rows == 0)
        return true;
    return setting_equal(rule, s->least, s->most) &&
           (s->rows == devices || setting_equal(rule, s->least, setting_factory(rule)));
}

static sp_status put_common(db_tx *tx, const settings_chosen *chosen, const spread spreads[SETTING_COUNT],
                            const char *least_name, const char *most_name, SettingsView *view)
{
    view->mixed = arena_array(db_tx_arena(tx), SETTING_COUNT, sizeof *view->mixed);
    if (!view->mixed)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_rule *rule = &setting_rules[i];
        bool common = rule->key == SETTING_KEY_device_name ? strcmp(least_name, most_name) == 0
                                                           : is_common(rule, &spreads[i], chosen->count);

        if (!common)
            view->mixed[view->n_mixed++] = (char *)rule->name;
        else if (rule->key != SETTING_KEY_device_name && spreads[i].rows > 0)
            settings_put(view->settings, rule, spreads[i].least);
    }
    return SP_DONE;
}

/* ---- What they refused ------------------------------------------------------------------------------------------- */

static sp_status read_refusals(db_tx *tx, const db_arg enterprise, const db_arg devices, SettingsView *view)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_REFUSALS, DB_ARGS(enterprise, devices), &rows);
    if (sp_failed(st))
        return st;

    SettingRefusal *refusals = arena_array(a, (size_t)rows.count + 1, sizeof *refusals);
    view->refusals = arena_array(a, (size_t)rows.count + 1, sizeof *view->refusals);
    if (!refusals || !view->refusals)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        const setting_rule *rule = setting_find((uint32_t)db_row_int(&rows, i, 2));

        smartpass__v1__setting_refusal__init(&refusals[i]);
        refusals[i].device_id = db_row_int(&rows, i, 0);
        refusals[i].device_name = (char *)db_row_text(&rows, i, 1);
        refusals[i].setting = rule ? (char *)rule->name : (char *)"";
        refusals[i].reason = (char *)db_row_text(&rows, i, 3);
        view->refusals[view->n_refusals++] = &refusals[i];
    }
    return SP_DONE;
}

sp_status settings_view(db_tx *tx, const settings_chosen *chosen, SettingsView *ret_view)
{
    const db_arg enterprise = db_int64(chosen->enterprise_id);
    const db_arg devices = db_int64_array(db_tx_arena(tx), chosen->ids, chosen->count);
    spread spreads[SETTING_COUNT] = {0};
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_COUNTS,
                            DB_ARGS(enterprise, devices, db_time(chosen->now_ms - DEVICE_ONLINE_MS)), &rows);

    if (!sp_failed(st))
        st = read_spreads(tx, enterprise, devices, spreads);
    if (sp_failed(st))
        return st;
    const char *least_name = db_row_text(&rows, 0, 4), *most_name = db_row_text(&rows, 0, 5);
    ret_view->settings =
        settings_new(db_tx_arena(tx), db_row_int(&rows, 0, 2), strcmp(least_name, most_name) == 0 ? least_name : "");
    if (!ret_view->settings)
        return DB_NO_MEMORY;
    ret_view->settings->reported_version = db_row_int(&rows, 0, 3);
    ret_view->device_count = (int32_t)chosen->count;
    ret_view->online_count = (int32_t)db_row_int(&rows, 0, 0);
    ret_view->pending_count = (int32_t)db_row_int(&rows, 0, 1);
    st = put_common(tx, chosen, spreads, least_name, most_name, ret_view);
    return sp_failed(st) ? st : read_refusals(tx, enterprise, devices, ret_view);
}
