/* What watchers see, kept true: the tree of groups changes under open streams, and so do the places of users in it. */
#include <stdlib.h>

#include "call.h"
#include "console_parts.h"
#include "org.h"
#include "server_console_sql.h"

enum { SCOPE_ARENA_BYTES = 4 * 1024 * 1024 };

/* In ret_who, what org_scope asks of a caller. */
static sp_status place_find(db_tx *tx, int64_t enterprise_id, int64_t user_id, caller *ret_who)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_CONSOLE_PLACE, DB_ARGS(db_int64(enterprise_id), db_int64(user_id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return GROUP_NOT_FOUND;
    *ret_who = (caller){
        .enterprise_id = enterprise_id,
        .group_id = db_row_int(&rows, 0, 0),
        .tree_version = db_row_int(&rows, 0, 1),
    };
    return SP_DONE;
}

/* The version is read first: a change that comes between makes the scope look older than it is, never newer. */
static sp_status scope_read(db_tx *tx, const caller *who, event_scope **ret_scope)
{
    const int64_t *groups;
    size_t count;
    sp_status st = org_scope_ids(tx, who, 0, &groups, &count);

    if (sp_failed(st))
        return st;
    *ret_scope = event_scope_new(who->group_id, who->tree_version, groups, count);
    return *ret_scope ? SP_DONE : DB_NO_MEMORY;
}

sp_status console_scope_find(server_console *console, int64_t enterprise_id, int64_t user_id, event_scope **ret_scope)
{
    caller who;
    arena a;
    db_tx *tx;

    *ret_scope = NULL;
    arena_init(&a, SCOPE_ARENA_BYTES);
    sp_status st = db_begin(console->options.app, enterprise_id, &a, &tx);
    if (!sp_failed(st)) {
        st = place_find(tx, enterprise_id, user_id, &who);
        if (!sp_failed(st))
            st = scope_read(tx, &who, ret_scope);
        db_rollback(tx);
    }
    arena_done(&a);
    return st;
}

/* A watcher whose place cannot be found sees what belongs to no group, until it can. */
static void scope_renew(server_console *console, db_tx *tx, console_watch_events_stream *stream)
{
    const caller *who = call_caller(console_watch_events_call(stream));
    event_scope *scope = NULL;
    caller now;

    sp_status st = place_find(tx, who->enterprise_id, who->user_id, &now);
    if (!sp_failed(st) && event_bus_scope_is(console->bus, stream, now.group_id, now.tree_version))
        return;
    if (!sp_failed(st))
        st = scope_read(tx, &now, &scope);
    if (sp_failed(st))
        scope = event_scope_new(0, 0, &(int64_t){0}, 0);
    if (scope)
        event_bus_rescope(console->bus, stream, scope);
}

sp_status console_scopes_follow(server_console *console, db_tx *tx, int64_t enterprise_id)
{
    size_t count;
    db_rows rows;
    sp_status st = db_query(tx, SQL_CONSOLE_TREE_VERSION, DB_ARGS(db_int64(enterprise_id)), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    console_watch_events_stream **streams =
        event_bus_hold_stale(console->bus, enterprise_id, db_row_int(&rows, 0, 0), &count);
    if (!streams)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        scope_renew(console, tx, streams[i]);
        console_watch_events_release(streams[i]);
    }
    free(streams);
    return SP_DONE;
}

void console_scope_attend(server_console *console, console_watch_events_stream *stream)
{
    arena a;
    db_tx *tx;

    arena_init(&a, SCOPE_ARENA_BYTES);
    if (!sp_failed(
            db_begin(console->options.app, call_caller(console_watch_events_call(stream))->enterprise_id, &a, &tx))) {
        scope_renew(console, tx, stream);
        db_rollback(tx);
    }
    arena_done(&a);
}
