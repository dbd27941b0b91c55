/* Single parameters in their binary form. */
#include <limits.h>

#include "db.h"
#include "types.h"

static db_arg small(uint32_t oid, int64_t value, int size)
{
    db_arg arg = {.oid = oid, .size = size};

    put_be(arg.room, value, size);
    return arg;
}

db_arg db_null(void)
{
    return (db_arg){.is_null = true};
}

db_arg db_bool(bool value)
{
    return small(OID_BOOL, value, 1);
}

db_arg db_int16(int16_t value)
{
    return small(OID_INT2, value, 2);
}

db_arg db_int32(int32_t value)
{
    return small(OID_INT4, value, 4);
}

db_arg db_int64(int64_t value)
{
    return small(OID_INT8, value, 8);
}

db_arg db_int64_or_null(int64_t value)
{
    return value ? db_int64(value) : db_null();
}

db_arg db_time(int64_t unix_ms)
{
    return small(OID_TIMESTAMPTZ, pg_time(unix_ms), 8);
}

db_arg db_time_or_null(int64_t unix_ms)
{
    return unix_ms ? db_time(unix_ms) : db_null();
}

static db_arg borrowed(uint32_t oid, const void *bytes, size_t size)
{
    if (size > INT_MAX)
        return (db_arg){.oid = OID_NO_MEMORY};
    return (db_arg){.oid = oid, .bytes = size ? bytes : "", .size = (int)size};
}

db_arg db_text(const char *value)
{
    return value ? borrowed(OID_TEXT, value, strlen(value)) : db_null();
}

db_arg db_text_or_null(const char *value)
{
    return value && *value ? db_text(value) : db_null();
}

db_arg db_bytes(const void *bytes, size_t size)
{
    return borrowed(OID_BYTEA, bytes, size);
}

db_arg db_int64_array(arena *a, const int64_t *values, size_t count)
{
    db_column column;

    db_column_init(&column, a, DB_COLUMN_INT64);
    for (size_t i = 0; i < count; i++)
        db_column_int(&column, values[i]);
    return db_column_arg(&column);
}
