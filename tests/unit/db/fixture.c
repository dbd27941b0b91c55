#include "fixture.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>

const char *fixture_conninfo;
const char *fixture_directory;

db_pool *fixture_pool(db_role role, int size)
{
    db_pool *pool = db_pool_new(&(db_pool_options){.conninfo = fixture_conninfo, .role = role, .size = size, .wait_ms = 200});

    ck_assert_ptr_nonnull(pool);
    return pool;
}

const char *fixture_sql(const char *format, ...)
{
    static char value[4096];
    char text[4096];
    PGconn *pg = PQconnectdb(fixture_conninfo);
    PGresult *result;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    result = PQexec(pg, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        ck_abort_msg("%s: %s", text, PQerrorMessage(pg));
    snprintf(value, sizeof value, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(pg);
    return value;
}
