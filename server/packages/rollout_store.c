#include "rollout_store.h"

#include <stdlib.h>

#include "id.h"
#include "package_rules.h"
#include "server_packages_sql.h"
#include "timestamp.h"

/* ---- Making one -------------------------------------------------------------------------------------------------- */

sp_status rollout_store_targets(db_tx *tx, const rollout_scope *scope, const int64_t *ids, size_t count,
                                int64_t **ret_devices, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_arg wanted = count > 0 ? db_int64_array(a, ids, count) : db_null();
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_ROLLOUT_TARGETS,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups, wanted, db_int32(ROLLOUT_DEVICES_MAX)), &rows);

    if (sp_failed(st))
        return st;
    int64_t *devices = db_rows_ints(&rows, 0, a);
    if (!devices)
        return DB_NO_MEMORY;
    *ret_devices = devices;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

static sp_status add_devices(db_tx *tx, const rollout_scope *scope, const new_rollout *r, int64_t id)
{
    arena *a = db_tx_arena(tx);
    db_column devices, stages;

    db_column_init(&devices, a, DB_COLUMN_INT64);
    db_column_init(&stages, a, DB_COLUMN_INT16);
    for (size_t i = 0; i < r->device_count; i++) {
        db_column_int(&devices, r->devices[i]);
        db_column_int(&stages, (int64_t)rollout_stage_of(i, r->device_count, r->stages, r->stage_count));
    }
    return db_query(tx, SQL_ROLLOUT_ADD_DEVICES,
                    DB_ARGS(db_int64(scope->enterprise_id), db_int64(id), db_column_arg(&devices),
                            db_column_arg(&stages), db_time(scope->now_ms)),
                    NULL);
}

sp_status rollout_store_add(db_tx *tx, const rollout_scope *scope, const new_rollout *r, int64_t *ret_id)
{
    int64_t id = id_next();
    db_column stages;

    db_column_init(&stages, db_tx_arena(tx), DB_COLUMN_INT16);
    for (size_t i = 0; i < r->stage_count; i++)
        db_column_int(&stages, r->stages[i]);
    sp_status st =
        db_query(tx, SQL_ROLLOUT_ADD,
                 DB_ARGS(db_int64(scope->enterprise_id), db_int64(id), db_int64(r->package_id),
                         db_text(r->package.version), db_int64(r->package.version_number), db_text(r->package.model),
                         db_column_arg(&stages), db_int16((int16_t)r->stop_percent), db_bool(r->force),
                         db_text(r->operator_name), db_time(scope->now_ms)),
                 NULL);
    if (!sp_failed(st))
        st = add_devices(tx, scope, r, id);
    *ret_id = id;
    return st;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* "10,50,100", as the database writes it. */
static bool read_stages(arena *a, const char *text, Rollout *r)
{
    r->stages = arena_array(a, ROLLOUT_STAGES_MAX, sizeof *r->stages);
    while (r->stages && *text && r->n_stages < ROLLOUT_STAGES_MAX) {
        char *end;

        r->stages[r->n_stages++] = (int32_t)strtol(text, &end, 10);
        text = *end ? end + 1 : end;
    }
    return r->stages != NULL;
}

static Rollout *from_row(arena *a, const db_rows *rows, int row)
{
    Rollout *r = arena_alloc(a, sizeof *r);

    if (!r)
        return NULL;
    smartpass__v1__rollout__init(r);
    r->id = db_row_int(rows, row, 0);
    r->package_id = db_row_int(rows, row, 1);
    r->version = (char *)db_row_text(rows, row, 2);
    r->model = (char *)db_row_text(rows, row, 3);
    r->state = (Smartpass__V1__RolloutState)db_row_int(rows, row, 4);
    r->stage = (int32_t)db_row_int(rows, row, 6);
    r->stop_percent = (int32_t)db_row_int(rows, row, 7);
    r->force = db_row_bool(rows, row, 8);
    r->operator_ = (char *)db_row_text(rows, row, 9);
    r->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 10));
    r->end_time = timestamp_or_null(a, db_row_time_ms(rows, row, 11));
    r->device_count = (int32_t)db_row_int(rows, row, 12);
    r->waiting_count = (int32_t)db_row_int(rows, row, 13);
    r->working_count = (int32_t)db_row_int(rows, row, 14);
    r->done_count = (int32_t)db_row_int(rows, row, 15);
    r->failed_count = (int32_t)db_row_int(rows, row, 16);
    r->skipped_count = (int32_t)db_row_int(rows, row, 17);
    return read_stages(a, db_row_text(rows, row, 5), r) ? r : NULL;
}

static sp_status list(db_tx *tx, const rollout_scope *scope, const page *p, int64_t id, Rollout ***ret_rollouts,
                      size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_ROLLOUT_LIST,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_bool(p->first), db_int64(p->id),
                                    db_int32(p->size + 1), db_int64(id), db_int32(p->skip)),
                            &rows);

    if (sp_failed(st))
        return st;
    Rollout **rollouts = arena_array(a, (size_t)rows.count + 1, sizeof *rollouts);
    for (int i = 0; i < rows.count; i++)
        if (!rollouts || !(rollouts[i] = from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_rollouts = rollouts;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status rollout_store_list(db_tx *tx, const rollout_scope *scope, const page *p, Rollout ***ret_rollouts,
                             size_t *ret_count)
{
    return list(tx, scope, p, 0, ret_rollouts, ret_count);
}

static sp_status count_of(db_tx *tx, const db_statement *statement, const db_arg *args, size_t n, int32_t *ret_total)
{
    db_rows rows;
    sp_status st = db_query_n(tx, statement, args, n, &rows);

    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status rollout_store_count(db_tx *tx, const rollout_scope *scope, int32_t *ret_total)
{
    const db_arg args[] = {db_int64(scope->enterprise_id), scope->groups};

    return count_of(tx, &SQL_ROLLOUT_COUNT, args, 2, ret_total);
}

sp_status rollout_store_get(db_tx *tx, const rollout_scope *scope, int64_t id, Rollout **ret_rollout)
{
    const page one = {.size = 1, .first = true};
    Rollout **rollouts;
    size_t count;
    sp_status st = id == 0 ? ROLLOUT_NOT_FOUND : list(tx, scope, &one, id, &rollouts, &count);

    if (sp_failed(st))
        return st;
    if (count == 0)
        return ROLLOUT_NOT_FOUND;
    *ret_rollout = rollouts[0];
    return SP_DONE;
}

/* ---- Changing it ------------------------------------------------------------------------------------------------- */

sp_status rollout_store_hold(db_tx *tx, const rollout_scope *scope, int64_t id, Smartpass__V1__RolloutState *ret_state,
                             const char **ret_version)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_ROLLOUT_HOLD, DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return ROLLOUT_NOT_FOUND;
    *ret_state = (Smartpass__V1__RolloutState)db_row_int(&rows, 0, 0);
    *ret_version = db_row_text(&rows, 0, 1);
    return SP_DONE;
}

sp_status rollout_store_go_on(db_tx *tx, const rollout_scope *scope, int64_t id)
{
    return db_query(tx, SQL_ROLLOUT_GO_ON, DB_ARGS(db_int64(scope->enterprise_id), db_int64(id)), NULL);
}

sp_status rollout_store_cancel(db_tx *tx, const rollout_scope *scope, int64_t id)
{
    return db_query(tx, SQL_ROLLOUT_CANCEL,
                    DB_ARGS(db_int64(scope->enterprise_id), db_int64(id), db_time(scope->now_ms)), NULL);
}

/* ---- Its terminals ----------------------------------------------------------------------------------------------- */

static RolloutDevice *device_from_row(arena *a, const db_rows *rows, int row)
{
    RolloutDevice *d = arena_alloc(a, sizeof *d);
    int64_t received = db_row_int(rows, row, 4), size = db_row_int(rows, row, 8);

    if (!d)
        return NULL;
    smartpass__v1__rollout_device__init(d);
    d->device_id = db_row_int(rows, row, 0);
    d->device_name = (char *)db_row_text(rows, row, 1);
    d->state = (Smartpass__V1__RolloutDeviceState)db_row_int(rows, row, 2);
    d->reason = (char *)db_row_text(rows, row, 3);
    d->percent = size > 0 && received > 0 ? (int32_t)(received < size ? received * 100 / size : 100) : 0;
    d->stage = (int32_t)db_row_int(rows, row, 5);
    d->update_time = timestamp_or_null(a, db_row_time_ms(rows, row, 6));
    d->software_version = (char *)db_row_text(rows, row, 7);
    return d;
}

sp_status rollout_store_devices(db_tx *tx, const rollout_scope *scope, int64_t id, int state, const page *p,
                                RolloutDevice ***ret_devices, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_ROLLOUT_DEVICE_LIST,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(id),
                                    db_int16((int16_t)state), db_bool(p->first), db_int64(p->number), db_int64(p->id),
                                    db_int32(p->size + 1), db_int32(p->skip)),
                            &rows);

    if (sp_failed(st))
        return st;
    RolloutDevice **devices = arena_array(a, (size_t)rows.count + 1, sizeof *devices);
    for (int i = 0; i < rows.count; i++)
        if (!devices || !(devices[i] = device_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_devices = devices;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status rollout_store_device_count(db_tx *tx, const rollout_scope *scope, int64_t id, int state, int32_t *ret_total)
{
    const db_arg args[] = {db_int64(scope->enterprise_id), scope->groups, db_int64(id), db_int16((int16_t)state)};

    return count_of(tx, &SQL_ROLLOUT_DEVICE_COUNT, args, 4, ret_total);
}
