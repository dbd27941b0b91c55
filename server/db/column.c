/* Arrays in PostgreSQL's binary form: a head of 20 bytes, then a length and the bytes of each value. */
#include <limits.h>

#include "db.h"
#include "types.h"

enum { FIRST_ROOM = 512 };

static const struct {
    uint32_t element, array;
    int size; /* 0: as long as each value is */
} TYPES[] = {
    [DB_COLUMN_INT16] = {OID_INT2, OID_INT2_ARRAY, 2},
    [DB_COLUMN_INT32] = {OID_INT4, OID_INT4_ARRAY, 4},
    [DB_COLUMN_INT64] = {OID_INT8, OID_INT8_ARRAY, 8},
    [DB_COLUMN_BOOL] = {OID_BOOL, OID_BOOL_ARRAY, 1},
    [DB_COLUMN_TEXT] = {OID_TEXT, OID_TEXT_ARRAY, 0},
    [DB_COLUMN_BYTES] = {OID_BYTEA, OID_BYTEA_ARRAY, 0},
    [DB_COLUMN_TIME] = {OID_TIMESTAMPTZ, OID_TIMESTAMPTZ_ARRAY, 8},
};

static size_t type_of(const db_column *column)
{
    size_t type = 0;

    while (TYPES[type].element != column->element_oid)
        type++;
    return type;
}

static uint8_t *room_for(db_column *column, size_t n)
{
    size_t cap = column->cap;
    uint8_t *bytes;

    if (column->failed || n > INT_MAX || column->size > INT_MAX - n) {
        column->failed = true;
        return NULL;
    }
    while (cap < column->size + n)
        cap *= 2;
    if (cap != column->cap) {
        bytes = arena_alloc(column->memory, cap);
        if (!bytes) {
            column->failed = true;
            return NULL;
        }
        memcpy(bytes, column->bytes, column->size);
        column->bytes = bytes;
        column->cap = cap;
    }
    column->size += n;
    return column->bytes + column->size - n;
}

void db_column_init(db_column *column, arena *a, db_column_type type)
{
    *column = (db_column){.memory = a, .cap = FIRST_ROOM, .element_oid = TYPES[type].element};
    column->bytes = arena_alloc(a, FIRST_ROOM);
    column->failed = !column->bytes;
    column->size = ARRAY_HEAD;
}

static void fixed(db_column *column, int64_t value)
{
    int size = TYPES[type_of(column)].size;
    uint8_t *at;

    if (size == 0) {
        column->failed = true;
        return;
    }
    at = room_for(column, 4 + (size_t)size);
    if (!at)
        return;
    put_be(at, size, 4);
    put_be(at + 4, value, size);
    if (size < 8 && get_be(at + 4, size) != value && column->element_oid != OID_BOOL)
        column->failed = true; /* a cut number must never be stored */
    column->count++;
}

void db_column_int(db_column *column, int64_t value)
{
    fixed(column, value);
}

void db_column_time(db_column *column, int64_t unix_ms)
{
    fixed(column, pg_time(unix_ms));
}

void db_column_bytes(db_column *column, const void *bytes, size_t size)
{
    uint8_t *at;

    if (TYPES[type_of(column)].size != 0 || size > INT_MAX - 4) {
        column->failed = true;
        return;
    }
    at = room_for(column, 4 + size);
    if (!at)
        return;
    put_be(at, (int64_t)size, 4);
    if (size)
        memcpy(at + 4, bytes, size);
    column->count++;
}

void db_column_text(db_column *column, const char *text)
{
    if (text)
        db_column_bytes(column, text, strlen(text));
    else
        db_column_null(column);
}

void db_column_null(db_column *column)
{
    uint8_t *at = room_for(column, 4);

    if (!at)
        return;
    put_be(at, -1, 4);
    column->has_null = true;
    column->count++;
}

db_arg db_column_arg(db_column *column)
{
    db_arg arg = {.oid = TYPES[type_of(column)].array, .bytes = column->bytes, .size = (int)column->size};

    if (column->failed || column->count > INT32_MAX)
        return (db_arg){.oid = OID_NO_MEMORY};
    put_array_head(column->bytes, column->element_oid, column->count, column->has_null);
    if (!column->count)
        arg.size = ARRAY_HEAD_EMPTY;
    return arg;
}
