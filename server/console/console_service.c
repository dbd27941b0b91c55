/* The console's first page: figures, and the stream of events. */
#include "call.h"
#include "console_parts.h"
#include "org.h"
#include "server_console_sql.h"
#include "smartpass/v1/console.names.h"

enum { ONLINE_MS = 60000, HOURS = 24 };

/* ---- Figures ----------------------------------------------------------------------------------------------------- */

static void count_into(Tally *tally, int64_t kind, int64_t passes, int64_t abnormal)
{
    tally->total += passes;
    tally->abnormal_temperature += abnormal;
    switch (kind) {
    case SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE:
        tally->employee += passes;
        break;
    case SMARTPASS__V1__PERSON_KIND__PERSON_KIND_VISITOR:
        tally->visitor += passes;
        break;
    case SMARTPASS__V1__PERSON_KIND__PERSON_KIND_BLACKLIST:
        tally->blacklist += passes;
        break;
    default:
        tally->stranger += passes;
        break;
    }
}

static bool make_tallies(arena *a, Summary *reply)
{
    Tally *tallies = arena_array(a, HOURS + 2, sizeof *tallies);
    Tally **hours = arena_array(a, HOURS, sizeof *hours);

    if (!tallies || !hours)
        return false;
    for (int i = 0; i < HOURS + 2; i++)
        tallies[i] = (Tally)TALLY_INIT;
    for (int i = 0; i < HOURS; i++)
        hours[i] = &tallies[i];
    reply->hours = hours;
    reply->n_hours = HOURS;
    reply->today = &tallies[HOURS];
    reply->ever = &tallies[HOURS + 1];
    return true;
}

/* The same columns for those who see everything and for those who see some groups. */
static sp_status ever_read(db_tx *tx, db_arg enterprise, db_arg groups, db_rows *rows)
{
    if (groups.is_null)
        return db_query(tx, SQL_CONSOLE_EVER, DB_ARGS(enterprise), rows);
    return db_query(tx, SQL_CONSOLE_EVER_OF_GROUPS, DB_ARGS(enterprise, groups), rows);
}

static sp_status today_read(db_tx *tx, db_arg enterprise, db_arg groups, int64_t now_ms, db_rows *rows)
{
    if (groups.is_null)
        return db_query(tx, SQL_CONSOLE_TODAY, DB_ARGS(enterprise, db_time(now_ms)), rows);
    return db_query(tx, SQL_CONSOLE_TODAY_OF_GROUPS, DB_ARGS(enterprise, db_time(now_ms), groups), rows);
}

static sp_status count_passes(db_tx *tx, db_arg enterprise, db_arg groups, int64_t now_ms, Summary *reply)
{
    db_rows rows;
    sp_status st = ever_read(tx, enterprise, groups, &rows);
    for (int i = 0; !sp_failed(st) && i < rows.count; i++)
        count_into(reply->ever, db_row_int(&rows, i, 0), db_row_int(&rows, i, 1), db_row_int(&rows, i, 2));
    if (!sp_failed(st))
        st = today_read(tx, enterprise, groups, now_ms, &rows);
    for (int i = 0; !sp_failed(st) && i < rows.count; i++) {
        int64_t hour = db_row_int(&rows, i, 0);
        count_into(reply->today, db_row_int(&rows, i, 1), db_row_int(&rows, i, 2), db_row_int(&rows, i, 3));
        if (hour >= 0 && hour < HOURS)
            count_into(reply->hours[hour], db_row_int(&rows, i, 1), db_row_int(&rows, i, 2), db_row_int(&rows, i, 3));
    }
    return st;
}

static sp_status get_summary(rpc_call *call, const GetSummaryRequest *request, Summary *reply)
{
    const caller *who = call_caller(call);
    const db_arg enterprise = db_int64(who->enterprise_id);
    int64_t now_ms = call_now_ms(call);
    db_rows devices;
    db_arg groups;
    db_tx *tx;

    (void)request;
    if (!make_tallies(rpc_call_arena(call), reply))
        return DB_NO_MEMORY;
    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = org_scope(tx, who, 0, &groups);
    if (!sp_failed(st))
        st = db_query(tx, SQL_CONSOLE_DEVICES, DB_ARGS(enterprise, db_time(now_ms - ONLINE_MS), groups), &devices);
    if (sp_failed(st))
        return st;
    reply->devices = (int32_t)db_row_int(&devices, 0, 0);
    reply->devices_online = (int32_t)db_row_int(&devices, 0, 1);
    return count_passes(tx, enterprise, groups, now_ms, reply);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static sp_status open_events(console_watch_events_stream *stream, const WatchEventsRequest *request)
{
    rpc_call *call = console_watch_events_call(stream);
    server_console *console = rpc_call_self(call);
    const caller *who = call_caller(call);
    event_viewer viewer = {who->enterprise_id, {who->user_id, who->enterprise_administrator}, NULL};
    sp_status st = console_scope_find(console, who->enterprise_id, who->user_id, &viewer.scope);

    if (sp_failed(st))
        return st;
    event_watcher *watcher = event_bus_watch(console->bus, &viewer, request->last_event_id, stream);
    console_watch_events_set_context(stream, watcher);
    return watcher ? SP_DONE : DB_NO_MEMORY;
}

static void events_writable(console_watch_events_stream *stream)
{
    event_bus_writable(console_watch_events_context(stream));
}

static void events_done(console_watch_events_stream *stream)
{
    event_bus_leave(console_watch_events_context(stream));
}

void console_register(server_console *console, rpc_server *server)
{
    static const console_watch_events_events events = {
        .open = open_events,
        .writable = events_writable,
        .done = events_done,
    };
    static const console_service handlers = {
        .size = sizeof handlers,
        .get_summary = get_summary,
        .watch_events = &events,
    };
    console_service_register(server, &handlers, console);
}
