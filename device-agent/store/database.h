/* The terminal's database file: opened, made or set aside, with its tables. One connection, one thread. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "status.h"

SP_STATUS(STORE_FAILED, SP_INTERNAL, "The terminal's store failed.");
SP_STATUS(STORE_CORRUPT, SP_DATA_LOSS, "The terminal's store is damaged.");
SP_STATUS(STORE_FULL, SP_RESOURCE_EXHAUSTED, "The terminal's disk is full.");
SP_STATUS(STORE_TOO_NEW, SP_FAILED_PRECONDITION, "The terminal's store was made by a newer version.");

/* Opens or makes the file and its tables: WAL, every commit on the disk when it returns. vfs NULL: the usual one.
 * STORE_CORRUPT when the file is no usable database. */
SP_MUST_USE sp_status database_open(const char *path, const char *vfs, sqlite3 **ret_database);
void database_close(sqlite3 *database); /* accepts NULL */

/* What a result of SQLite means: SP_DONE for SQLITE_OK, _ROW and _DONE. */
sp_status database_status(int result);

/* One statement without results. */
SP_MUST_USE sp_status database_run(sqlite3 *database, const char *sql);

/* Prepares for repeated use; the failure of several may be looked at once, a failed one is NULL. */
sqlite3_stmt *database_prepare(sqlite3 *database, const char *sql);

/* Steps a statement that gives no row and resets it; returns SQLite's result of the step. */
int database_step(sqlite3_stmt *statement);

/* Named whole numbers: counters and settings. A missing one is `otherwise`. */
int64_t database_fact(sqlite3 *database, const char *name, int64_t otherwise);
SP_MUST_USE sp_status database_set_fact(sqlite3 *database, const char *name, int64_t value);
