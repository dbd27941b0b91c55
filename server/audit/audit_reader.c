#include "audit_reader.h"

#include "server_audit_service_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__AuditRow AuditRow;

static bool row_read(arena *a, const db_rows *rows, int row, AuditRow *r)
{
    smartpass__v1__audit_row__init(r);
    r->id = db_row_int(rows, row, 0);
    r->time = timestamp_or_null(a, db_row_time_ms(rows, row, 1));
    r->module = (char *)db_row_text(rows, row, 2);
    r->action = (char *)db_row_text(rows, row, 3);
    r->object = (char *)db_row_text(rows, row, 4);
    r->code = (int32_t)db_row_int(rows, row, 5);
    r->reason = (char *)db_row_text(rows, row, 6);
    r->operator_ = (char *)db_row_text(rows, row, 7);
    r->address = (char *)db_row_text(rows, row, 8);
    r->erased = db_row_bool(rows, row, 9);
    r->seal = db_row_int(rows, row, 10);
    return r->time != NULL;
}

sp_status audit_reader_list(db_tx *tx, const audit_filter *f, const page *p, AuditRow ***ret_rows, size_t *ret_count,
                            int64_t *ret_last_us)
{
    arena *a = db_tx_arena(tx);
    AuditRow **list;
    db_rows rows;
    sp_status st = db_query(tx, SQL_AUDIT_LIST,
                            DB_ARGS(db_int64(f->enterprise_id), db_time_or_null(f->from_ms), db_time_or_null(f->to_ms),
                                    db_text(f->module), db_text(f->operator_name), db_text(f->query),
                                    db_bool(f->refused), db_bool(p->first), db_int64(p->number), db_int64(p->id),
                                    db_int32(p->size + 1), db_int32(p->skip)),
                            &rows);

    if (sp_failed(st))
        return st;
    list = arena_array(a, (size_t)rows.count + 1, sizeof *list);
    for (int i = 0; i < rows.count; i++)
        if (!list || !(list[i] = arena_alloc(a, sizeof **list)) || !row_read(a, &rows, i, list[i]))
            return DB_NO_MEMORY;
    *ret_rows = list;
    *ret_count = (size_t)rows.count;
    *ret_last_us = rows.count ? db_row_int(&rows, (rows.count < p->size ? rows.count : p->size) - 1, 11) : 0;
    return SP_DONE;
}

sp_status audit_reader_count(db_tx *tx, const audit_filter *f, int32_t *ret_total)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_AUDIT_COUNT,
                 DB_ARGS(db_int64(f->enterprise_id), db_time_or_null(f->from_ms), db_time_or_null(f->to_ms),
                         db_text(f->module), db_text(f->operator_name), db_text(f->query), db_bool(f->refused)),
                 &rows);

    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status audit_reader_get(db_tx *tx, int64_t enterprise_id, int64_t id, AuditRow *ret_row)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_AUDIT_GET, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return AUDIT_ROW_NOT_FOUND;
    if (!row_read(db_tx_arena(tx), &rows, 0, ret_row))
        return DB_NO_MEMORY;
    ret_row->before = (char *)db_row_text(&rows, 0, 11);
    ret_row->after = (char *)db_row_text(&rows, 0, 12);
    return SP_DONE;
}
