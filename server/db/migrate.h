/* The schema's way to its present state: numbered files, compiled in, each applied once and never changed afterwards.
 */
#pragma once

#include <stddef.h>

#include "status.h"

typedef struct {
    int number;
    const char *name;   /* file name, for the log */
    const char *sha256; /* hex, of the whole file */
    const char *text;
} db_migration;

extern const db_migration DB_MIGRATIONS[];
extern const size_t DB_MIGRATION_COUNT;

SP_STATUS(SCHEMA_NEWER, SP_FAILED_PRECONDITION,
          "The database was written by a newer server; this one would not understand it.");
SP_STATUS(SCHEMA_CHANGED, SP_FAILED_PRECONDITION,
          "A migration that the database has applied differs from the one in this server.");
SP_STATUS(SCHEMA_FAILED, SP_INTERNAL, "A migration failed; nothing of it remains.");
SP_STATUS(DATABASE_TOO_OLD, SP_FAILED_PRECONDITION, "PostgreSQL 15 or later is needed.");
SP_STATUS(
    DATABASE_NOT_DURABLE, SP_FAILED_PRECONDITION,
    "fsync, full_page_writes and synchronous_commit must be on: an acknowledged record must survive a power cut.");

typedef struct {
    int applied;      /* by this call */
    char detail[512]; /* which migration, and the database's words; "" when all is well */
} db_migration_report;

/* Connects as conninfo says (the owner of the tables), checks the server, makes the two roles where they are missing
 * and applies what is not yet applied, each migration in a transaction of its own. Several servers may start at once:
 * one migrates, the others wait. */
sp_status db_migrate(const char *conninfo, const db_migration *migrations, size_t count,
                     db_migration_report *ret_report) SP_MUST_USE;
