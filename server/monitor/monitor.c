/* The monitor as a whole: the watch, who hears of alarms, and what is kept for a while. */
#include "monitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "alarm_watch.h"
#include "listen.h"
#include "server_monitor_sql.h"

enum { PERIOD_MS = 5000 };

struct server_monitor {
    monitor_hooks hooks;
    alarm_watch *watch;
    db_listener *listener;
};

/* "enterprise alarm". */
static void heard(void *arg, const char *payload)
{
    const server_monitor *m = arg;
    int64_t enterprise_id, alarm_id;

    if (payload && sscanf(payload, "%" SCNd64 " %" SCNd64, &enterprise_id, &alarm_id) == 2)
        m->hooks.alarm_changed(m->hooks.arg, enterprise_id, alarm_id);
}

server_monitor *monitor_new(const monitor_options *options)
{
    server_monitor *m = calloc(1, sizeof *m);
    bool listens = options->listen_conninfo && options->hooks.alarm_changed;

    if (!m)
        return NULL;
    m->hooks = options->hooks;
    if (listens)
        m->listener = db_listener_new(options->listen_conninfo, "smartpass_alarm", heard, m);
    m->watch = alarm_watch_new(options->system, options->period_ms == 0 ? PERIOD_MS : options->period_ms);
    if (!m->watch || (listens && !m->listener)) {
        monitor_free(m);
        return NULL;
    }
    return m;
}

void monitor_free(server_monitor *m)
{
    if (!m)
        return;
    alarm_watch_free(m->watch);
    db_listener_free(m->listener);
    free(m);
}

sp_status monitor_sweep_logs(db_pool *system, int64_t before_ms)
{
    arena memory;
    db_tx *tx;

    arena_init(&memory, 64 << 10);
    sp_status st = db_begin(system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, db_query(tx, SQL_DEVICE_LOG_SWEEP, DB_ARGS(db_time(before_ms)), NULL));
    arena_done(&memory);
    return st;
}
