#include "deletion_terminals.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "org.h"
#include "server_enterprises_sql.h"

enum {
    ARENA = 1 << 20,
    SETTLE_MS = 5000, /* a transaction of the ingest ends within 4 s */
    WAIT_MS = 30000,
    LOOK_MS = 250,
    ONLINE_MS = 60000, /* as the list of terminals counts it */
    TRIES_MAX = 5,
};

/* ---- Taking ------------------------------------------------------------------------------------------------------ */

/* Everything of the terminal itself; its people and records stay behind, to be erased. */
static sp_status move(deletion *d, db_tx *tx, int64_t device_id, int64_t group_id)
{
    const db_arg from = db_int64(d->enterprise_id), to = db_int64(operation_enterprise_id(d->run));
    const db_arg device = db_int64(device_id), order = db_int64(operation_id(d->run));
    sp_status status = db_query(tx, SQL_DELETION_DEVICE_FEED, DB_ARGS(from, device), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_CAPTURES, DB_ARGS(from, device), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_SETTINGS, DB_ARGS(from, device), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_PEOPLE, DB_ARGS(from, device), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_MOVE,
                          DB_ARGS(from, device, to, db_int64(group_id), db_time(clock_now_ms()), order), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_STATUS, DB_ARGS(from, device, to), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_NEW_FEED, DB_ARGS(to, device), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_CERTIFICATES, DB_ARGS(from, device, to), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_GONE, DB_ARGS(from, device), NULL);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DELETION_DEVICE_NOTIFY, DB_ARGS(device), NULL);
    return status;
}

static sp_status take_next(deletion *d, db_tx *tx, bool *ret_found)
{
    int64_t home = operation_enterprise_id(d->run), group_id;
    db_rows rows;
    sp_status status = db_query(tx, SQL_DELETION_NEXT_DEVICE, DB_ARGS(db_int64(d->enterprise_id)), &rows);

    if (sp_failed(status))
        return status;
    *ret_found = rows.count > 0;
    if (!*ret_found)
        return SP_DONE;
    status = org_find_root(tx, &home, &group_id);
    if (!sp_failed(status))
        status = move(d, tx, db_row_int(&rows, 0, 0), group_id);
    if (sp_failed(status))
        return status;
    d->progress.stage = "taking terminals over";
    d->progress.progress++;
    return operation_write(d->run, tx, &d->progress);
}

/* One terminal, one transaction. */
static sp_status take_one(deletion *d, bool *ret_found)
{
    const int64_t before = d->progress.progress;
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(d->system, operation_enterprise_id(d->run), &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, take_next(d, tx, ret_found));
    arena_done(&memory);
    if (sp_failed(status))
        d->progress.progress = before;
    return status;
}

/* Somebody may be enrolling a terminal of the same serial number, or changing the people of this one. */
static bool worth_another_try(sp_status status, int tries)
{
    return tries < TRIES_MAX &&
           (strcmp(status.reason, DB_DUPLICATE.reason) == 0 || strcmp(status.reason, DB_CONFLICT.reason) == 0 ||
            strcmp(status.reason, DB_REFERENCED.reason) == 0);
}

sp_status deletion_take_terminals(deletion *d)
{
    bool found = true;
    int tries = 0;
    sp_status status = SP_DONE;

    while (found && !sp_failed(status)) {
        status = operation_go_on(d->run);
        if (!sp_failed(status))
            status = take_one(d, &found);
        if (!sp_failed(status))
            tries = 0;
        else if (worth_another_try(status, ++tries))
            status = SP_DONE;
    }
    return status;
}

/* ---- Waiting ----------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t connected, all;
} waiting;

static sp_status count_waiting(deletion *d, waiting *ret)
{
    db_rows rows;
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, ARENA);
    status = db_begin(d->system, operation_enterprise_id(d->run), &memory, &tx);
    if (!sp_failed(status)) {
        status = db_query(tx, SQL_DELETION_TERMINALS_WAITING,
                          DB_ARGS(db_int64(operation_id(d->run)), db_time(clock_now_ms() - ONLINE_MS)), &rows);
        if (!sp_failed(status))
            *ret = (waiting){db_row_int(&rows, 0, 0), db_row_int(&rows, 0, 1)};
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return status;
}

static void note_rest(const waiting *w)
{
    char count[24];

    snprintf(count, sizeof count, "%lld", (long long)w->all);
    if (w->all > 0)
        log_write(LOG_INFO, "terminals of a deleted enterprise will clear themselves when they return", "count", count,
                  NULL);
}

sp_status deletion_wait_for_terminals(deletion *d)
{
    int64_t began_ms = clock_monotonic_ms(), waited_ms = 0;
    waiting w = {1, 1};
    sp_status status = SP_DONE;

    d->progress.stage = "waiting for terminals to clear themselves";
    while (!sp_failed(status) && (waited_ms < SETTLE_MS || (w.connected > 0 && waited_ms < WAIT_MS))) {
        status = operation_report(d->run, &d->progress);
        if (!sp_failed(status))
            status = count_waiting(d, &w);
        usleep(LOOK_MS * 1000);
        waited_ms = clock_monotonic_ms() - began_ms;
    }
    if (!sp_failed(status))
        note_rest(&w);
    return status;
}
