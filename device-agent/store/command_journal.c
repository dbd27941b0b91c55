#include "command_journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "database.h"
#include "file.h"

enum { KEPT = 256 };

struct command_journal {
    char path[800];
    sqlite3 *database;
    bool lost;
    sqlite3_stmt *find, *add, *forget, *end, *told, *untold, *begun, *leaving, *signed_out;
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS command(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
    " reason TEXT NOT NULL, sign_out INTEGER NOT NULL, told INTEGER NOT NULL);";

#define COLUMNS "id, kind, state, reason, sign_out, told"

/* ---- The file ---- */

static sp_status open_file(command_journal *j, const char *vfs)
{
    sp_status status =
        database_status(sqlite3_open_v2(j->path, &j->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs));

    if (!sp_failed(status)) {
        sqlite3_busy_timeout(j->database, 2000);
        status = database_run(j->database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                           "PRAGMA cache_size = -64; PRAGMA journal_size_limit = 65536;");
    }
    return sp_failed(status) ? status : database_run(j->database, schema);
}

static sp_status prepare(command_journal *j)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&j->find, "SELECT " COLUMNS " FROM command WHERE id = ?"},
        {&j->add, "INSERT INTO command(" COLUMNS ") VALUES(?, ?, ?, ?, ?, 0)"},
        {&j->forget, "DELETE FROM command WHERE told = 1 AND sign_out = 0 AND id < ? AND id NOT IN"
                     " (SELECT id FROM command ORDER BY id DESC LIMIT ?)"},
        {&j->end, "UPDATE command SET state = ?, reason = ? WHERE id = ?"},
        {&j->told, "UPDATE command SET told = 1 WHERE id = ? AND state <> 1"},
        {&j->untold, "SELECT " COLUMNS " FROM command WHERE told = 0 AND state <> 1 AND id > ? ORDER BY id LIMIT 1"},
        {&j->begun, "SELECT " COLUMNS " FROM command WHERE state = 1 ORDER BY id LIMIT 1"},
        {&j->leaving, "SELECT 1 FROM command WHERE sign_out = 1 AND told = 1 AND state = 2"},
        {&j->signed_out, "UPDATE command SET sign_out = 0 WHERE sign_out = 1"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!(*all[i].statement = database_prepare(j->database, all[i].sql)))
            return database_status(sqlite3_errcode(j->database));
    return SP_DONE;
}

static void close_file(command_journal *j)
{
    sqlite3_stmt **const all[] = {&j->find,   &j->add,   &j->forget,  &j->end,       &j->told,
                                  &j->untold, &j->begun, &j->leaving, &j->signed_out};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        sqlite3_finalize(*all[i]);
        *all[i] = NULL;
    }
    database_close(j->database);
    j->database = NULL;
}

static sp_status remove_file(const command_journal *j)
{
    static const char *const companions[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        char path[820];

        snprintf(path, sizeof path, "%s%s", j->path, companions[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return FILE_NOT_WRITABLE;
    }
    return SP_DONE;
}

/* ---- Rows ---- */

static bool read_row(sqlite3_stmt *statement, command_entry *ret)
{
    bool found = sqlite3_step(statement) == SQLITE_ROW;

    if (found) {
        const char *reason = (const char *)sqlite3_column_text(statement, 3);

        *ret = (command_entry){
            .id = sqlite3_column_int64(statement, 0),
            .kind = sqlite3_column_int(statement, 1),
            .state = (order_state)sqlite3_column_int(statement, 2),
            .sign_out = sqlite3_column_int(statement, 4) != 0,
            .told = sqlite3_column_int(statement, 5) != 0,
        };
        snprintf(ret->reason, sizeof ret->reason, "%s", reason ? reason : "");
    }
    sqlite3_reset(statement);
    return found;
}

bool command_journal_find(command_journal *j, int64_t id, command_entry *ret_entry)
{
    sqlite3_bind_int64(j->find, 1, id);
    return read_row(j->find, ret_entry);
}

bool command_journal_untold(command_journal *j, int64_t above, command_entry *ret_entry)
{
    sqlite3_bind_int64(j->untold, 1, above);
    return read_row(j->untold, ret_entry);
}

sp_status command_journal_end(command_journal *j, int64_t id, order_state state, const char *reason)
{
    sqlite3_bind_int(j->end, 1, (int)state);
    sqlite3_bind_text(j->end, 2, reason, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(j->end, 3, id);
    return database_status(database_step(j->end));
}

sp_status command_journal_told(command_journal *j, int64_t id)
{
    sqlite3_bind_int64(j->told, 1, id);
    return database_status(database_step(j->told));
}

sp_status command_journal_add(command_journal *j, const command_entry *entry)
{
    sqlite3_bind_int64(j->add, 1, entry->id);
    sqlite3_bind_int(j->add, 2, entry->kind);
    sqlite3_bind_int(j->add, 3, (int)entry->state);
    sqlite3_bind_text(j->add, 4, entry->reason, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int(j->add, 5, entry->sign_out);
    sp_status status = database_status(database_step(j->add));
    if (sp_failed(status))
        return status;
    sqlite3_bind_int64(j->forget, 1, entry->id);
    sqlite3_bind_int(j->forget, 2, KEPT);
    database_step(j->forget); /* a longer memory does no harm */
    return SP_DONE;
}

bool command_journal_leaving(command_journal *j)
{
    bool leaving = sqlite3_step(j->leaving) == SQLITE_ROW;

    sqlite3_reset(j->leaving);
    return leaving;
}

sp_status command_journal_signed_out(command_journal *j)
{
    return database_status(database_step(j->signed_out));
}

/* ---- The whole ---- */

static sp_status recover(command_journal *j)
{
    command_entry entry;
    sp_status status = SP_DONE;

    while (!sp_failed(status) && read_row(j->begun, &entry)) {
        const order_verdict ended = order_recovered(entry.kind);

        status = command_journal_end(j, entry.id, ended.state, ended.reason);
    }
    return status;
}

static sp_status open_and_recover(command_journal *j, const char *vfs)
{
    sp_status status = open_file(j, vfs);

    if (!sp_failed(status))
        status = prepare(j);
    return sp_failed(status) ? status : recover(j);
}

sp_status command_journal_open(const char *folder, const char *vfs, command_journal **ret_journal)
{
    command_journal *j = calloc(1, sizeof *j);
    sp_status status;

    if (!j)
        return STORE_FAILED;
    if ((size_t)snprintf(j->path, sizeof j->path, "%s/commands.db", folder) >= sizeof j->path) {
        free(j);
        return FILE_NOT_FOUND;
    }
    status = open_and_recover(j, vfs);
    if (status.code == SP_DATA_LOSS) {
        close_file(j);
        j->lost = true;
        status = remove_file(j);
        if (!sp_failed(status))
            status = open_and_recover(j, vfs);
    }
    if (sp_failed(status)) {
        command_journal_close(j);
        return status;
    }
    *ret_journal = j;
    return SP_DONE;
}

void command_journal_close(command_journal *j)
{
    if (!j)
        return;
    close_file(j);
    free(j);
}

bool command_journal_was_lost(const command_journal *j)
{
    return j->lost;
}
