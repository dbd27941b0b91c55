#include "retention.h"

#include "server_pass_sql.h"

sp_status retention_sweep(const retention_options *options, int64_t now_ms)
{
    const db_arg rejected = db_time(now_ms - options->rejected_ms), alarms = db_time(now_ms - options->alarms_ms);
    arena memory;
    db_tx *tx;

    arena_init(&memory, 64 << 10);
    sp_status st = db_begin(options->system, 0, &memory, &tx);
    if (!sp_failed(st)) {
        st = db_query_n(tx, &SQL_RETENTION_REJECTED, &rejected, 1, NULL);
        if (!sp_failed(st))
            st = db_query_n(tx, &SQL_RETENTION_REJECTED_EMPTY, &rejected, 1, NULL);
        if (!sp_failed(st))
            st = db_query_n(tx, &SQL_RETENTION_ALARMS, &alarms, 1, NULL);
        st = db_end(tx, st);
    }
    arena_done(&memory);
    return st;
}
