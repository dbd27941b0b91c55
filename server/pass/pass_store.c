/* The SQL of pass records. */
#include "pass_store.h"

#include "server_pass_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Pass Pass;

static Pass *pass_from_row(arena *a, const db_rows *rows, int row)
{
    Pass *p = arena_alloc(a, sizeof *p);
    if (!p)
        return NULL;
    smartpass__v1__pass__init(p);
    p->id = db_row_int(rows, row, 0);
    p->occur_time = timestamp_or_null(a, db_row_time_ms(rows, row, 1));
    p->receive_time = timestamp_or_null(a, db_row_time_ms(rows, row, 2));
    p->device_id = db_row_int(rows, row, 3);
    p->device_name = (char *)db_row_text(rows, row, 4);
    p->group_id = db_row_int(rows, row, 5);
    p->kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 6);
    p->person_id = db_row_int(rows, row, 7);
    p->person_name = (char *)db_row_text(rows, row, 8);
    p->person_number = (char *)db_row_text(rows, row, 9);
    p->result = (Smartpass__V1__PassResult)db_row_int(rows, row, 10);
    p->deny_reason = (Smartpass__V1__DenyReason)db_row_int(rows, row, 11);
    p->state = (Smartpass__V1__PassState)db_row_int(rows, row, 12);
    p->temperature_centi = (int32_t)db_row_int(rows, row, 13);
    p->threshold_centi = (int32_t)db_row_int(rows, row, 14);
    p->has_snapshot = db_row_bool(rows, row, 15);
    p->photo_id = db_row_int(rows, row, 16);
    p->clock_doubtful = db_row_bool(rows, row, 17);
    return p;
}

static sp_status passes_from_rows(arena *a, const db_rows *rows, Pass ***ret_passes, size_t *ret_count)
{
    Pass **passes = arena_array(a, (size_t)rows->count + 1, sizeof *passes);

    for (int i = 0; i < rows->count; i++)
        if (!passes || !(passes[i] = pass_from_row(a, rows, i)))
            return DB_NO_MEMORY;
    *ret_passes = passes;
    *ret_count = (size_t)rows->count;
    return SP_DONE;
}

sp_status pass_store_list(db_tx *tx, const pass_filter *f, const page *p, Pass ***ret_passes, size_t *ret_count)
{
    const Smartpass__V1__ListPassesRequest *r = f->request;
    db_rows rows;
    sp_status st = db_query(tx, SQL_PASS_LIST,
                            DB_ARGS(db_int64(f->enterprise_id), db_int64(r->device_id), db_int64(r->person_id),
                                    db_int16((int16_t)r->kind), db_int16((int16_t)r->state),
                                    db_int16((int16_t)r->result), db_time_or_null(f->from_ms),
                                    db_time_or_null(f->to_ms), db_text(r->query), f->groups, db_bool(p->first),
                                    db_time(p->number), db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                            &rows);
    return sp_failed(st) ? st : passes_from_rows(db_tx_arena(tx), &rows, ret_passes, ret_count);
}

static bool asks_for_all(const pass_filter *f)
{
    const Smartpass__V1__ListPassesRequest *r = f->request;

    return r->device_id == 0 && r->person_id == 0 && r->kind == 0 && r->state == 0 && r->result == 0 &&
           f->from_ms == 0 && f->to_ms == 0 && !*r->query;
}

sp_status pass_store_count(db_tx *tx, const pass_filter *f, int32_t *ret_total)
{
    const Smartpass__V1__ListPassesRequest *r = f->request;
    db_rows rows;
    sp_status st;

    if (asks_for_all(f) && f->groups.is_null)
        st = db_query(tx, SQL_PASS_COUNT_ALL, DB_ARGS(db_int64(f->enterprise_id)), &rows);
    else if (asks_for_all(f))
        st = db_query(tx, SQL_PASS_COUNT_GROUPS, DB_ARGS(db_int64(f->enterprise_id), f->groups), &rows);
    else
        st = db_query(tx, SQL_PASS_COUNT,
                      DB_ARGS(db_int64(f->enterprise_id), db_int64(r->device_id), db_int64(r->person_id),
                              db_int16((int16_t)r->kind), db_int16((int16_t)r->state), db_int16((int16_t)r->result),
                              db_time_or_null(f->from_ms), db_time_or_null(f->to_ms), db_text(r->query), f->groups),
                      &rows);
    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status pass_read(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count, Pass ***ret_passes,
                    size_t *ret_count)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_PASS_BY_IDS,
                            DB_ARGS(db_int64(enterprise_id), db_int64_array(db_tx_arena(tx), ids, count)), &rows);
    return sp_failed(st) ? st : passes_from_rows(db_tx_arena(tx), &rows, ret_passes, ret_count);
}

sp_status pass_store_snapshot(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t pass_id, int64_t *ret_blob_id)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_PASS_SNAPSHOT_BLOB, DB_ARGS(db_int64(enterprise_id), db_int64(pass_id), groups), &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return PASS_NOT_FOUND;
    if (db_row_is_null(&rows, 0, 0) && !db_row_bool(&rows, 0, 1))
        return SNAPSHOT_NONE;
    if (db_row_is_null(&rows, 0, 0))
        return db_row_bool(&rows, 0, 2) ? SNAPSHOT_ERASED : SNAPSHOT_PENDING;
    *ret_blob_id = db_row_int(&rows, 0, 0);
    return SP_DONE;
}
