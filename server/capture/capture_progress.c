#include "capture_progress.h"

#include "server_capture_sql.h"

enum { ARENA = 64 << 10, KEEP_MS = 24 * 60 * 60 * 1000 };

static void order_from_rows(const db_rows *rows, capture_order *ret)
{
    *ret = (capture_order){0};
    if (rows->count == 0)
        return;
    ret->id = db_row_int(rows, 0, 0);
    ret->user_id = db_row_int(rows, 0, 1);
    ret->state = (capture_state)db_row_int(rows, 0, 2);
    ret->expires_ms = db_row_time_ms(rows, 0, 3);
}

/* One statement in a transaction of its own. ret_order may be NULL. */
static sp_status run(db_pool *system, const db_statement *statement, const db_arg *args, int count,
                     capture_order *ret_order)
{
    arena memory;
    db_rows rows;
    db_tx *tx;

    arena_init(&memory, ARENA);
    sp_status st = db_begin(system, 0, &memory, &tx);
    if (!sp_failed(st)) {
        st = db_end(tx, db_query_n(tx, statement, args, count, &rows));
        if (!sp_failed(st) && ret_order)
            order_from_rows(&rows, ret_order);
    }
    arena_done(&memory);
    return st;
}

sp_status capture_find_open(db_pool *system, int64_t enterprise_id, int64_t device_id, int64_t now_ms,
                            capture_order *ret_order)
{
    const db_arg args[] = {db_int64(enterprise_id), db_int64(device_id), db_time(now_ms)};

    return run(system, &SQL_CAPTURE_OPEN, args, 3, ret_order);
}

sp_status capture_advance(db_pool *system, int64_t enterprise_id, int64_t id, const capture_progress *to,
                          int64_t now_ms, capture_order *ret_order)
{
    const db_arg args[] = {db_int64(enterprise_id),        db_int64(id),
                           db_int16((int16_t)to->state),   db_text(to->reason),
                           db_int64_or_null(to->photo_id), db_time(now_ms)};

    return run(system, &SQL_CAPTURE_ADVANCE, args, 6, ret_order);
}

sp_status capture_shown(db_pool *system, int64_t enterprise_id, int64_t id)
{
    const db_arg args[] = {db_int64(enterprise_id), db_int64(id)};

    return run(system, &SQL_CAPTURE_SHOWN, args, 2, NULL);
}

sp_status capture_sweep(db_pool *system, int64_t now_ms)
{
    const db_arg now = db_time(now_ms), old = db_time(now_ms - KEEP_MS);
    sp_status st = run(system, &SQL_CAPTURE_SWEEP_LATE, &now, 1, NULL);

    return sp_failed(st) ? st : run(system, &SQL_CAPTURE_SWEEP_OLD, &old, 1, NULL);
}
