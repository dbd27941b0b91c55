/* Inside server/db: one connection with the transaction that it carries. A db_tx belongs to its pool for ever; between
 * transactions it waits in the pool's idle list, connected or not. */
#pragma once

#include <libpq-fe.h>
#include <pthread.h>

#include "db.h"

typedef struct {
    const db_statement *statement; /* NULL: a free place of the table */
    int count;
    uint32_t oids[DB_MAX_ARGS];     /* parameter types, as the server inferred them */
    uint32_t elements[DB_MAX_ARGS]; /* of arrays of types that the schema made; 0 for all others */
} db_prepared;

struct db_tx {
    db_pool *pool;
    db_tx *next_idle;
    PGconn *pg; /* NULL: not connected */

    db_prepared **prepared; /* open addressing by the statement's address */
    size_t prepared_room, prepared_count;

    /* Guards what a cancelling thread touches. It is held while the request is sent, so that a late cancellation can
     * never reach the connection's next query. */
    pthread_mutex_t cancel_lock;
    PGcancel *canceller;
    bool running, cancelled;

    arena *memory;
    bool failed;
    sp_status failure;
    char sqlstate[6];
    char constraint[64];
    char message[256];
};

typedef struct {
    const char *conninfo;
    db_role role;
    int statement_ms;
} db_connection_options;

/* Opens when there is none. Blocks for at most five seconds a host. */
sp_status db_connection_open(db_tx *tx, const db_connection_options *options);
void db_connection_close(db_tx *tx);

/* Runs text without parameters; the result is freed. */
sp_status db_connection_run(db_tx *tx, const char *text);

/* Remembers what the database said and makes the transaction useless. */
sp_status db_connection_fail(db_tx *tx, sp_status status);
sp_status db_connection_fail_with(db_tx *tx, const PGresult *result);

/* The statement's parameter types, preparing it at its first use on this connection. */
sp_status db_connection_prepare(db_tx *tx, const db_statement *statement, const db_prepared **ret_prepared);

void db_connection_set_running(db_tx *tx, bool running);

/* The SQLSTATE table; NULL or "" stands for a broken connection. */
sp_status db_status_from_sqlstate(const char *sqlstate);

/* The role that a pool's connections take; statements are checked against it. */
db_role db_pool_role(const db_pool *pool);
