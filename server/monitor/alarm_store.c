#include "alarm_store.h"

#include "alarm_rules.h"
#include "server_monitor_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Alarm Alarm;

/* alarm_columns. */
static Alarm *alarm_from_row(arena *a, const db_rows *rows, int row)
{
    Alarm *alarm = arena_alloc(a, sizeof *alarm);

    if (!alarm)
        return NULL;
    smartpass__v1__alarm__init(alarm);
    alarm->id = db_row_int(rows, row, 0);
    alarm->kind = alarm_kind_from_word(db_row_text(rows, row, 1));
    alarm->device_id = db_row_int(rows, row, 2);
    alarm->device_name = (char *)db_row_text(rows, row, 3);
    alarm->detail = (char *)db_row_text(rows, row, 4);
    alarm->raise_time = timestamp_or_null(a, db_row_time_ms(rows, row, 5));
    alarm->end_time = timestamp_or_null(a, db_row_time_ms(rows, row, 6));
    alarm->acknowledge_time = timestamp_or_null(a, db_row_time_ms(rows, row, 7));
    alarm->acknowledged_by = (char *)db_row_text(rows, row, 8);
    return alarm;
}

sp_status alarm_store_list(db_tx *tx, const alarm_scope *scope, const alarm_filter *f, const page *p,
                           Alarm ***ret_alarms, size_t *ret_count, int64_t *ret_last_us)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_ALARM_LIST,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int16((int16_t)f->state),
                                    db_text(f->kind), db_int64(f->device_id), db_bool(p->first), db_int64(p->number),
                                    db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                            &rows);
    if (sp_failed(st))
        return st;

    Alarm **alarms = arena_array(a, (size_t)rows.count + 1, sizeof *alarms);
    for (int i = 0; i < rows.count; i++)
        if (!alarms || !(alarms[i] = alarm_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_alarms = alarms;
    *ret_count = (size_t)rows.count;
    if (rows.count > p->size)
        *ret_last_us = db_row_int(&rows, p->size - 1, 9);
    return SP_DONE;
}

sp_status alarm_store_count(db_tx *tx, const alarm_scope *scope, const alarm_filter *f, int32_t *ret_count)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_ALARM_COUNT,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int16((int16_t)f->state),
                                    db_text(f->kind), db_int64(f->device_id)),
                            &rows);

    if (!sp_failed(st))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status alarm_store_acknowledge(db_tx *tx, const alarm_scope *scope, const int64_t *ids, size_t count,
                                  const alarm_acknowledgement *how, int32_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_ALARM_ACKNOWLEDGE,
                            DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64_array(a, ids, count),
                                    db_time(how->at_ms), db_text(how->by)),
                            &rows);
    if (sp_failed(st))
        return st;

    *ret_count = rows.count;
    int64_t *done = db_rows_ints(&rows, 0, a);
    if (!done)
        return DB_NO_MEMORY;
    return db_query(tx, SQL_ALARM_NOTIFY,
                    DB_ARGS(db_int64(scope->enterprise_id), db_int64_array(a, done, (size_t)rows.count)), NULL);
}

sp_status alarm_read(db_tx *tx, int64_t enterprise_id, int64_t alarm_id, Alarm **ret_alarm, int64_t *ret_group_id)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_ALARM_GET, DB_ARGS(db_int64(enterprise_id), db_int64(alarm_id)), &rows);

    *ret_alarm = NULL;
    if (sp_failed(st) || rows.count == 0)
        return st;
    *ret_group_id = db_row_int(&rows, 0, 9);
    *ret_alarm = alarm_from_row(db_tx_arena(tx), &rows, 0);
    return *ret_alarm ? SP_DONE : DB_NO_MEMORY;
}
