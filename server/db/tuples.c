/* Arrays of a composite type in PostgreSQL's binary form: the head of an array; then for each row its length, the
 * number of its columns, and each column's type, length and bytes. */
#include <limits.h>

#include "db.h"
#include "types.h"

enum { FIRST_ROOM = 4096, ROW_HEAD = 8, VALUE_HEAD = 8 };

static const struct {
    uint32_t oid;
    int size; /* 0: as long as each value is */
} TYPES[] = {
    [DB_COLUMN_INT16] = {OID_INT2, 2},       [DB_COLUMN_INT32] = {OID_INT4, 4}, [DB_COLUMN_INT64] = {OID_INT8, 8},
    [DB_COLUMN_BOOL] = {OID_BOOL, 1},        [DB_COLUMN_TEXT] = {OID_TEXT, 0},  [DB_COLUMN_BYTES] = {OID_BYTEA, 0},
    [DB_COLUMN_TIME] = {OID_TIMESTAMPTZ, 8},
};

void db_tuples_init(db_tuples *t, arena *a, const db_column_type *types, int columns)
{
    *t = (db_tuples){.memory = a, .types = types, .columns = columns, .size = ARRAY_HEAD, .cap = FIRST_ROOM};
    t->bytes = arena_alloc(a, FIRST_ROOM);
    t->failed = !t->bytes;
}

static uint8_t *room_for(db_tuples *t, size_t n)
{
    size_t cap = t->cap;

    if (t->failed || n > INT_MAX || t->size > INT_MAX - n) {
        t->failed = true;
        return NULL;
    }
    while (cap < t->size + n)
        cap *= 2;
    if (cap != t->cap) {
        uint8_t *bytes = arena_alloc(t->memory, cap);

        if (!bytes) {
            t->failed = true;
            return NULL;
        }
        memcpy(bytes, t->bytes, t->size);
        t->bytes = bytes;
        t->cap = cap;
    }
    t->size += n;
    return t->bytes + t->size - n;
}

static void row_begin(db_tuples *t)
{
    uint8_t *at = room_for(t, ROW_HEAD);

    if (!at)
        return;
    t->row = t->size - ROW_HEAD;
    put_be(at + 4, t->columns, 4);
}

/* Its length stands before a row and is known behind it. */
static void row_end(db_tuples *t)
{
    put_be(t->bytes + t->row, (int64_t)(t->size - t->row - 4), 4);
    t->count++;
    t->next = 0;
}

/* length −1 is NULL. The bytes, or NULL when memory is out. */
static uint8_t *value_begin(db_tuples *t, int64_t length)
{
    size_t size = length > 0 ? (size_t)length : 0;
    uint8_t *at;

    if (t->next == 0)
        row_begin(t);
    at = size <= INT_MAX - VALUE_HEAD ? room_for(t, VALUE_HEAD + size) : NULL;
    if (!at) {
        t->failed = true;
        return NULL;
    }
    put_be(at, TYPES[t->types[t->next]].oid, 4);
    put_be(at + 4, length, 4);
    return at + VALUE_HEAD;
}

static void value_end(db_tuples *t)
{
    if (++t->next == t->columns)
        row_end(t);
}

static void fixed(db_tuples *t, int64_t value)
{
    db_column_type type = t->types[t->next];
    int size = TYPES[type].size;
    uint8_t *at = size ? value_begin(t, size) : NULL;

    if (!at) {
        t->failed = true;
        return;
    }
    put_be(at, value, size);
    if (size < 8 && get_be(at, size) != value && type != DB_COLUMN_BOOL)
        t->failed = true; /* a cut number must never be stored */
    value_end(t);
}

void db_tuples_int(db_tuples *t, int64_t value)
{
    fixed(t, value);
}

void db_tuples_time(db_tuples *t, int64_t unix_ms)
{
    fixed(t, pg_time(unix_ms));
}

void db_tuples_bytes(db_tuples *t, const void *bytes, size_t size)
{
    uint8_t *at = TYPES[t->types[t->next]].size == 0 && size <= INT_MAX ? value_begin(t, (int64_t)size) : NULL;

    if (!at) {
        t->failed = true;
        return;
    }
    if (size)
        memcpy(at, bytes, size);
    value_end(t);
}

void db_tuples_text(db_tuples *t, const char *text)
{
    if (text)
        db_tuples_bytes(t, text, strlen(text));
    else
        db_tuples_null(t);
}

void db_tuples_null(db_tuples *t)
{
    if (value_begin(t, -1))
        value_end(t);
}

db_arg db_tuples_arg(db_tuples *t)
{
    if (t->failed || t->next != 0 || t->count > INT32_MAX)
        return (db_arg){.oid = OID_NO_MEMORY};
    put_array_head(t->bytes, 0, t->count, false);
    return (db_arg){
        .oid = OID_TUPLES,
        .bytes = t->bytes,
        .size = t->count ? (int)t->size : ARRAY_HEAD_EMPTY,
        .element = t->bytes + ARRAY_ELEMENT,
    };
}
