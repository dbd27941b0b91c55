#include "device_log_store.h"

#include "devices.h"
#include "server_monitor_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__DeviceLogLine DeviceLogLine;

sp_status device_log_store_device(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t device_id, int64_t now_ms,
                                  bool *ret_online)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_DEVICE_LOG_DEVICE,
        DB_ARGS(db_int64(enterprise_id), groups, db_int64(device_id), db_time(now_ms - DEVICE_ONLINE_MS)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return DEVICE_NOT_FOUND;
    *ret_online = db_row_bool(&rows, 0, 0);
    return SP_DONE;
}

static DeviceLogLine *line_from_row(arena *a, const db_rows *rows, int row)
{
    DeviceLogLine *line = arena_alloc(a, sizeof *line);

    if (!line)
        return NULL;
    smartpass__v1__device_log_line__init(line);
    line->id = db_row_int(rows, row, 0);
    line->time = timestamp_or_null(a, db_row_time_ms(rows, row, 1));
    line->level = (Smartpass__V1__LogLevel)db_row_int(rows, row, 2);
    line->event = (char *)db_row_text(rows, row, 3);
    line->detail = (char *)db_row_text(rows, row, 4);
    return line;
}

static sp_status query(db_tx *tx, int64_t enterprise_id, const device_log_filter *f, const page *p, db_rows *ret_rows)
{
    const db_arg enterprise = db_int64(enterprise_id), device = db_int64(f->device_id);
    const db_arg level = db_int16((int16_t)f->at_least), words = db_text(f->query), size = db_int32(p->size + 1);

    if (f->after_id != 0)
        return db_query(tx, SQL_DEVICE_LOG_AFTER,
                        DB_ARGS(enterprise, device, level, words, db_int64(p->first ? f->after_id : p->id), size),
                        ret_rows);
    return db_query(tx, SQL_DEVICE_LOG_LIST,
                    DB_ARGS(enterprise, device, level, words, db_bool(p->first), db_int64(p->id), size), ret_rows);
}

sp_status device_log_store_list(db_tx *tx, int64_t enterprise_id, const device_log_filter *filter, const page *p,
                                DeviceLogLine ***ret_lines, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = query(tx, enterprise_id, filter, p, &rows);

    if (sp_failed(st))
        return st;
    DeviceLogLine **lines = arena_array(a, (size_t)rows.count + 1, sizeof *lines);
    for (int i = 0; i < rows.count; i++)
        if (!lines || !(lines[i] = line_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_lines = lines;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}
