/* The SQL of the queue: taking operations, keeping them, ending them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "operation_store.h"
#include "server_operations_sql.h"

/* ---- Notifications ----------------------------------------------------------------------------------------------- */

static const char *const NEWS[] = {
    [OPERATION_NEWS_QUEUED] = "queued",
    [OPERATION_NEWS_CANCEL] = "cancel",
    [OPERATION_NEWS_CHANGED] = "changed",
};

sp_status operation_store_notify(db_tx *tx, operation_news news, int64_t enterprise_id, int64_t id)
{
    char payload[64];

    snprintf(payload, sizeof payload, "%s %" PRId64 " %" PRId64, NEWS[news], enterprise_id, id);
    return db_query(tx, SQL_OPERATION_NOTIFY, DB_ARGS(db_text(payload)), NULL);
}

bool operation_news_read(const char *payload, operation_news *ret_news, int64_t *ret_enterprise_id, int64_t *ret_id)
{
    char word[16];

    if (sscanf(payload, "%15s %" SCNd64 " %" SCNd64, word, ret_enterprise_id, ret_id) != 3)
        return false;
    for (size_t i = 0; i < sizeof NEWS / sizeof *NEWS; i++)
        if (strcmp(word, NEWS[i]) == 0) {
            *ret_news = (operation_news)i;
            return true;
        }
    return false;
}

/* ---- Taking ------------------------------------------------------------------------------------------------------ */

static db_arg kind_names(arena *a, const operation_kind *kinds, size_t count, bool resumable_only)
{
    db_column names;

    db_column_init(&names, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < count; i++)
        if (kinds[i].resumable || !resumable_only)
            db_column_text(&names, kinds[i].name);
    return db_column_arg(&names);
}

static sp_status bury(db_tx *tx, const operation_taking *t)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_OPERATION_BURY,
                            DB_ARGS(kind_names(a, t->kinds, t->count, false), kind_names(a, t->kinds, t->count, true),
                                    db_int32(OPERATION_ATTEMPTS_MAX), db_time(t->now_ms),
                                    db_int16((int16_t)INTERRUPTED.code), db_text(INTERRUPTED.reason),
                                    db_text(INTERRUPTED.message), db_int16((int16_t)ATTEMPTS_EXHAUSTED.code),
                                    db_text(ATTEMPTS_EXHAUSTED.reason), db_text(ATTEMPTS_EXHAUSTED.message)),
                            &rows);
    for (int i = 0; !sp_failed(st) && i < rows.count; i++)
        st = operation_store_notify(tx, OPERATION_NEWS_CHANGED, db_row_int(&rows, i, 0), db_row_int(&rows, i, 1));
    return st;
}

static void taken_from_row(const db_rows *rows, int64_t owner, operation_taken *t)
{
    *t = (operation_taken){
        .lease = {db_row_int(rows, 0, 0), db_row_int(rows, 0, 1), owner, (int)db_row_int(rows, 0, 4)},
        .kind = db_row_text(rows, 0, 2),
        .object = db_row_text(rows, 0, 3),
        .progress = {.progress = db_row_int(rows, 0, 5),
                     .total = db_row_int(rows, 0, 6),
                     .failures = db_row_int(rows, 0, 7),
                     .stage = db_row_text(rows, 0, 8)},
        .operator_user_id = db_row_int(rows, 0, 11),
        .operator= db_row_text(rows, 0, 12),
        .group_id = db_row_int(rows, 0, 13),
    };
    t->request = db_row_bytes(rows, 0, 9, &t->request_size);
    t->checkpoint = db_row_bytes(rows, 0, 10, &t->checkpoint_size);
}

sp_status operation_store_take(db_tx *tx, const operation_taking *t, operation_taken *ret_taken, bool *ret_found)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = bury(tx, t);

    if (!sp_failed(st))
        st = db_query(tx, SQL_OPERATION_TAKE,
                      DB_ARGS(kind_names(a, t->kinds, t->count, false), db_int64(t->owner), db_int64(t->lease_ms),
                              db_time(t->now_ms), db_int32(OPERATION_ATTEMPTS_MAX),
                              kind_names(a, t->kinds, t->count, true)),
                      &rows);
    if (sp_failed(st))
        return st;
    *ret_found = rows.count > 0;
    if (!*ret_found)
        return SP_DONE;
    taken_from_row(&rows, t->owner, ret_taken);
    return operation_store_notify(tx, OPERATION_NEWS_CHANGED, ret_taken->lease.enterprise_id, ret_taken->lease.id);
}

/* ---- Keeping ----------------------------------------------------------------------------------------------------- */

sp_status operation_store_write(db_tx *tx, const operation_lease *lease, int lease_ms, const operation_progress *p,
                                bool *ret_cancel)
{
    db_rows rows;
    sp_status st = db_query(
        tx, SQL_OPERATION_WRITE,
        DB_ARGS(db_int64(lease->enterprise_id), db_int64(lease->id), db_int64(lease->owner), db_int32(lease->attempt),
                db_int64(p->progress), db_int64(p->total), db_int64(p->failures), db_text(p->stage),
                db_bytes(p->checkpoint ? p->checkpoint : "", p->checkpoint_size), db_int64(lease_ms)),
        &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return OPERATION_LOST;
    *ret_cancel = db_row_bool(&rows, 0, 0);
    return SP_DONE;
}

typedef struct {
    db_arg enterprises, ids, attempts;
} lease_keys;

static lease_keys keys_of(arena *a, const operation_lease *leases, size_t count)
{
    db_column enterprises, ids, attempts;

    db_column_init(&enterprises, a, DB_COLUMN_INT64);
    db_column_init(&ids, a, DB_COLUMN_INT64);
    db_column_init(&attempts, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&enterprises, leases[i].enterprise_id);
        db_column_int(&ids, leases[i].id);
        db_column_int(&attempts, leases[i].attempt);
    }
    return (lease_keys){db_column_arg(&enterprises), db_column_arg(&ids), db_column_arg(&attempts)};
}

sp_status operation_store_renew(db_tx *tx, const operation_lease *leases, size_t count, int lease_ms,
                                operation_standing *standings)
{
    lease_keys keys = keys_of(db_tx_arena(tx), leases, count);
    db_arg owner = db_int64(leases[0].owner);
    db_rows rows;
    sp_status st = db_query(tx, SQL_OPERATION_RENEW,
                            DB_ARGS(keys.enterprises, keys.ids, keys.attempts, owner, db_int64(lease_ms)), NULL);

    if (!sp_failed(st))
        st = db_query(tx, SQL_OPERATION_HELD, DB_ARGS(keys.enterprises, keys.ids, keys.attempts, owner), &rows);
    if (sp_failed(st))
        return st;
    for (size_t i = 0; i < count; i++) {
        standings[i] = (operation_standing){0};
        for (int row = 0; row < rows.count; row++)
            if (db_row_int(&rows, row, 0) == leases[i].id)
                standings[i] = (operation_standing){true, db_row_bool(&rows, row, 1)};
    }
    return SP_DONE;
}

/* ---- Ending ------------------------------------------------------------------------------------------------------ */

static sp_status told(db_tx *tx, const operation_lease *lease, sp_status st, const db_rows *rows, operation_news news)
{
    if (sp_failed(st))
        return st;
    if (rows->affected == 0)
        return OPERATION_LOST;
    return operation_store_notify(tx, news, lease->enterprise_id, lease->id);
}

sp_status operation_store_finish(db_tx *tx, const operation_lease *lease, const operation_outcome *o, int64_t now_ms)
{
    const operation_progress *p = &o->progress;
    const sp_status error = o->ending.error;
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_OPERATION_FINISH,
                 DB_ARGS(db_int64(lease->enterprise_id), db_int64(lease->id), db_int64(lease->owner),
                         db_int32(lease->attempt), db_int16((int16_t)o->ending.state), db_time(now_ms),
                         db_text(o->result_type), db_bytes(o->result ? o->result : (const uint8_t *)"", o->result_size),
                         db_int16((int16_t)error.code), db_text(error.reason), db_text(error.message),
                         db_int64(p->progress), db_int64(p->total), db_int64(p->failures), db_text(p->stage)),
                 &rows);

    return told(tx, lease, st, &rows, OPERATION_NEWS_CHANGED);
}

sp_status operation_store_release(db_tx *tx, const operation_lease *lease, bool counts, int64_t now_ms)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_OPERATION_RELEASE,
                            DB_ARGS(db_int64(lease->enterprise_id), db_int64(lease->id), db_int64(lease->owner),
                                    db_int32(lease->attempt), db_bool(counts), db_time(now_ms)),
                            &rows);

    return told(tx, lease, st, &rows, OPERATION_NEWS_QUEUED);
}

sp_status operation_store_orphans(db_tx *tx, const operation_kind *kinds, size_t count, int64_t before_ms,
                                  int64_t now_ms)
{
    return db_query(tx, SQL_OPERATION_ORPHANS,
                    DB_ARGS(kind_names(db_tx_arena(tx), kinds, count, false), db_time(before_ms), db_time(now_ms),
                            db_int16((int16_t)OPERATION_KIND_UNKNOWN.code), db_text(OPERATION_KIND_UNKNOWN.reason),
                            db_text(OPERATION_KIND_UNKNOWN.message)),
                    NULL);
}

sp_status operation_store_sweep(db_tx *tx, int64_t before_ms)
{
    return db_query(tx, SQL_OPERATION_SWEEP, DB_ARGS(db_time(before_ms)), NULL);
}
