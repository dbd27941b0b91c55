#include "command_progress.h"

#include "server_commands_sql.h"
#include "setting.h"

enum { ARENA = 256 << 10 };

#define KEEP_MS (90LL * 24 * 60 * 60 * 1000)
#define STATE(name) SMARTPASS__V1__COMMAND_STATE__COMMAND_STATE_##name
#define KIND(name) SMARTPASS__V1__COMMAND_KIND__COMMAND_KIND_##name

/* ---- What goes out ----------------------------------------------------------------------------------------------- */

static sp_status orders_from_rows(arena *a, const db_rows *rows, command_order **ret_orders, size_t *ret_count)
{
    command_order *orders = arena_array(a, (size_t)rows->count + 1, sizeof *orders);

    if (!orders)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows->count; i++)
        orders[i] = (command_order){
            .id = db_row_int(rows, i, 0),
            .kind = (command_kind)db_row_int(rows, i, 1),
            .sign_out = db_row_bool(rows, i, 2),
            .expires_ms = db_row_time_ms(rows, i, 3),
        };
    *ret_orders = orders;
    *ret_count = (size_t)rows->count;
    return SP_DONE;
}

sp_status command_take(db_pool *system, arena *a, const command_terminal *of, int64_t began_ms, int64_t now_ms,
                       command_order **ret_orders, size_t *ret_count)
{
    db_rows rows;
    db_tx *tx;
    sp_status st = db_begin(system, 0, a, &tx);

    if (sp_failed(st))
        return st;
    st = db_query(tx, SQL_COMMAND_TAKE,
                  DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id), db_time(began_ms), db_time(now_ms)),
                  &rows);
    if (!sp_failed(st))
        st = orders_from_rows(a, &rows, ret_orders, ret_count);
    return db_end(tx, st);
}

sp_status command_waiting(db_pool *system, arena *a, db_arg device_ids, int64_t now_ms, int64_t **ret_ids,
                          size_t *ret_count)
{
    db_rows rows;
    db_tx *tx;
    sp_status st = db_begin(system, 0, a, &tx);

    if (sp_failed(st))
        return st;
    st = db_end(tx, db_query(tx, SQL_COMMAND_WAITING, DB_ARGS(device_ids, db_time(now_ms)), &rows));
    if (sp_failed(st))
        return st;
    int64_t *ids = db_rows_ints(&rows, 0, a);
    if (!ids)
        return DB_NO_MEMORY;
    *ret_ids = ids;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

/* ---- What comes back --------------------------------------------------------------------------------------------- */

/* A reset leaves who the terminal is and who may touch it. */
static bool survives_reset(uint32_t key)
{
    return key == SETTING_KEY_password || key == SETTING_KEY_device_name || key == SETTING_KEY_company_name;
}

static sp_status reset_settings(db_tx *tx, const command_terminal *of)
{
    const db_arg enterprise = db_int64(of->enterprise_id), device = db_int64(of->device_id);
    arena *a = db_tx_arena(tx);
    db_column key, number, text;
    sp_status st = db_query(tx, SQL_COMMAND_HOLD_SETTINGS, DB_ARGS(enterprise, device), NULL);

    if (sp_failed(st))
        return st;
    db_column_init(&key, a, DB_COLUMN_INT16);
    db_column_init(&number, a, DB_COLUMN_INT64);
    db_column_init(&text, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_value factory = setting_factory(&setting_rules[i]);

        if (survives_reset(setting_rules[i].key))
            continue;
        db_column_int(&key, setting_rules[i].key);
        db_column_int(&number, factory.number);
        db_column_text(&text, factory.text);
    }
    st = db_query(tx, SQL_COMMAND_RESET_SETTINGS,
                  DB_ARGS(enterprise, device, db_column_arg(&key), db_column_arg(&number), db_column_arg(&text)), NULL);
    return sp_failed(st) ? st : db_query(tx, SQL_COMMAND_SETTINGS_NOTIFY, DB_ARGS(device), NULL);
}

static sp_status report(db_tx *tx, const command_terminal *of, int64_t id, command_event event, const char *reason,
                        int64_t now_ms)
{
    const db_arg enterprise = db_int64(of->enterprise_id);
    command_standing next;
    db_rows rows;
    sp_status st = db_query(tx, SQL_COMMAND_HOLD, DB_ARGS(enterprise, db_int64(of->device_id), db_int64(id)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    const command_standing now = {(command_state)db_row_int(&rows, 0, 0), db_row_text(&rows, 0, 1)};
    if (!command_moved(&now, event, reason, &next))
        return SP_DONE;
    const bool had_it = next.state != STATE(EXPIRED);
    st = db_query(tx, SQL_COMMAND_ADVANCE,
                  DB_ARGS(enterprise, db_int64(id), db_int16((int16_t)next.state), db_text(next.reason),
                          db_time_or_null(had_it ? now_ms : 0), db_time(now_ms)),
                  NULL);
    if (!sp_failed(st) && next.state == STATE(DONE) && db_row_int(&rows, 0, 2) == KIND(RESET))
        st = reset_settings(tx, of);
    return st;
}

sp_status command_report(db_pool *system, const command_terminal *of, int64_t id, command_event event,
                         const char *reason, int64_t now_ms)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, ARENA);
    sp_status st = db_begin(system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, report(tx, of, id, event, reason, now_ms));
    arena_done(&memory);
    return st;
}

/* ---- Time -------------------------------------------------------------------------------------------------------- */

sp_status commands_sweep(db_pool *system, int64_t now_ms)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, ARENA);
    sp_status st = db_begin(system, 0, &memory, &tx);
    if (!sp_failed(st)) {
        st = db_query(tx, SQL_COMMAND_SWEEP_EXPIRED, DB_ARGS(db_time(now_ms)), NULL);
        if (!sp_failed(st))
            st =
                db_query(tx, SQL_COMMAND_SWEEP_LEFT, DB_ARGS(db_time(now_ms - COMMAND_LEFT_MS), db_time(now_ms)), NULL);
        if (!sp_failed(st))
            st = db_query(tx, SQL_COMMAND_SWEEP_OLD, DB_ARGS(db_time(now_ms - KEEP_MS)), NULL);
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}
