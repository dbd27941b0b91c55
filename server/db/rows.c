/* Reading what a query returned, in its binary form. */
#include <libpq-fe.h>

#include "db.h"
#include "types.h"

static int value_size(const db_rows *rows, int row, int column)
{
    return PQgetlength(rows->result, row, column);
}

static const uint8_t *value_bytes(const db_rows *rows, int row, int column)
{
    return (const uint8_t *)PQgetvalue(rows->result, row, column);
}

bool db_row_is_null(const db_rows *rows, int row, int column)
{
    return PQgetisnull(rows->result, row, column) != 0;
}

bool db_row_bool(const db_rows *rows, int row, int column)
{
    return value_size(rows, row, column) == 1 && value_bytes(rows, row, column)[0] != 0;
}

int64_t db_row_int(const db_rows *rows, int row, int column)
{
    int size = value_size(rows, row, column);

    return size == 2 || size == 4 || size == 8 ? get_be(value_bytes(rows, row, column), size) : 0;
}

const char *db_row_text(const db_rows *rows, int row, int column)
{
    return PQgetvalue(rows->result, row, column); /* libpq ends every value with a NUL; NULL reads as "" */
}

const uint8_t *db_row_bytes(const db_rows *rows, int row, int column, size_t *ret_size)
{
    *ret_size = (size_t)value_size(rows, row, column);
    return value_bytes(rows, row, column);
}

int64_t db_row_time_ms(const db_rows *rows, int row, int column)
{
    int64_t us;

    if (value_size(rows, row, column) != 8)
        return 0;
    us = get_be(value_bytes(rows, row, column), 8);
    /* Rounded down, also before 2000, so that a stored millisecond comes back as itself. */
    return (us >= 0 ? us / 1000 : -((999 - us) / 1000)) + PG_EPOCH_MS;
}
