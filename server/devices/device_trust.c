/* The SQL of which terminals belong here. */
#include "device_trust.h"

#include "id.h"
#include "server_devices_sql.h"
#include "settings.h"

static db_arg ids_arg(db_tx *tx, const int64_t *ids, size_t count)
{
    return db_int64_array(db_tx_arena(tx), ids, count);
}

static sp_status notify(db_tx *tx, db_arg devices)
{
    return db_query(tx, SQL_DEVICE_NOTIFY, DB_ARGS(devices), NULL);
}

/* ---- Locks ------------------------------------------------------------------------------------------------------- */

sp_status device_lock(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count, device_locks *ret_locks)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DEVICE_LOCK,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, ids_arg(tx, ids, count),
                                    db_time(scope->now_ms - DEVICE_ONLINE_MS)),
                            &rows);
    if (sp_failed(st))
        return st;

    device_locked *devices = arena_array(db_tx_arena(tx), (size_t)rows.count + 1, sizeof *devices);
    if (!devices)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++)
        devices[i] = (device_locked){
            .id = db_row_int(&rows, i, 0),
            .name = db_row_text(&rows, i, 1),
            .online = db_row_bool(&rows, i, 2),
            .waiting = db_row_bool(&rows, i, 3),
            .group_id = db_row_int(&rows, i, 4),
            .section_id = db_row_int(&rows, i, 5),
        };
    *ret_locks = (device_locks){devices, (size_t)rows.count};
    return SP_DONE;
}

const device_locked *device_locks_find(const device_locks *locks, int64_t id)
{
    size_t low = 0, high = locks->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (locks->devices[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < locks->count && locks->devices[low].id == id ? &locks->devices[low] : NULL;
}

sp_status device_lock_one(db_tx *tx, const device_scope *scope, int64_t device_id, device_locked *ret_locked)
{
    device_locks locks;
    sp_status st = device_lock(tx, scope, &device_id, 1, &locks);

    if (sp_failed(st))
        return st;
    if (locks.count == 0)
        return DEVICE_NOT_FOUND;
    *ret_locked = locks.devices[0];
    return SP_DONE;
}

/* ---- In and out -------------------------------------------------------------------------------------------------- */

sp_status device_approve(db_tx *tx, const device_scope *scope, int64_t device_id, int64_t by_user_id)
{
    sp_status st = db_query(
        tx, SQL_DEVICE_APPROVE,
        DB_ARGS(db_int64(scope->enterprise_id), db_int64(device_id), db_time(scope->now_ms), db_int64(by_user_id)),
        NULL);
    return sp_failed(st) ? st : notify(tx, ids_arg(tx, &device_id, 1));
}

static sp_status revoke_certificates(db_tx *tx, const device_scope *scope, db_arg devices)
{
    return db_query(tx, SQL_DEVICE_REVOKE_CERTIFICATES,
                    DB_ARGS(db_int64(scope->enterprise_id), devices, db_time(scope->now_ms)), NULL);
}

sp_status device_revoke(db_tx *tx, const device_scope *scope, int64_t device_id)
{
    const db_arg device = ids_arg(tx, &device_id, 1);
    sp_status st = revoke_certificates(tx, scope, device);

    return sp_failed(st) ? st : notify(tx, device);
}

sp_status device_move(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count, int64_t group_id,
                      int64_t section_id)
{
    return db_query(tx, SQL_DEVICE_MOVE,
                    DB_ARGS(db_int64(scope->enterprise_id), ids_arg(tx, ids, count), db_int64(group_id),
                            db_int64_or_null(section_id)),
                    NULL);
}

static sp_status delete_all(db_tx *tx, const device_scope *scope, db_arg devices)
{
    const db_arg enterprise = db_int64(scope->enterprise_id);
    sp_status st = db_query(tx, SQL_DEVICE_LOCK_FEEDS, DB_ARGS(enterprise, devices), NULL);

    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_DELETE_FEEDS, DB_ARGS(enterprise, devices), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_DELETE_PEOPLE, DB_ARGS(enterprise, devices), NULL);
    if (!sp_failed(st))
        st = revoke_certificates(tx, scope, devices);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_DELETE, DB_ARGS(enterprise, devices, db_time(scope->now_ms)), NULL);
    return sp_failed(st) ? st : notify(tx, devices);
}

sp_status device_delete(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count)
{
    return count == 0 ? SP_DONE : delete_all(tx, scope, ids_arg(tx, ids, count));
}

sp_status device_store_delete(db_tx *tx, const device_scope *scope, int64_t device_id, const char **ret_name)
{
    device_locked device;
    sp_status st = device_lock_one(tx, scope, device_id, &device);

    if (sp_failed(st))
        return st;
    *ret_name = device.name;
    return device.online ? DEVICE_STILL_ONLINE : device_delete(tx, scope, &device_id, 1);
}

/* ---- Another in its place ---------------------------------------------------------------------------------------- */

/* A version that nobody had; the plan's own may be later, when clocks differ, and then nothing waits for it. */
static sp_status replace_displays(db_tx *tx, db_arg enterprise, db_arg former, db_arg newer)
{
    const db_arg version = db_int64(id_next());
    sp_status st = db_query(tx, SQL_DEVICE_REPLACE_PLAN, DB_ARGS(enterprise, former, newer, version), NULL);

    return sp_failed(st) ? st
                         : db_query(tx, SQL_DEVICE_REPLACE_DISPLAYS, DB_ARGS(enterprise, former, newer, version), NULL);
}

sp_status device_replace(db_tx *tx, const device_scope *scope, int64_t old_id, int64_t new_id, int64_t by_user_id)
{
    const int64_t both[] = {old_id, new_id};
    const db_arg enterprise = db_int64(scope->enterprise_id), former = db_int64(old_id), newer = db_int64(new_id),
                 now = db_time(scope->now_ms);
    sp_status st = db_query(tx, SQL_DEVICE_LOCK_FEEDS, DB_ARGS(enterprise, ids_arg(tx, both, 2)), NULL);

    if (!sp_failed(st))
        st = settings_copy(tx, scope->enterprise_id, old_id, new_id);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_REPLACE_DEVICE, DB_ARGS(enterprise, former, newer, now, db_int64(by_user_id)),
                      NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_REPLACE_PEOPLE, DB_ARGS(enterprise, former, newer, now), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_DEVICE_REPLACE_FEED, DB_ARGS(enterprise, newer), NULL);
    if (!sp_failed(st))
        st = replace_displays(tx, enterprise, former, newer);
    if (!sp_failed(st))
        st = device_delete(tx, scope, &old_id, 1);
    return sp_failed(st) ? st : notify(tx, ids_arg(tx, &new_id, 1));
}
