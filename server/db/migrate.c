#include "migrate.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"

/* Any number that no other program is likely to lock. */
#define BEGIN_ALONE "BEGIN; SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock(5141788215)"

static const char LEDGER[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL)";

/* Roles belong to the whole cluster, so they may be there already, made for another database. */
static const char ROLES[] =
    "DO $$ DECLARE wanted text; BEGIN"
    " FOREACH wanted IN ARRAY ARRAY['smartpass_app', 'smartpass_system'] LOOP"
    "  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN"
    "   EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);"
    "  END IF;"
    "  IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN"
    "   EXECUTE format('GRANT %I TO CURRENT_USER', wanted);"
    "  END IF;"
    " END LOOP; END $$";

static sp_status failed(PGconn *pg, const PGresult *result, const char *doing, db_migration_report *report)
{
    const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

    snprintf(report->detail, sizeof report->detail, "%s: %s", doing, words ? words : PQerrorMessage(pg));
    report->detail[strcspn(report->detail, "\r\n")] = '\0';
    return db_status_from_sqlstate(sqlstate).code == SP_UNAVAILABLE ? DB_UNAVAILABLE : SCHEMA_FAILED;
}

static sp_status run(PGconn *pg, const char *text, const char *doing, db_migration_report *report)
{
    PGresult *result = PQexec(pg, text);
    ExecStatusType outcome = PQresultStatus(result);
    sp_status status = SP_DONE;

    if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK)
        status = failed(pg, result, doing, report);
    PQclear(result);
    return status;
}

static sp_status server_check(PGconn *pg, db_migration_report *report)
{
    static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};

    if (PQserverVersion(pg) < 150000) {
        snprintf(report->detail, sizeof report->detail, "this one is %s", PQparameterStatus(pg, "server_version"));
        return DATABASE_TOO_OLD;
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char query[64];
        PGresult *result;
        bool off;

        snprintf(query, sizeof query, "SHOW %s", settings[i]);
        result = PQexec(pg, query);
        off = PQresultStatus(result) != PGRES_TUPLES_OK || strcmp(PQgetvalue(result, 0, 0), "off") == 0;
        PQclear(result);
        if (off) {
            snprintf(report->detail, sizeof report->detail, "%s is off", settings[i]);
            return DATABASE_NOT_DURABLE;
        }
    }
    return SP_DONE;
}

/* What the database has must be what we have, as far as it goes. *ret_done gets the number of rows. */
static sp_status ledger_check(const PGresult *ledger, const db_migration *migrations, size_t count, size_t *ret_done,
                              db_migration_report *report)
{
    size_t rows = (size_t)PQntuples(ledger);

    for (size_t i = 0; i < rows; i++) {
        int number = atoi(PQgetvalue(ledger, (int)i, 0));

        if (i >= count) {
            snprintf(report->detail, sizeof report->detail, "it has migration %d, this server ends with %d", number,
                     count ? migrations[count - 1].number : 0);
            return SCHEMA_NEWER;
        }
        if (number != migrations[i].number || strcmp(PQgetvalue(ledger, (int)i, 1), migrations[i].sha256) != 0) {
            snprintf(report->detail, sizeof report->detail, "%s", migrations[i].name);
            return SCHEMA_CHANGED;
        }
    }
    *ret_done = rows;
    return SP_DONE;
}

static sp_status apply(PGconn *pg, const db_migration *migration, db_migration_report *report)
{
    char number[16];
    const char *const values[] = {number, migration->name, migration->sha256};
    PGresult *result;
    sp_status status = run(pg, migration->text, migration->name, report);

    if (sp_failed(status))
        return status;
    snprintf(number, sizeof number, "%d", migration->number);
    result = PQexecParams(pg, "INSERT INTO schema_migration VALUES ($1::integer, $2, $3, now())", 3, NULL, values, NULL,
                          NULL, 0);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = failed(pg, result, migration->name, report);
    PQclear(result);
    return status;
}

/* One transaction: looks at the ledger under the lock and applies at most one migration. */
static sp_status step(PGconn *pg, const db_migration *migrations, size_t count, bool *ret_more,
                      db_migration_report *report)
{
    PGresult *ledger = NULL;
    size_t done = 0;
    sp_status status = run(pg, BEGIN_ALONE, "taking the lock", report);

    if (!sp_failed(status))
        status = run(pg, LEDGER, "making the ledger", report);
    if (!sp_failed(status))
        status = run(pg, ROLES, "making the roles", report);
    if (!sp_failed(status)) {
        ledger = PQexec(pg, "SELECT number, sha256 FROM schema_migration ORDER BY number");
        if (PQresultStatus(ledger) == PGRES_TUPLES_OK)
            status = ledger_check(ledger, migrations, count, &done, report);
        else
            status = failed(pg, ledger, "reading the ledger", report);
        PQclear(ledger);
    }
    *ret_more = false;
    if (!sp_failed(status) && done < count) {
        status = apply(pg, &migrations[done], report);
        *ret_more = done + 1 < count;
    }
    if (!sp_failed(status))
        status = run(pg, "COMMIT", "committing", report);
    if (!sp_failed(status) && done < count)
        report->applied++;
    return status;
}

static void notice_drop(void *arg, const PGresult *notice)
{
    (void)arg;
    (void)notice;
}

sp_status db_migrate(const char *conninfo, const db_migration *migrations, size_t count,
                     db_migration_report *ret_report)
{
    const char *const keys[] = {"dbname", "connect_timeout", "client_encoding", "fallback_application_name", NULL};
    const char *const values[] = {conninfo, "10", "UTF8", "smartpass-migration", NULL};
    PGconn *pg = PQconnectdbParams(keys, values, /* expand_dbname= */ 1);
    bool more = true;
    sp_status status = SP_DONE;

    *ret_report = (db_migration_report){0};
    if (PQstatus(pg) != CONNECTION_OK) {
        status = failed(pg, NULL, "connecting", ret_report);
        PQfinish(pg);
        return DB_UNAVAILABLE;
    }
    PQsetNoticeReceiver(pg, notice_drop, NULL);
    status = server_check(pg, ret_report);
    while (!sp_failed(status) && more)
        status = step(pg, migrations, count, &more, ret_report);
    PQfinish(pg);
    return status;
}
