/* Giving settings to terminals, and reading them: the SQL. */
#include <stdlib.h>
#include <string.h>

#include "server_settings_sql.h"
#include "settings.h"
#include "settings_rules.h"

typedef Smartpass__V1__Device Device;
typedef Smartpass__V1__DeviceSettings DeviceSettings;
typedef Smartpass__V1__DeviceRisk DeviceRisk;

/* ---- Giving ------------------------------------------------------------------------------------------------------ */

static const char *new_name(const setting_changes *changes)
{
    const setting_change *change = settings_find_change(changes, SETTING_KEY_device_name);

    return change ? change->value.text : NULL;
}

static sp_status notify(db_tx *tx, db_arg devices)
{
    return db_query(tx, SQL_SETTINGS_NOTIFY, DB_ARGS(devices), NULL);
}

sp_status settings_write(db_tx *tx, int64_t enterprise_id, const int64_t *device_ids, size_t count,
                         const setting_changes *changes)
{
    arena *a = db_tx_arena(tx);
    const db_arg devices = db_int64_array(a, device_ids, count);
    db_column key, number, text;

    db_column_init(&key, a, DB_COLUMN_INT16);
    db_column_init(&number, a, DB_COLUMN_INT64);
    db_column_init(&text, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < changes->count; i++) {
        db_column_int(&key, changes->list[i].rule->key);
        db_column_int(&number, changes->list[i].value.number);
        db_column_text(&text, changes->list[i].value.text);
    }
    sp_status st = db_query(
        tx, SQL_SETTINGS_RAISE,
        DB_ARGS(db_int64(enterprise_id), devices, db_int32((int32_t)changes->count), db_text(new_name(changes))), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_SETTINGS_WRITE,
                      DB_ARGS(db_int64(enterprise_id), devices, db_column_arg(&key), db_column_arg(&number),
                              db_column_arg(&text)),
                      NULL);
    return sp_failed(st) ? st : notify(tx, devices);
}

sp_status settings_rename(db_tx *tx, int64_t enterprise_id, int64_t device_id, const char *name)
{
    const setting_changes changes = {
        .list = {{setting_find(SETTING_KEY_device_name), {.text = name}}},
        .count = 1,
    };

    return settings_write(tx, enterprise_id, &device_id, 1, &changes);
}

/* Rows of either: what the first has, the other gets; what the other alone has goes back to the factory value. */
static void add_copy(setting_changes *changes, bool from_first, const setting_rule *rule, setting_value value)
{
    setting_change *change = (setting_change *)settings_find_change(changes, rule->key);

    if (!change) {
        change = &changes->list[changes->count++];
        *change = (setting_change){rule, setting_factory(rule)};
    }
    if (from_first)
        change->value = value;
}

static int by_key(const void *a, const void *b)
{
    return (int)((const setting_change *)a)->rule->key - (int)((const setting_change *)b)->rule->key;
}

sp_status settings_copy(db_tx *tx, int64_t enterprise_id, int64_t from_device_id, int64_t to_device_id)
{
    const int64_t both[] = {from_device_id, to_device_id};
    setting_changes changes = {.count = 0};
    db_rows rows, name;
    sp_status st = db_query(tx, SQL_SETTINGS_OF_DEVICES,
                            DB_ARGS(db_int64(enterprise_id), db_int64_array(db_tx_arena(tx), both, 2)), &rows);

    if (!sp_failed(st))
        st = db_query(tx, SQL_SETTINGS_NAME, DB_ARGS(db_int64(enterprise_id), db_int64(from_device_id)), &name);
    if (sp_failed(st))
        return st;
    for (int i = 0; i < rows.count; i++) {
        const setting_rule *rule = setting_find((uint32_t)db_row_int(&rows, i, 1));

        if (rule)
            add_copy(&changes, db_row_int(&rows, i, 0) == from_device_id, rule,
                     (setting_value){db_row_int(&rows, i, 3), db_row_text(&rows, i, 4)});
    }
    add_copy(&changes, true, setting_find(SETTING_KEY_device_name), (setting_value){.text = db_row_text(&name, 0, 0)});
    qsort(changes.list, changes.count, sizeof *changes.list, by_key);
    return settings_write(tx, enterprise_id, &to_device_id, 1, &changes);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

DeviceSettings *settings_new(arena *a, int64_t version, const char *device_name)
{
    DeviceSettings *settings = arena_alloc(a, sizeof *settings);

    if (!settings)
        return NULL;
    smartpass__v1__device_settings__init(settings);
    settings->version = settings->reported_version = version;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        settings_put(settings, &setting_rules[i], setting_factory(&setting_rules[i]));
    settings->device_name = (char *)device_name;
    return settings;
}

/* Of each setting, what its terminal says is in force. */
typedef struct {
    setting_value values[SETTING_COUNT];
} in_force;

static void add_risks(Device *device, const in_force *now, DeviceRisk *room)
{
    device->risks = room;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        DeviceRisk risk = settings_risk(&setting_rules[i], now->values[i]);

        if (risk != SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED)
            device->risks[device->n_risks++] = risk;
    }
}

/* One row, of one setting. */
static void add_row(Device *device, in_force *now, const db_rows *rows, int row)
{
    const setting_rule *rule = setting_find((uint32_t)db_row_int(rows, row, 1));
    int64_t version = db_row_int(rows, row, 2), reported_version = db_row_int(rows, row, 5);

    if (!rule)
        return;
    settings_put(device->settings, rule, (setting_value){db_row_int(rows, row, 3), db_row_text(rows, row, 4)});
    if (reported_version > 0)
        now->values[rule - setting_rules] = (setting_value){db_row_int(rows, row, 6), db_row_text(rows, row, 7)};
    if (db_row_bool(rows, row, 8))
        device->refused_settings++;
    if (reported_version >= version)
        return;
    device->pending_settings++;
    if (version <= device->settings->reported_version)
        device->settings->reported_version = version - 1;
}

/* The rows of one terminal, which stand together from *row. */
static void add_rows(Device *device, in_force *now, const db_rows *rows)
{
    int row = 0;

    while (row < rows->count && db_row_int(rows, row, 0) != device->id)
        row++;
    for (; row < rows->count && db_row_int(rows, row, 0) == device->id; row++)
        add_row(device, now, rows, row);
}

sp_status settings_fill(db_tx *tx, int64_t enterprise_id, Device *const *devices, size_t count)
{
    arena *a = db_tx_arena(tx);
    int64_t *ids = arena_array(a, count + 1, sizeof *ids);
    DeviceRisk *risks = arena_array(a, (count + 1) * SETTING_COUNT, sizeof *risks);
    db_rows rows;

    if (!ids || !risks)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        ids[i] = devices[i]->id;
    sp_status st =
        db_query(tx, SQL_SETTINGS_OF_DEVICES, DB_ARGS(db_int64(enterprise_id), db_int64_array(a, ids, count)), &rows);
    if (sp_failed(st))
        return st;
    for (size_t i = 0; i < count; i++) {
        in_force now;

        for (size_t s = 0; s < SETTING_COUNT; s++)
            now.values[s] = setting_factory(&setting_rules[s]);
        add_rows(devices[i], &now, &rows);
        add_risks(devices[i], &now, risks + i * SETTING_COUNT);
    }
    return SP_DONE;
}
