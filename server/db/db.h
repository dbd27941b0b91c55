/* PostgreSQL as the domains see it: a pool of connections, transactions of one enterprise, named statements.
 *
 * Statements live in .sql files (sections that start with "-- name: device_get"), are compiled in as SQL_DEVICE_GET
 * and prepared on each connection at first use. Parameters and results travel in binary.
 *
 * Two roles: DB_APP runs the handlers under row-level security, with the enterprise set for the transaction; DB_SYSTEM
 * sees every enterprise and runs only statements of *.system.sql (db_query refuses any other, and DB_APP refuses
 * those);
 * *.shared.sql is for what both do alike. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "status.h"
#include "text.h"

typedef struct db_pool db_pool;
typedef struct db_tx db_tx;

typedef enum { DB_APP, DB_SYSTEM } db_role;

typedef struct {
    const char *name; /* "device_get": the prepared statement's name */
    const char *text;
    bool system;
    bool shared; /* of *.shared.sql: either role may run it */
} db_statement;

SP_STATUS(DB_UNAVAILABLE, SP_UNAVAILABLE, "The database cannot be reached at the moment.");
SP_STATUS(DB_CONFLICT, SP_ABORTED, "Another change came between; try again.");
SP_STATUS(DB_CANCELLED, SP_CANCELLED, "The query was cancelled.");
SP_STATUS(DB_TOO_SLOW, SP_DEADLINE_EXCEEDED, "The query took longer than a statement may.");
SP_STATUS(DB_DUPLICATE, SP_ALREADY_EXISTS, "A row with this key exists already.");
SP_STATUS(DB_REFERENCED, SP_FAILED_PRECONDITION, "Another row refers to this one, or the one referred to is missing.");
SP_STATUS(DB_VALUE_REFUSED, SP_INVALID_ARGUMENT, "The database refused a value.");
SP_STATUS(DB_NO_MEMORY, SP_RESOURCE_EXHAUSTED, "The call needs more memory than it may take.");
SP_STATUS(DB_BROKEN, SP_INTERNAL, "The database answered with an unexpected error.");

typedef struct {
    const char *conninfo; /* libpq URL or keywords */
    db_role role;
    int size;         /* connections at most; opened as needed */
    int wait_ms;      /* for a free connection before DB_UNAVAILABLE; 0: 5000 */
    int statement_ms; /* statement_timeout; 0: 30 000 */
} db_pool_options;

/* Connects nothing yet. */
db_pool *db_pool_new(const db_pool_options *options);
void db_pool_free(db_pool *pool);

/* Takes a connection and begins; enterprise_id is set for row-level security (0 only for DB_SYSTEM). The arena receives
 * every result of the transaction and must outlive it. A broken connection is replaced once before DB_UNAVAILABLE. */
sp_status db_begin(db_pool *pool, int64_t enterprise_id, arena *a, db_tx **ret_tx) SP_MUST_USE;

/* Both end the transaction and give the connection back, whatever they answer. A commit whose answer was lost is
 * DB_UNAVAILABLE: the caller cannot know. */
sp_status db_commit(db_tx *tx) SP_MUST_USE;
void db_rollback(db_tx *tx);

/* Commits when all statements went well, rolls back otherwise; the status is theirs or the commit's. */
static inline sp_status db_end(db_tx *tx, sp_status st)
{
    if (!sp_failed(st))
        return db_commit(tx);
    db_rollback(tx);
    return st;
}

/* May be called from another thread while a query of tx runs (PQcancel); without a running query it does nothing. */
void db_cancel(db_tx *tx);

/* ---- Parameters: DB_ARGS(db_int64(id), db_text(name)) — borrowed until db_query returns. ------------------------- */

/* Any integer may stand for a smallint, integer or bigint parameter; a value beyond its range is DB_VALUE_REFUSED.
 * Otherwise the types must be those of the statement: DB_BROKEN. */
typedef struct {
    uint32_t oid;      /* PostgreSQL type */
    const void *bytes; /* binary form; NULL: it stands in room */
    int size;
    bool is_null;
    uint8_t room[8];  /* of small values */
    uint8_t *element; /* of tuples: where the number of their type goes, which each database gives anew */
} db_arg;

enum { DB_MAX_ARGS = 64 }; /* of one statement */

db_arg db_null(void);
db_arg db_bool(bool value);
db_arg db_int16(int16_t value);
db_arg db_int32(int32_t value);
db_arg db_int64(int64_t value);
db_arg db_int64_or_null(int64_t value);    /* 0 becomes NULL */
db_arg db_text(const char *value);         /* NULL becomes NULL */
db_arg db_text_or_null(const char *value); /* "" and NULL become NULL */
db_arg db_bytes(const void *bytes, size_t size);
db_arg db_time(int64_t unix_ms);
db_arg db_time_or_null(int64_t unix_ms); /* 0 becomes NULL */

/* One-dimensional arrays, built in the arena; a NULL arg comes back when it is full, and db_query then fails. */
db_arg db_int64_array(arena *a, const int64_t *values, size_t count);

/* A column of an unnest: grows value by value, then becomes an arg. Lives in the arena. */
typedef struct {
    arena *memory;
    uint8_t *bytes;
    size_t size, cap, count;
    uint32_t element_oid;
    bool failed, has_null;
} db_column;
typedef enum {
    DB_COLUMN_INT16,
    DB_COLUMN_INT32,
    DB_COLUMN_INT64,
    DB_COLUMN_BOOL,
    DB_COLUMN_TEXT,
    DB_COLUMN_BYTES,
    DB_COLUMN_TIME
} db_column_type;
void db_column_init(db_column *column, arena *a, db_column_type type);
void db_column_int(db_column *column, int64_t value); /* any integer or bool column */
void db_column_time(db_column *column, int64_t unix_ms);
void db_column_text(db_column *column, const char *text);
void db_column_bytes(db_column *column, const void *bytes, size_t size);
void db_column_null(db_column *column);
db_arg db_column_arg(db_column *column);

/* Rows for one unnest of an array of a composite type, given value by value in the order of its columns. For many
 * columns this costs the database far less than an array each, which it would unpack one by one and then put together.
 * Lives in the arena. */
typedef struct {
    arena *memory;
    const db_column_type *types; /* borrowed */
    int columns;
    int next;   /* the column whose value is due */
    size_t row; /* where the last row begins */
    uint8_t *bytes;
    size_t size, cap, count;
    bool failed;
} db_tuples;
void db_tuples_init(db_tuples *t, arena *a, const db_column_type *types, int columns);
void db_tuples_int(db_tuples *t, int64_t value); /* any integer or bool column */
void db_tuples_time(db_tuples *t, int64_t unix_ms);
void db_tuples_text(db_tuples *t, const char *text);
void db_tuples_bytes(db_tuples *t, const void *bytes, size_t size);
void db_tuples_null(db_tuples *t);
db_arg db_tuples_arg(db_tuples *t);

/* ---- Queries ----------------------------------------------------------------------------------------------------- */

typedef struct {
    void *result;     /* PGresult, released with the arena */
    int count;        /* rows returned */
    int64_t affected; /* rows of INSERT, UPDATE, DELETE */
} db_rows;

/* ret_rows may be NULL. A failure leaves the transaction useless: roll back. The status comes from the SQLSTATE table;
 * db_sqlstate tells the code of the last failure ("" when the connection broke). */
sp_status db_query_n(db_tx *tx, const db_statement *statement, const db_arg *args, size_t count, db_rows *ret_rows);
#define DB_ARGS(...) ((const db_arg[]){__VA_ARGS__}), (sizeof((const db_arg[]){__VA_ARGS__}) / sizeof(db_arg))
#define DB_NO_ARGS NULL, 0
#define db_query(tx, statement, args_and_count, ret_rows) db_query_n(tx, &(statement), args_and_count, ret_rows)
const char *db_sqlstate(const db_tx *tx);
const char *db_constraint(const db_tx *tx); /* name of the violated constraint; "" if none */
const char *db_message(const db_tx *tx);    /* the database's own words about the last failure, for the log alone */

bool db_row_is_null(const db_rows *rows, int row, int column);
bool db_row_bool(const db_rows *rows, int row, int column);
int64_t db_row_int(const db_rows *rows, int row, int column);      /* int2, int4 or int8; 0 for NULL */
const char *db_row_text(const db_rows *rows, int row, int column); /* "" for NULL; borrowed from the rows */
const uint8_t *db_row_bytes(const db_rows *rows, int row, int column, size_t *ret_size);
int64_t db_row_time_ms(const db_rows *rows, int row, int column); /* timestamptz as Unix ms; 0 for NULL */

/* A whole column, a number for each row; NULL when memory is out, never for want of rows. */
int64_t *db_rows_ints(const db_rows *rows, int column, arena *a);

/* A text[] column, copied to the arena; NULL reads as empty. */
sp_status db_row_texts(const db_rows *rows, int row, int column, arena *a, text_list *ret_list) SP_MUST_USE;

arena *db_tx_arena(db_tx *tx);
db_role db_tx_role(const db_tx *tx);
