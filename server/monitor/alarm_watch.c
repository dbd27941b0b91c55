#include "alarm_watch.h"

#include <stdlib.h>

#include "clock.h"
#include "id.h"
#include "log.h"
#include "server_monitor_sql.h"
#include "ticker.h"

enum { ARENA = 4 << 20, CERTIFICATES_MS = 60 * 1000, COMPLAIN_MS = 60 * 1000 };

struct alarm_watch {
    db_pool *system;
    int64_t owner;
    int64_t certificates_ms; /* monotonic: when certificates are due */
    int64_t complained_ms;   /* monotonic; 0: never */
    ticker *ticker;
};

/* ---- One look ---------------------------------------------------------------------------------------------------- */

/* What a statement of the watch has found. */
static sp_status raise(db_tx *tx, const db_rows *found, int64_t now_ms)
{
    arena *a = db_tx_arena(tx);
    db_column enterprise, id, device, kind, detail;

    if (found->count == 0)
        return SP_DONE;
    db_column_init(&enterprise, a, DB_COLUMN_INT64);
    db_column_init(&id, a, DB_COLUMN_INT64);
    db_column_init(&device, a, DB_COLUMN_INT64);
    db_column_init(&kind, a, DB_COLUMN_TEXT);
    db_column_init(&detail, a, DB_COLUMN_TEXT);
    for (int i = 0; i < found->count; i++) {
        db_column_int(&enterprise, db_row_int(found, i, 0));
        db_column_int(&id, id_next());
        db_column_int(&device, db_row_int(found, i, 1));
        db_column_text(&kind, db_row_text(found, i, 2));
        db_column_text(&detail, db_row_text(found, i, 3));
    }
    return db_query(tx, SQL_WATCH_RAISE,
                    DB_ARGS(db_time(now_ms), db_column_arg(&enterprise), db_column_arg(&id), db_column_arg(&device),
                            db_column_arg(&kind), db_column_arg(&detail)),
                    NULL);
}

static sp_status look(alarm_watch *w, db_tx *tx, bool certificates)
{
    int64_t now_ms = clock_now_ms();
    db_rows rows;
    sp_status st = db_query(tx, SQL_WATCH_LEASE_TAKE, DB_ARGS(db_time(now_ms), db_int64(w->owner)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    int64_t since_ms = db_row_time_ms(&rows, 0, 0);

    st = db_query(tx, SQL_WATCH_END, DB_ARGS(db_time(now_ms)), NULL);
    if (!sp_failed(st))
        st = db_query(tx, SQL_WATCH_BEGINS, DB_ARGS(db_time(now_ms), db_time(since_ms)), &rows);
    if (!sp_failed(st))
        st = raise(tx, &rows, now_ms);
    if (sp_failed(st) || !certificates)
        return st;
    st = db_query(tx, SQL_WATCH_CERTIFICATES_BEGIN, DB_ARGS(db_time(now_ms)), &rows);
    return sp_failed(st) ? st : raise(tx, &rows, now_ms);
}

/* The lease's row stays locked until the look has committed. */
sp_status alarm_watch_look(alarm_watch *w)
{
    bool certificates = clock_monotonic_ms() >= w->certificates_ms;
    arena memory;
    db_tx *tx;

    arena_init(&memory, ARENA);
    sp_status st = db_begin(w->system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, look(w, tx, certificates));
    arena_done(&memory);
    if (!sp_failed(st) && certificates)
        w->certificates_ms = clock_monotonic_ms() + CERTIFICATES_MS;
    return st;
}

static void tick(void *arg)
{
    alarm_watch *w = arg;
    int64_t now_ms = clock_monotonic_ms();
    sp_status st = alarm_watch_look(w);

    if (!sp_failed(st) || (w->complained_ms != 0 && now_ms - w->complained_ms < COMPLAIN_MS))
        return;
    w->complained_ms = now_ms;
    log_write(LOG_ERROR, "the terminals are not watched", "reason", st.reason, "message", st.message, NULL);
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

alarm_watch *alarm_watch_new(db_pool *system, int period_ms)
{
    alarm_watch *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->system = system;
    w->owner = id_next();
    if (period_ms > 0) {
        w->ticker = ticker_new(period_ms, tick, w);
        if (!w->ticker) {
            free(w);
            return NULL;
        }
    }
    return w;
}

static void lease_give_back(alarm_watch *w)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, 64 << 10);
    if (!sp_failed(db_begin(w->system, 0, &memory, &tx))) {
        sp_status st = db_query(tx, SQL_WATCH_LEASE_GIVE_BACK, DB_ARGS(db_int64(w->owner)), NULL);

        st = db_end(tx, st);
        if (sp_failed(st))
            log_write(LOG_WARNING, "the watch's lease stays until its end", "reason", st.reason, NULL);
    }
    arena_done(&memory);
}

void alarm_watch_free(alarm_watch *w)
{
    if (!w)
        return;
    ticker_free(w->ticker);
    lease_give_back(w);
    free(w);
}
