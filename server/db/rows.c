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

int64_t *db_rows_ints(const db_rows *rows, int column, arena *a)
{
    int64_t *ints = arena_array(a, (size_t)rows->count + 1, sizeof *ints);

    for (int i = 0; ints && i < rows->count; i++)
        ints[i] = db_row_int(rows, i, column);
    return ints;
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

sp_status db_row_texts(const db_rows *rows, int row, int column, arena *a, text_list *ret_list)
{
    enum { EMPTY_HEAD = 12, HEAD = 20 };
    const uint8_t *at = value_bytes(rows, row, column);
    int left = value_size(rows, row, column);
    size_t count;

    *ret_list = (text_list){0};
    if (left <= EMPTY_HEAD)
        return SP_DONE;
    if (left < HEAD || get_be(at, 4) != 1)
        return DB_BROKEN;
    count = (size_t)get_be(at + EMPTY_HEAD, 4);
    if (count > (size_t)left / 4)
        return DB_BROKEN;
    ret_list->texts = arena_array(a, count, sizeof *ret_list->texts);
    if (!ret_list->texts)
        return OUT_OF_MEMORY;
    at += HEAD, left -= HEAD;
    for (; ret_list->count < count; ret_list->count++) {
        int64_t size = left >= 4 ? get_be(at, 4) : -1; /* -1 stands for NULL, which no such column of ours holds */

        if (size < 0 || size > left - 4)
            return DB_BROKEN;
        ret_list->texts[ret_list->count] = arena_copy(a, at + 4, (size_t)size);
        if (!ret_list->texts[ret_list->count])
            return OUT_OF_MEMORY;
        at += 4 + size, left -= 4 + (int)size;
    }
    return SP_DONE;
}
