/* One connection: opening and closing, preparing statements, remembering failures, cancelling. */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"
#include "waiting.h"

static void text_keep(char *room, size_t size, const char *text)
{
    snprintf(room, size, "%s", text ? text : "");
    room[strcspn(room, "\r\n")] = '\0';
}

sp_status db_connection_fail(db_tx *tx, sp_status status)
{
    tx->failed = true;
    tx->failure = status;
    return status;
}

sp_status db_connection_fail_with(db_tx *tx, const PGresult *result)
{
    const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    sp_status status = db_status_from_sqlstate(sqlstate);

    text_keep(tx->sqlstate, sizeof tx->sqlstate, sqlstate);
    text_keep(tx->constraint, sizeof tx->constraint,
              result ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : NULL);
    text_keep(tx->message, sizeof tx->message, words ? words : PQerrorMessage(tx->pg));
    if (strcmp(tx->sqlstate, "57014") == 0 && tx->cancelled)
        status = DB_CANCELLED;
    return db_connection_fail(tx, status);
}

void db_connection_set_running(db_tx *tx, bool running)
{
    pthread_mutex_lock(&tx->cancel_lock);
    tx->running = running;
    pthread_mutex_unlock(&tx->cancel_lock);
}

sp_status db_connection_run(db_tx *tx, const char *text)
{
    PGresult *result;
    ExecStatusType outcome;
    sp_status status = SP_DONE;

    before_waiting();
    result = PQexec(tx->pg, text);
    outcome = PQresultStatus(result);
    if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK)
        status = db_connection_fail_with(tx, result);
    PQclear(result);
    return status;
}

/* Only the server's own notices would come here, and they concern nobody. */
static void notice_drop(void *arg, const PGresult *notice)
{
    (void)arg;
    (void)notice;
}

static sp_status session_settings(db_tx *tx, const db_connection_options *options)
{
    char text[400];

    snprintf(text, sizeof text,
             "SET ROLE %s; SET statement_timeout = %d; SET lock_timeout = %d; "
             "SET idle_in_transaction_session_timeout = 60000; SET synchronous_commit = on; "
             "SET timezone = 'UTC'; SET search_path = public",
             options->role == DB_APP ? "smartpass_app" : "smartpass_system", options->statement_ms,
             options->statement_ms);
    return db_connection_run(tx, text);
}

sp_status db_connection_open(db_tx *tx, const db_connection_options *options)
{
    const char *const keys[] = {
        "dbname", "connect_timeout", "client_encoding", "fallback_application_name", "tcp_user_timeout", NULL};
    const char *const values[] = {options->conninfo, "5", "UTF8", "smartpass-server", "15000", NULL};
    sp_status status;

    if (tx->pg)
        return SP_DONE;
    tx->failed = tx->cancelled = false;
    tx->pg = PQconnectdbParams(keys, values, /* expand_dbname= */ 1);
    if (!tx->pg)
        return db_connection_fail(tx, OUT_OF_MEMORY);
    if (PQstatus(tx->pg) != CONNECTION_OK) {
        status = db_connection_fail_with(tx, NULL);
    } else {
        PQsetNoticeReceiver(tx->pg, notice_drop, NULL);
        status = session_settings(tx, options);
    }
    pthread_mutex_lock(&tx->cancel_lock);
    tx->canceller = sp_failed(status) ? NULL : PQgetCancel(tx->pg);
    pthread_mutex_unlock(&tx->cancel_lock);
    if (sp_failed(status))
        db_connection_close(tx);
    return status;
}

void db_connection_close(db_tx *tx)
{
    pthread_mutex_lock(&tx->cancel_lock);
    PQfreeCancel(tx->canceller);
    tx->canceller = NULL;
    pthread_mutex_unlock(&tx->cancel_lock);
    PQfinish(tx->pg);
    tx->pg = NULL;
    for (size_t i = 0; i < tx->prepared_room; i++)
        free(tx->prepared[i]);
    free(tx->prepared);
    tx->prepared = NULL;
    tx->prepared_room = tx->prepared_count = 0;
}

/* ---- Prepared statements ----------------------------------------------------------------------------------------- */

static db_prepared **place_of(db_prepared **table, size_t room, const db_statement *statement)
{
    size_t i = ((uintptr_t)statement >> 4) * 2654435761u & (room - 1);

    while (table[i] && table[i]->statement != statement)
        i = (i + 1) & (room - 1);
    return &table[i];
}

static bool table_make_room(db_tx *tx)
{
    size_t room = tx->prepared_room ? tx->prepared_room * 2 : 64;
    db_prepared **table;

    if (tx->prepared_count * 2 < tx->prepared_room)
        return true;
    table = calloc(room, sizeof *table);
    if (!table)
        return false;
    for (size_t i = 0; i < tx->prepared_room; i++)
        if (tx->prepared[i])
            *place_of(table, room, tx->prepared[i]->statement) = tx->prepared[i];
    free(tx->prepared);
    tx->prepared = table;
    tx->prepared_room = room;
    return true;
}

/* The element type of an array type that the schema made; 0: it is no array. */
static sp_status element_find(db_tx *tx, uint32_t type, uint32_t *ret_element)
{
    char query[80];
    PGresult *result;
    sp_status status = SP_DONE;

    snprintf(query, sizeof query, "SELECT typelem FROM pg_catalog.pg_type WHERE oid = %u", type);
    result = PQexec(tx->pg, query);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = db_connection_fail_with(tx, result);
    else if (PQntuples(result) == 1)
        *ret_element = (uint32_t)strtoul(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return status;
}

static sp_status prepare(db_tx *tx, db_prepared *prepared)
{
    PGresult *result = PQprepare(tx->pg, prepared->statement->name, prepared->statement->text, 0, NULL);
    sp_status status = SP_DONE;

    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        result = PQdescribePrepared(tx->pg, prepared->statement->name);
    }
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = db_connection_fail_with(tx, result);
    } else if (PQnparams(result) > DB_MAX_ARGS) {
        status = db_connection_fail(tx, DB_BROKEN);
    } else {
        prepared->count = PQnparams(result);
        for (int i = 0; i < prepared->count && !sp_failed(status); i++) {
            prepared->oids[i] = PQparamtype(result, i);
            if (prepared->oids[i] >= OID_FIRST_MADE)
                status = element_find(tx, prepared->oids[i], &prepared->elements[i]);
        }
    }
    PQclear(result);
    return status;
}

sp_status db_connection_prepare(db_tx *tx, const db_statement *statement, const db_prepared **ret_prepared)
{
    db_prepared **place, *prepared;
    sp_status status;

    if (!table_make_room(tx))
        return db_connection_fail(tx, OUT_OF_MEMORY);
    place = place_of(tx->prepared, tx->prepared_room, statement);
    if (!*place) {
        prepared = calloc(1, sizeof *prepared);
        if (!prepared)
            return db_connection_fail(tx, OUT_OF_MEMORY);
        prepared->statement = statement;
        status = prepare(tx, prepared);
        if (sp_failed(status)) {
            free(prepared);
            return status;
        }
        *place = prepared;
        tx->prepared_count++;
    }
    *ret_prepared = *place;
    return SP_DONE;
}
