/* What has happened, read from the database and put on the bus. One lane an enterprise keeps events in their order. */
#include "console.h"

#include <stdlib.h>

#include "call.h"
#include "clock.h"
#include "console_parts.h"
#include "devices.h"
#include "monitor.h"
#include "operations.h"
#include "pass.h"
#include "server_console_sql.h"

/* A hundred passes, or a thousand grants with their names. */
#define NOTE_ARENA_BYTES (8u << 20)

/* Passes that come while the reader is busy share a note; when notes pile up nevertheless, watchers reload instead. */
enum { READERS = 2, PASSES_OF_NOTE = 128, NOTES_WAITING = 1024, ATTEND_MS = 20000, NO_GROUP = -1 };

typedef enum { NOTE_PASS, NOTE_SNAPSHOT, NOTE_DEVICE, NOTE_GRANTS, NOTE_OPERATION, NOTE_ALARM } note_kind;

struct console_note {
    server_console *console;
    note_kind kind;
    int64_t enterprise_id;
    int64_t device_id;
    size_t count;
    int64_t ids[];
};
typedef struct console_note note;

/* ---- On the reader's lane ---------------------------------------------------------------------------------------- */

static void publish(const note *n, event_audience audience, const Smartpass__V1__Event *event)
{
    audience.enterprise_id = n->enterprise_id;
    event_bus_publish(n->console->bus, &audience, event);
}

static sp_status publish_pass(const note *n, db_tx *tx)
{
    Smartpass__V1__Pass **passes;
    size_t count;
    sp_status st = pass_read(tx, n->enterprise_id, n->ids, n->count, &passes, &count);

    for (size_t i = 0; !sp_failed(st) && i < count; i++) {
        Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
        event.event_case = SMARTPASS__V1__EVENT__EVENT_PASS;
        event.pass = passes[i];
        publish(n, (event_audience){.groups = {passes[i]->group_id}}, &event);
    }
    return st;
}

/* A grant that its terminal has taken off is no row any more; who shows it must hear that too. */
static void publish_grant(const note *n, const db_rows *groups, size_t i, Smartpass__V1__Grant *const *grants,
                          size_t count)
{
    Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
    Smartpass__V1__Grant gone = SMARTPASS__V1__GRANT__INIT;
    size_t at = 0;

    while (at < count && grants[at]->person_id != n->ids[i])
        at++;
    gone.person_id = n->ids[i];
    gone.device_id = n->device_id;
    event.event_case = SMARTPASS__V1__EVENT__EVENT_GRANT;
    event.grant = at < count ? grants[at] : &gone;
    publish(n, (event_audience){.groups = {db_row_int(groups, (int)i, 0), db_row_int(groups, (int)i, 1)}}, &event);
}

static sp_status publish_grants(const note *n, db_tx *tx)
{
    const db_arg people = db_int64_array(db_tx_arena(tx), n->ids, n->count);
    Smartpass__V1__Grant **grants;
    db_rows groups;
    size_t count;
    sp_status st = grant_read(tx, n->enterprise_id, n->device_id, n->ids, n->count, clock_now_ms(), &grants, &count);

    if (!sp_failed(st))
        st = db_query(tx, SQL_CONSOLE_GROUPS_OF_GRANTS,
                      DB_ARGS(db_int64(n->enterprise_id), db_int64(n->device_id), people), &groups);
    for (size_t i = 0; !sp_failed(st) && i < n->count; i++)
        publish_grant(n, &groups, i, grants, count);
    return st;
}

static sp_status publish_device(const note *n, db_tx *tx)
{
    Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
    sp_status st = device_read(tx, n->enterprise_id, n->device_id, clock_now_ms(), &event.device);

    if (!sp_failed(st)) {
        event.event_case = SMARTPASS__V1__EVENT__EVENT_DEVICE;
        publish(n, (event_audience){.groups = {event.device->group_id}}, &event);
    }
    return st;
}

static sp_status publish_operation(const note *n, db_tx *tx)
{
    Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
    int64_t operator_user_id;
    sp_status st = operation_read(tx, n->enterprise_id, n->ids[0], &event.operation, &operator_user_id);

    if (!sp_failed(st)) {
        event.event_case = SMARTPASS__V1__EVENT__EVENT_OPERATION;
        publish(n, (event_audience){.operator_user_id = operator_user_id}, &event);
    }
    return st;
}

/* One of no terminal is for those who see all groups, even one that no enterprise has. */
static sp_status publish_alarm(const note *n, db_tx *tx)
{
    Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
    int64_t group_id = 0;
    sp_status st = alarm_read(tx, n->enterprise_id, n->ids[0], &event.alarm, &group_id);

    if (sp_failed(st) || !event.alarm)
        return st;
    event.event_case = SMARTPASS__V1__EVENT__EVENT_ALARM;
    publish(n, (event_audience){.groups = {group_id ? group_id : NO_GROUP}}, &event);
    return SP_DONE;
}

static sp_status publish_snapshot(const note *n, db_tx *tx)
{
    Smartpass__V1__Event event = SMARTPASS__V1__EVENT__INIT;
    Smartpass__V1__SnapshotArrival arrival = SMARTPASS__V1__SNAPSHOT_ARRIVAL__INIT;
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_CONSOLE_GROUP_OF_PASS, DB_ARGS(db_int64(n->enterprise_id), db_int64(n->ids[0])), &rows);

    if (sp_failed(st) || rows.count == 0)
        return st;
    arrival.pass_id = n->ids[0];
    event.event_case = SMARTPASS__V1__EVENT__EVENT_SNAPSHOT;
    event.snapshot = &arrival;
    publish(n, (event_audience){.groups = {db_row_int(&rows, 0, 0)}}, &event);
    return SP_DONE;
}

/* Reads as the application does, under row-level security: an event can never show another enterprise's row. */
static void read_and_publish(const note *n)
{
    static sp_status (*const publishers[])(const note *n, db_tx *tx) = {
        [NOTE_PASS] = publish_pass,     [NOTE_SNAPSHOT] = publish_snapshot,   [NOTE_DEVICE] = publish_device,
        [NOTE_GRANTS] = publish_grants, [NOTE_OPERATION] = publish_operation, [NOTE_ALARM] = publish_alarm,
    };
    arena a;
    db_tx *tx;

    arena_init(&a, NOTE_ARENA_BYTES);
    if (!sp_failed(db_begin(n->console->options.app, n->enterprise_id, &a, &tx))) {
        if (!sp_failed(console_scopes_follow(n->console, tx, n->enterprise_id)))
            publishers[n->kind](n, tx);
        else
            event_bus_lost(n->console->bus, n->enterprise_id);
        db_rollback(tx);
    }
    arena_done(&a);
}

static note **open_place(server_console *console, int64_t enterprise_id)
{
    return &console->open[((uint64_t)enterprise_id * 0x9E3779B97F4A7C15u >> 40) % OPEN_NOTES];
}

static void run_note(void *arg)
{
    note *n = arg;
    server_console *console = n->console;
    note **open = open_place(console, n->enterprise_id);

    pthread_mutex_lock(&console->lock);
    console->waiting--;
    if (*open == n)
        *open = NULL;
    pthread_mutex_unlock(&console->lock);
    read_and_publish(n);
    free(n);
}

/* ---- Noting ------------------------------------------------------------------------------------------------------ */

/* With room for so many ids. */
static note *new_note(server_console *console, note_kind kind, int64_t enterprise_id, int64_t device_id, size_t room)
{
    note *n = malloc(sizeof *n + room * sizeof n->ids[0]);
    if (n)
        *n = (note){.console = console, .kind = kind, .enterprise_id = enterprise_id, .device_id = device_id};
    return n;
}

/* Locked. Takes the note, which may be NULL; false when nobody will read it. */
static bool post_locked(server_console *console, note *n)
{
    bool posted = n && console->waiting < NOTES_WAITING && lanes_post(console->readers, n->enterprise_id, run_note, n);

    if (posted)
        console->waiting++;
    else
        free(n);
    return posted;
}

static void post_note(server_console *console, note_kind kind, int64_t enterprise_id, int64_t device_id,
                      const int64_t *ids, size_t count)
{
    if (!event_bus_wants(console->bus, enterprise_id))
        return;
    note *n = new_note(console, kind, enterprise_id, device_id, count);
    for (size_t i = 0; n && i < count; i++)
        n->ids[n->count++] = ids[i];

    pthread_mutex_lock(&console->lock);
    bool posted = post_locked(console, n);
    pthread_mutex_unlock(&console->lock);
    if (!posted)
        event_bus_lost(console->bus, enterprise_id);
}

void console_note_pass(server_console *console, int64_t enterprise_id, int64_t pass_id)
{
    bool noted = true;

    if (!event_bus_wants(console->bus, enterprise_id))
        return;
    pthread_mutex_lock(&console->lock);
    note **open = open_place(console, enterprise_id), *n = *open;
    if (n && n->enterprise_id == enterprise_id && n->count < PASSES_OF_NOTE) {
        n->ids[n->count++] = pass_id;
    } else {
        n = new_note(console, NOTE_PASS, enterprise_id, 0, PASSES_OF_NOTE);
        if (n)
            n->ids[n->count++] = pass_id;
        noted = post_locked(console, n);
        if (noted)
            *open = n;
    }
    pthread_mutex_unlock(&console->lock);
    if (!noted)
        event_bus_lost(console->bus, enterprise_id);
}

void console_note_snapshot(server_console *console, int64_t enterprise_id, int64_t pass_id)
{
    post_note(console, NOTE_SNAPSHOT, enterprise_id, 0, &pass_id, 1);
}

void console_note_device(server_console *console, int64_t enterprise_id, int64_t device_id)
{
    post_note(console, NOTE_DEVICE, enterprise_id, device_id, NULL, 0);
}

void console_note_grants(server_console *console, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids,
                         size_t count)
{
    post_note(console, NOTE_GRANTS, enterprise_id, device_id, person_ids, count);
}

void console_note_operation(server_console *console, int64_t enterprise_id, int64_t operation_id)
{
    post_note(console, NOTE_OPERATION, enterprise_id, 0, &operation_id, 1);
}

void console_note_alarm(server_console *console, int64_t enterprise_id, int64_t alarm_id)
{
    post_note(console, NOTE_ALARM, enterprise_id, 0, &alarm_id, 1);
}

/* ---- Watchers ---------------------------------------------------------------------------------------------------- */

/* Whoever lost his session or his permission hears nothing more; a database that cannot be asked ends no stream. */
static void recheck(console_watch_events_stream *stream)
{
    sp_status st = call_recheck(console_watch_events_call(stream));

    if (st.code == SP_UNAUTHENTICATED || st.code == SP_PERMISSION_DENIED)
        console_watch_events_finish(stream, st);
}

static void attend(void *arg)
{
    server_console *console = arg;
    size_t count;
    console_watch_events_stream **streams = event_bus_hold_all(console->bus, &count);

    for (size_t i = 0; i < count; i++) {
        recheck(streams[i]);
        console_scope_attend(console, streams[i]);
        console_watch_events_release(streams[i]);
    }
    free(streams);
    event_bus_beat(console->bus);
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

server_console *console_new(const console_options *options)
{
    server_console *console = calloc(1, sizeof *console);
    if (!console)
        return NULL;
    console->options = *options;
    pthread_mutex_init(&console->lock, NULL);
    console->bus = event_bus_new();
    console->readers = lanes_new(READERS);
    if (console->bus)
        console->ticker = ticker_new(options->attend_ms > 0 ? options->attend_ms : ATTEND_MS, attend, console);
    if (!console->bus || !console->readers || !console->ticker) {
        console_free(console);
        return NULL;
    }
    return console;
}

void console_free(server_console *console)
{
    if (!console)
        return;
    ticker_free(console->ticker);
    lanes_free(console->readers);
    event_bus_free(console->bus);
    pthread_mutex_destroy(&console->lock);
    free(console);
}
