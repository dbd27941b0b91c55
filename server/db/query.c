/* Running a named statement: its parameters checked against its types, its failure kept. */
#include <stdio.h>
#include <stdlib.h>

#include "connection.h"
#include "types.h"
#include "waiting.h"

typedef struct {
    const char *values[DB_MAX_ARGS];
    int sizes[DB_MAX_ARGS];
    int formats[DB_MAX_ARGS];
    uint8_t integers[DB_MAX_ARGS][8];
} bound_args;

static int integer_size(uint32_t oid)
{
    return oid == OID_INT2 ? 2 : oid == OID_INT4 ? 4 : oid == OID_INT8 ? 8 : 0;
}

static sp_status bind_integer(bound_args *bound, int i, const db_arg *arg, uint32_t wanted)
{
    int64_t value = get_be(arg->room, arg->size);
    int size = integer_size(wanted);

    put_be(bound->integers[i], value, size);
    if (get_be(bound->integers[i], size) != value)
        return DB_VALUE_REFUSED;
    bound->values[i] = (const char *)bound->integers[i];
    bound->sizes[i] = size;
    return SP_DONE;
}

static sp_status bind(bound_args *bound, int i, const db_arg *arg, uint32_t wanted, uint32_t element)
{
    bound->formats[i] = 1;
    bound->values[i] = NULL;
    bound->sizes[i] = 0;
    if (arg->is_null)
        return SP_DONE;
    if (arg->oid == OID_NO_MEMORY)
        return OUT_OF_MEMORY;
    if (integer_size(arg->oid) && integer_size(wanted))
        return bind_integer(bound, i, arg, wanted);
    if (arg->oid == OID_TUPLES && element)
        put_be(arg->element, element, 4);
    else if (arg->oid != wanted)
        return DB_BROKEN;
    bound->values[i] = arg->bytes ? arg->bytes : (const char *)arg->room;
    bound->sizes[i] = arg->size;
    return SP_DONE;
}

static void result_clear(void *result)
{
    PQclear(result);
}

static sp_status run(db_tx *tx, const db_statement *statement, const bound_args *bound, int count, db_rows *ret_rows)
{
    PGresult *result;
    ExecStatusType outcome;
    sp_status status = SP_DONE;

    before_waiting();
    db_connection_set_running(tx, true);
    result = PQexecPrepared(tx->pg, statement->name, count, bound->values, bound->sizes, bound->formats,
                            /* resultFormat= */ 1);
    db_connection_set_running(tx, false);
    outcome = PQresultStatus(result);
    if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK) {
        status = db_connection_fail_with(tx, result);
    } else if (ret_rows) {
        if (arena_on_release(tx->memory, result_clear, result)) {
            *ret_rows = (db_rows){result, PQntuples(result), atoll(PQcmdTuples(result))};
            return SP_DONE;
        }
        status = db_connection_fail(tx, OUT_OF_MEMORY);
    }
    PQclear(result);
    return status;
}

static sp_status misused(db_tx *tx, const db_statement *statement, const char *how)
{
    snprintf(tx->message, sizeof tx->message, "statement %s %s", statement->name, how);
    return db_connection_fail(tx, DB_BROKEN);
}

sp_status db_query_n(db_tx *tx, const db_statement *statement, const db_arg *args, size_t count, db_rows *ret_rows)
{
    const db_prepared *prepared;
    bound_args bound;
    sp_status status;

    if (tx->failed)
        return tx->failure;
    if (!statement->shared && statement->system != (db_pool_role(tx->pool) == DB_SYSTEM))
        return misused(tx, statement, "is not for this role");
    status = db_connection_prepare(tx, statement, &prepared);
    if (sp_failed(status))
        return status;
    if (count != (size_t)prepared->count)
        return misused(tx, statement, "takes another number of parameters");
    for (int i = 0; i < prepared->count; i++) {
        status = bind(&bound, i, &args[i], prepared->oids[i], prepared->elements[i]);
        if (status.code == SP_INTERNAL)
            return misused(tx, statement, "takes parameters of other types");
        if (sp_failed(status))
            return db_connection_fail(tx, status);
    }
    return run(tx, statement, &bound, prepared->count, ret_rows);
}
