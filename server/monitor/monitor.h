/* Monitoring: alarms about terminals that go on and end, how the fleet is, and the terminals' logs. */
#pragma once

#include "db.h"
#include "rpc.h"
#include "smartpass/v1/monitor.pb-c.h"

typedef struct server_monitor server_monitor;

/* What higher domains want to hear of; called on a thread of the monitor's, after the COMMIT. May be NULL. */
typedef struct {
    void *arg;
    void (*alarm_changed)(void *arg, int64_t enterprise_id, int64_t alarm_id);
} monitor_hooks;

typedef struct {
    db_pool *system;
    const char *listen_conninfo; /* for the connection that hears of alarms; NULL: no hook is called */
    int period_ms;               /* between two looks at the terminals; 0: 5 s, -1: none */
    monitor_hooks hooks;
} monitor_options;

/* Options are copied, what they point to is borrowed. NULL when memory or threads are out. */
server_monitor *monitor_new(const monitor_options *options);

/* Another server need not wait for the end of this one's lease. Accepts NULL. */
void monitor_free(server_monitor *monitor);

void monitor_register(rpc_server *server);

/* Logs of terminals that came before: up to 10 000 lines at a time. */
sp_status monitor_sweep_logs(db_pool *system, int64_t before_ms) SP_MUST_USE;

/* One alarm as clients see it, and the group of its terminal (0: it has none), read with tx into its arena. ret_alarm
 * is NULL when there is none. */
sp_status alarm_read(db_tx *tx, int64_t enterprise_id, int64_t alarm_id, Smartpass__V1__Alarm **ret_alarm,
                     int64_t *ret_group_id) SP_MUST_USE;
