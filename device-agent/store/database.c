#include "database.h"

#include <stddef.h>

enum { SCHEMA_VERSION = 1 };

static const char schema[] =
    "CREATE TABLE fact(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    /* picture: 0 none, 1 waiting for the server, 2 with the server, 3 given up or refused */
    "CREATE TABLE record(seq INTEGER PRIMARY KEY, message BLOB NOT NULL, picture INTEGER NOT NULL,"
    " picture_size INTEGER NOT NULL, picture_sha256 BLOB);"
    "CREATE INDEX record_picture ON record(picture, seq);"
    /* Apart from the record, so that a changed state does not rewrite the picture. */
    "CREATE TABLE picture(seq INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);"
    "CREATE TABLE person(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, number TEXT NOT NULL,"
    " card TEXT NOT NULL, valid_from_ms INTEGER NOT NULL, valid_until_ms INTEGER NOT NULL, engine TEXT NOT NULL,"
    " face BLOB, photo_sha256 BLOB);"
    "CREATE INDEX person_card ON person(card) WHERE card <> '';"
    "PRAGMA user_version = 1;";

sp_status database_status(int result)
{
    switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SP_DONE;
    case SQLITE_FULL:
        return STORE_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STORE_CORRUPT;
    default:
        return STORE_FAILED;
    }
}

sp_status database_run(sqlite3 *database, const char *sql)
{
    return database_status(sqlite3_exec(database, sql, NULL, NULL, NULL));
}

static int64_t pragma_number(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = database_prepare(database, sql);
    int64_t value = -1;

    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static sp_status make_tables(sqlite3 *database)
{
    int64_t version = pragma_number(database, "PRAGMA user_version");
    sp_status status;

    if (version == SCHEMA_VERSION)
        return SP_DONE;
    if (version > SCHEMA_VERSION)
        return STORE_TOO_NEW;
    if (version < 0)
        return STORE_CORRUPT;
    status = database_run(database, "BEGIN IMMEDIATE");
    if (!sp_failed(status))
        status = database_run(database, schema);
    return sp_failed(status) ? status : database_run(database, "COMMIT");
}

sp_status database_open(const char *path, const char *vfs, sqlite3 **ret_database)
{
    sqlite3 *database = NULL;
    sp_status status =
        database_status(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs));

    if (!sp_failed(status)) {
        sqlite3_busy_timeout(database, 2000);
        status = database_run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;");
    }
    if (!sp_failed(status))
        status = make_tables(database);
    if (sp_failed(status)) {
        database_close(database);
        return status;
    }
    *ret_database = database;
    return SP_DONE;
}

void database_close(sqlite3 *database)
{
    sqlite3_close(database);
}

sqlite3_stmt *database_prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        return NULL;
    return statement;
}

int database_step(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    sqlite3_reset(statement);
    return result;
}

int64_t database_fact(sqlite3 *database, const char *name, int64_t otherwise)
{
    sqlite3_stmt *statement = database_prepare(database, "SELECT value FROM fact WHERE name = ?");
    int64_t value = otherwise;

    if (statement) {
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        if (sqlite3_step(statement) == SQLITE_ROW)
            value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

sp_status database_set_fact(sqlite3 *database, const char *name, int64_t value)
{
    sqlite3_stmt *statement = database_prepare(database, "REPLACE INTO fact(name, value) VALUES(?, ?)");
    sp_status status = STORE_FAILED;

    if (statement) {
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, value);
        status = database_status(sqlite3_step(statement));
    }
    sqlite3_finalize(statement);
    return status;
}
