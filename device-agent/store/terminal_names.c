#include "terminal_names.h"

#include <stdio.h>
#include <string.h>

#include "database.h"

static void read_text(sqlite3 *database, const char *name, char *out, size_t cap)
{
    sqlite3_stmt *row = database_prepare(database, "SELECT value FROM text_fact WHERE name = ?");

    out[0] = '\0';
    if (row) {
        sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
        if (sqlite3_step(row) == SQLITE_ROW)
            snprintf(out, cap, "%s", (const char *)sqlite3_column_text(row, 0));
    }
    sqlite3_finalize(row);
}

terminal_names terminal_names_read(sqlite3 *database)
{
    terminal_names names;

    read_text(database, "device_name", names.device, sizeof names.device);
    read_text(database, "company_name", names.company, sizeof names.company);
    read_text(database, "time_zone", names.time_zone, sizeof names.time_zone);
    return names;
}

sp_status terminal_names_write(sqlite3 *database, const terminal_names *names)
{
    const char *const values[] = {names->device, names->company, names->time_zone};
    sqlite3_stmt *statement;
    sp_status status;

    /* Made here and not with the other tables: a program before this one can still open the store. */
    status = database_run(
        database, "CREATE TABLE IF NOT EXISTS text_fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    if (sp_failed(status))
        return status;
    statement = database_prepare(database, "REPLACE INTO text_fact(name, value) VALUES('device_name', ?),"
                                           " ('company_name', ?), ('time_zone', ?)");
    if (!statement)
        return STORE_FAILED;
    for (int i = 0; i < 3; i++)
        sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    status = database_status(sqlite3_step(statement));
    sqlite3_finalize(statement);
    return status;
}

bool terminal_names_equal(const terminal_names *a, const terminal_names *b)
{
    return strcmp(a->device, b->device) == 0 && strcmp(a->company, b->company) == 0 &&
           strcmp(a->time_zone, b->time_zone) == 0;
}
