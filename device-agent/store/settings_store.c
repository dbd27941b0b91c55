#include "settings_store.h"

#include <stdlib.h>
#include <string.h>

#include "database.h"

struct settings_store {
    sqlite3 *database; /* NULL: kept here alone */
    reserve *reserve;
    sqlite3_stmt *put;
    terminal_settings values;
    setting_state states[SETTING_COUNT];
    int64_t cursor;
};

/* Made here, without another number for the whole schema: a program before this one can still open the store. */
#define TABLE                                                                                                          \
    "CREATE TABLE IF NOT EXISTS setting(key INTEGER PRIMARY KEY, version INTEGER NOT NULL, edit INTEGER NOT NULL,"     \
    " number INTEGER NOT NULL, text TEXT NOT NULL)"
#define CURSOR "settings_version"

/* ---- Reading ------------------------------------------------------------------------------------------------------
 */

static void read_row(settings_store *s, sqlite3_stmt *row)
{
    const setting_rule *rule = setting_find((uint32_t)sqlite3_column_int64(row, 0));
    const char *text = (const char *)sqlite3_column_text(row, 4);
    const setting_value value = {sqlite3_column_int64(row, 3), text ? text : ""};

    if (!rule || !setting_is_sound(rule, value))
        return;
    s->states[rule - setting_rules] =
        (setting_state){sqlite3_column_int64(row, 1), (uint64_t)sqlite3_column_int64(row, 2)};
    settings_put(&s->values, rule, value);
}

static sp_status read_all(settings_store *s)
{
    sqlite3_stmt *rows = database_prepare(s->database, "SELECT key, version, edit, number, text FROM setting");
    int result = SQLITE_ERROR;

    while (rows && (result = sqlite3_step(rows)) == SQLITE_ROW)
        read_row(s, rows);
    sqlite3_finalize(rows);
    s->cursor = database_fact(s->database, CURSOR, 0);
    return database_status(result);
}

/* ---- Writing ------------------------------------------------------------------------------------------------------
 */

static sp_status put_row(settings_store *s, const kept_setting *k)
{
    sqlite3_bind_int64(s->put, 1, k->rule->key);
    sqlite3_bind_int64(s->put, 2, k->state.version);
    sqlite3_bind_int64(s->put, 3, (int64_t)k->state.edit);
    sqlite3_bind_int64(s->put, 4, k->value.number);
    sqlite3_bind_text(s->put, 5, k->value.text, -1, SQLITE_STATIC);
    return database_status(database_step(s->put));
}

static sp_status write_rows(settings_store *s, const kept_setting *settings, size_t count, int64_t cursor)
{
    sp_status status = database_run(s->database, "BEGIN IMMEDIATE");

    for (size_t i = 0; i < count && !sp_failed(status); i++)
        status = put_row(s, &settings[i]);
    if (!sp_failed(status) && cursor != s->cursor)
        status = database_set_fact(s->database, CURSOR, cursor);
    if (!sp_failed(status))
        status = database_run(s->database, "COMMIT");
    if (sp_failed(status) && !sqlite3_get_autocommit(s->database))
        (void)sp_failed(database_run(s->database, "ROLLBACK"));
    return status;
}

sp_status settings_store_keep(settings_store *s, const kept_setting *settings, size_t count, int64_t cursor)
{
    sp_status status = s->database ? write_rows(s, settings, count, cursor) : SP_DONE;

    /* The disk was full, and the reserve has just made room. */
    if (status.code == STORE_FULL.code && s->reserve && reserve_release(s->reserve))
        status = write_rows(s, settings, count, cursor);
    if (sp_failed(status))
        return status;
    for (size_t i = 0; i < count; i++) {
        s->states[settings[i].rule - setting_rules] = settings[i].state;
        settings_put(&s->values, settings[i].rule, settings[i].value);
    }
    s->cursor = cursor;
    return SP_DONE;
}

static bool outlives_reset(const setting_rule *rule)
{
    return rule->key == SETTING_KEY_password || rule->key == SETTING_KEY_device_name ||
           rule->key == SETTING_KEY_company_name;
}

sp_status settings_store_reset(settings_store *s)
{
    kept_setting all[SETTING_COUNT];
    size_t count = 0;

    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!outlives_reset(&setting_rules[i]))
            all[count++] = (kept_setting){&setting_rules[i], {0, 0}, setting_factory(&setting_rules[i])};
    return settings_store_keep(s, all, count, s->cursor);
}

/* ---- What was kept before each setting had a row ------------------------------------------------------------------
 */

static kept_setting former(uint32_t key, int64_t version, int64_t number)
{
    const setting_rule *rule = setting_find(key);
    setting_value value = {number, ""};

    return (kept_setting){rule, {version, 0}, setting_is_sound(rule, value) ? value : setting_factory(rule)};
}

/* The relay then knew one way to work: high for some time. */
static sp_status take_over_former(settings_store *s)
{
    static const struct {
        uint32_t key;
        const char *name;
        int64_t divisor;
    } facts[] = {
        {SETTING_KEY_temperature_detection, "setting.temperature_detection", 1},
        {SETTING_KEY_alarm_threshold_centi, "setting.alarm_threshold_centi", 1},
        {SETTING_KEY_block_abnormal, "setting.block_abnormal", 1},
        {SETTING_KEY_mask_required, "setting.mask_required", 1},
        {SETTING_KEY_stranger_mode, "setting.stranger_mode", 1},
        {SETTING_KEY_stranger_record, "setting.stranger_record", 1},
        {SETTING_KEY_relay_seconds, "setting.relay_ms", 1000},
    };
    enum { FACTS = sizeof facts / sizeof *facts };
    kept_setting kept[FACTS + 1];
    int64_t version = database_fact(s->database, "setting.version", -1);
    sp_status status;

    if (version < 0)
        return SP_DONE;
    for (size_t i = 0; i < FACTS; i++)
        kept[i] = former(facts[i].key, version, database_fact(s->database, facts[i].name, -1) / facts[i].divisor);
    kept[FACTS] = former(SETTING_KEY_relay_mode, version, RELAY_PULSES_HIGH);
    status = settings_store_keep(s, kept, FACTS + 1, version);
    return sp_failed(status) ? status : database_run(s->database, "DELETE FROM fact WHERE name LIKE 'setting.%'");
}

/* ---- The whole ----------------------------------------------------------------------------------------------------
 */

static sp_status open_table(settings_store *s)
{
    sp_status status = database_run(s->database, TABLE);

    if (sp_failed(status))
        return status;
    s->put =
        database_prepare(s->database, "REPLACE INTO setting(key, version, edit, number, text) VALUES(?, ?, ?, ?, ?)");
    if (!s->put)
        return STORE_FAILED;
    status = read_all(s);
    return sp_failed(status) ? status : take_over_former(s);
}

sp_status settings_store_new(sqlite3 *database, reserve *held_back, settings_store **ret_store)
{
    settings_store *s = calloc(1, sizeof *s);
    sp_status status;

    if (!s)
        return STORE_FAILED;
    s->database = database;
    s->reserve = held_back;
    s->values = settings_factory();
    status = open_table(s);
    if (sp_failed(status)) {
        settings_store_free(s);
        return status;
    }
    *ret_store = s;
    return SP_DONE;
}

settings_store *settings_store_in_memory(void)
{
    settings_store *s = calloc(1, sizeof *s);

    if (s)
        s->values = settings_factory();
    return s;
}

void settings_store_free(settings_store *s)
{
    if (!s)
        return;
    sqlite3_finalize(s->put);
    free(s);
}

const terminal_settings *settings_store_values(const settings_store *s)
{
    return &s->values;
}

setting_state settings_store_state(const settings_store *s, const setting_rule *rule)
{
    return s->states[rule - setting_rules];
}

int64_t settings_store_cursor(const settings_store *s)
{
    return s->cursor;
}
