/* The SQL of terminals. */
#include "device_store.h"

#include "server_devices_sql.h"
#include "settings.h"
#include "timestamp.h"

typedef Smartpass__V1__Device Device;

/* How the terminal is, by its own account and by its stream. */
static void condition_from_row(Device *d, arena *a, const db_rows *rows, int row, int first)
{
    d->place = (char *)db_row_text(rows, row, first);
    d->waiting = db_row_bool(rows, row, first + 1);
    d->clock_skew_ms = db_row_int(rows, row, first + 2);
    d->unsent_snapshots = db_row_int(rows, row, first + 3);
    d->free_bytes = db_row_int(rows, row, first + 4);
    d->total_bytes = db_row_int(rows, row, first + 5);
    d->last_error = (char *)db_row_text(rows, row, first + 6);
    d->people_capacity = (int32_t)db_row_int(rows, row, first + 7);
    d->connect_time = timestamp_or_null(a, db_row_time_ms(rows, row, first + 8));
}

static Device *device_from_row(arena *a, const db_rows *rows, int row)
{
    Device *d = arena_alloc(a, sizeof *d);
    if (!d)
        return NULL;
    smartpass__v1__device__init(d);
    d->id = db_row_int(rows, row, 0);
    d->name = (char *)db_row_text(rows, row, 1);
    d->serial_number = (char *)db_row_text(rows, row, 2);
    d->group_id = db_row_int(rows, row, 3);
    d->state = db_row_bool(rows, row, 4) ? SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_ONLINE
                                         : SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_OFFLINE;
    d->last_seen_time = timestamp_or_null(a, db_row_time_ms(rows, row, 5));
    d->address = (char *)db_row_text(rows, row, 6);
    d->mac = (char *)db_row_text(rows, row, 7);
    d->model = (char *)db_row_text(rows, row, 8);
    d->software_version = (char *)db_row_text(rows, row, 9);
    d->engine = (char *)db_row_text(rows, row, 10);
    d->people_count = (int32_t)db_row_int(rows, row, 11);
    d->photo_count = (int32_t)db_row_int(rows, row, 12);
    d->unsent_records = db_row_int(rows, row, 13);
    d->settings = settings_new(a, db_row_int(rows, row, 14), d->name);
    d->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 15));
    d->pending_people = (int32_t)db_row_int(rows, row, 16);
    d->certificate_expire_time = timestamp_or_null(a, db_row_time_ms(rows, row, 17));
    d->section_id = db_row_int(rows, row, 18);
    condition_from_row(d, a, rows, row, 19);
    return d->settings ? d : NULL;
}

static sp_status list(db_tx *tx, const device_scope *scope, const device_filter *f, int64_t device_id, const page *p,
                      Device ***ret_devices, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_DEVICE_LIST,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(f->query),
                                    db_time(scope->now_ms - DEVICE_ONLINE_MS), db_int16((int16_t)f->state),
                                    db_int64(f->section_id), db_bool(f->waiting), db_int16((int16_t)f->condition),
                                    db_text(f->software_version), db_int64(device_id), db_bool(p->first),
                                    db_text(p->text), db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                            &rows);
    if (sp_failed(st))
        return st;

    Device **devices = arena_array(a, (size_t)rows.count + 1, sizeof *devices);
    for (int i = 0; i < rows.count; i++)
        if (!devices || !(devices[i] = device_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_devices = devices;
    *ret_count = (size_t)rows.count;
    return devices ? settings_fill(tx, scope->enterprise_id, devices, *ret_count) : DB_NO_MEMORY;
}

sp_status device_store_list(db_tx *tx, const device_scope *scope, const device_filter *filter, const page *p,
                            Device ***ret_devices, size_t *ret_count)
{
    return list(tx, scope, filter, 0, p, ret_devices, ret_count);
}

sp_status device_store_get(db_tx *tx, const device_scope *scope, int64_t device_id, Device **ret_device)
{
    const device_filter any = {.query = "", .software_version = ""};
    const page one = {.size = 1, .first = true, .text = ""};
    Device **devices;
    size_t count;

    if (device_id == 0)
        return DEVICE_NOT_FOUND;
    sp_status st = list(tx, scope, &any, device_id, &one, &devices, &count);
    if (sp_failed(st))
        return st;
    if (count == 0)
        return DEVICE_NOT_FOUND;
    *ret_device = devices[0];
    return SP_DONE;
}

sp_status device_read(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t now_ms, Device **ret_device)
{
    const device_scope all = {enterprise_id, db_null(), now_ms};

    return device_store_get(tx, &all, device_id, ret_device);
}

sp_status device_store_count(db_tx *tx, const device_scope *scope, const device_filter *f, int32_t *ret_total,
                             int32_t *ret_online)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DEVICE_COUNT,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(f->query),
                                    db_time(scope->now_ms - DEVICE_ONLINE_MS), db_int16((int16_t)f->state),
                                    db_int64(f->section_id), db_bool(f->waiting), db_int16((int16_t)f->condition),
                                    db_text(f->software_version)),
                            &rows);
    if (sp_failed(st))
        return st;
    *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    *ret_online = (int32_t)db_row_int(&rows, 0, 1);
    return SP_DONE;
}

sp_status device_store_place(db_tx *tx, const device_scope *scope, const Smartpass__V1__UpdateDeviceRequest *request)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_DEVICE_PLACE,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(request->id), db_text(request->name),
                         db_int64(request->group_id), db_int64_or_null(request->section_id), db_text(request->place)),
                 &rows);
    if (sp_failed(st))
        return st;
    return rows.affected > 0 ? SP_DONE : DEVICE_NOT_FOUND;
}
