#include "rollout_driver.h"

#include "devices.h"
#include "package_rules.h"
#include "server_packages_sql.h"

enum { AWAY_MS = 15 * 60000 }; /* that a terminal which is installing may be offline for */

typedef struct {
    db_tx *tx;
    int64_t enterprise_id, rollout_id, now_ms;
} drive;

static sp_status step(const drive *d, const db_statement *statement, int64_t *ret_affected)
{
    const db_arg args[] = {db_int64(d->enterprise_id), db_int64(d->rollout_id), db_time(d->now_ms)};
    db_rows rows;
    sp_status st = db_query_n(d->tx, statement, args, 3, &rows);

    if (!sp_failed(st) && ret_affected)
        *ret_affected = rows.affected;
    return st;
}

static sp_status select_rollouts(const drive *d, int *ret_count)
{
    db_rows rows;
    sp_status st =
        db_query(d->tx, SQL_ROLLOUT_LOCK, DB_ARGS(db_int64(d->enterprise_id), db_int64(d->rollout_id)), &rows);

    *ret_count = sp_failed(st) ? 0 : rows.count;
    return st;
}

static sp_status stop(const drive *d, bool *ret_stopped)
{
    db_rows rows;
    sp_status st =
        db_query(d->tx, SQL_ROLLOUT_STOP, DB_ARGS(db_int64(d->enterprise_id), db_int64(d->rollout_id)), &rows);

    *ret_stopped = !sp_failed(st) && rows.affected > 0;
    return st;
}

/* A stage whose terminals are all offline or through is left at once, so there may be several to begin. */
static sp_status advance(const drive *d, bool *ret_begun)
{
    int64_t begun = 1;
    sp_status st = SP_DONE;

    for (int i = 0; i < ROLLOUT_STAGES_MAX && begun > 0 && !sp_failed(st); i++) {
        db_rows rows;

        st = db_query(d->tx, SQL_ROLLOUT_ADVANCE,
                      DB_ARGS(db_int64(d->enterprise_id), db_int64(d->rollout_id),
                              db_time(d->now_ms - DEVICE_ONLINE_MS), db_time(d->now_ms - AWAY_MS)),
                      &rows);
        begun = sp_failed(st) ? 0 : rows.affected;
        *ret_begun = *ret_begun || begun > 0;
    }
    return st;
}

sp_status rollout_tell(db_tx *tx, int64_t enterprise_id, int64_t rollout_id, int64_t now_ms)
{
    return db_query(tx, SQL_ROLLOUT_NOTIFY,
                    DB_ARGS(db_int64(enterprise_id), db_int64(rollout_id), db_time(now_ms - DEVICE_ONLINE_MS)), NULL);
}

sp_status rollout_drive(db_tx *tx, int64_t enterprise_id, int64_t rollout_id, int64_t now_ms, bool told)
{
    const drive d = {tx, enterprise_id, rollout_id, now_ms};
    bool changed = false;
    int count;
    sp_status st = select_rollouts(&d, &count);

    if (sp_failed(st) || count == 0)
        return st;
    st = step(&d, &SQL_ROLLOUT_SKIP, NULL);
    if (!sp_failed(st))
        st = step(&d, &SQL_ROLLOUT_LOSE, NULL);
    if (!sp_failed(st))
        st = stop(&d, &changed);
    if (!sp_failed(st))
        st = advance(&d, &changed);
    if (!sp_failed(st))
        st = step(&d, &SQL_ROLLOUT_FINISH, NULL);
    if (!sp_failed(st) && (told || changed))
        st = rollout_tell(tx, enterprise_id, rollout_id, now_ms);
    return st;
}
