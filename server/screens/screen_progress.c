#include "screen_progress.h"

#include "id.h"
#include "screen_rules.h"
#include "server_screens_sql.h"

enum { ARENA = 64 << 10, PICTURE_ARENA = 2 * SCREEN_LARGEST + ARENA };

/* One statement in a transaction of its own, with what it returns in the arena. */
static sp_status run(db_pool *system, arena *a, const db_statement *statement, const db_arg *args, size_t count,
                     db_rows *ret_rows)
{
    db_tx *tx;
    sp_status st = db_begin(system, 0, a, &tx);

    return sp_failed(st) ? st : db_end(tx, db_query_n(tx, statement, args, count, ret_rows));
}

/* The same, for whoever wants to know only how many rows it was about. */
static sp_status run_for_count(db_pool *system, const db_statement *statement, const db_arg *args, size_t count,
                               int64_t *ret_affected)
{
    arena memory;
    db_rows rows;

    arena_init(&memory, ARENA);
    sp_status st = run(system, &memory, statement, args, count, &rows);
    if (!sp_failed(st) && ret_affected)
        *ret_affected = rows.affected;
    arena_done(&memory);
    return st;
}

sp_status screen_wanted(db_pool *system, const screen_of *of, int64_t *ret_left_ms)
{
    arena memory;
    db_rows rows;

    arena_init(&memory, ARENA);
    sp_status st =
        run(system, &memory, &SQL_SCREEN_WANTED, DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id)), &rows);
    if (!sp_failed(st))
        *ret_left_ms = db_row_int(&rows, 0, 0);
    arena_done(&memory);
    return st;
}

sp_status screen_watched(db_pool *system, arena *a, int64_t **ret_device_ids, size_t *ret_count)
{
    db_rows rows;
    sp_status st = run(system, a, &SQL_SCREEN_WATCHED, DB_NO_ARGS, &rows);

    if (sp_failed(st))
        return st;
    int64_t *ids = db_rows_ints(&rows, 0, a);
    if (!ids)
        return DB_NO_MEMORY;
    *ret_device_ids = ids;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status screen_keep(db_pool *system, const blob_store *blobs, const screen_of *of, screen_bytes picture,
                      int64_t now_ms, bool *ret_kept)
{
    screen_bytes sealed;
    arena memory;
    db_rows rows;

    arena_init(&memory, PICTURE_ARENA);
    sp_status st = screen_seal(blobs, &memory, of, picture, &sealed);
    if (!sp_failed(st))
        st = run(system, &memory, &SQL_SCREEN_KEEP,
                 DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id), db_int64(id_next()),
                         db_bytes(sealed.bytes, sealed.size), db_time(now_ms)),
                 &rows);
    if (!sp_failed(st))
        *ret_kept = rows.affected > 0;
    arena_done(&memory);
    return st;
}

sp_status screen_same(db_pool *system, const screen_of *of, int64_t now_ms, bool *ret_kept)
{
    int64_t count;
    sp_status st =
        run_for_count(system, &SQL_SCREEN_SAME,
                      DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id), db_time(now_ms)), &count);

    if (!sp_failed(st))
        *ret_kept = count > 0;
    return st;
}

sp_status screen_forget(db_pool *system, const screen_of *of)
{
    return run_for_count(system, &SQL_SCREEN_FORGET, DB_ARGS(db_int64(of->enterprise_id), db_int64(of->device_id)),
                         NULL);
}

sp_status screens_sweep(db_pool *system)
{
    sp_status st = run_for_count(system, &SQL_SCREEN_SWEEP_WATCHES, DB_NO_ARGS, NULL);

    return sp_failed(st) ? st : run_for_count(system, &SQL_SCREEN_SWEEP_FRAMES, DB_NO_ARGS, NULL);
}
