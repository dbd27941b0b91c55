/* Inside server/db: the PostgreSQL types that travel, and their binary forms. */
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BOOL_ARRAY = 1000,
    OID_BYTEA_ARRAY = 1001,
    OID_INT2_ARRAY = 1005,
    OID_INT4_ARRAY = 1007,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_TIMESTAMPTZ = 1184,
    OID_TIMESTAMPTZ_ARRAY = 1185,
};

/* An argument that could not be built for want of memory; no type has this number. */
#define OID_NO_MEMORY UINT32_MAX

/* Tuples: of which composite type, the statement knows. */
#define OID_TUPLES (UINT32_MAX - 1)

/* Types that a schema made have numbers from here. */
enum { OID_FIRST_MADE = 16384 };

/* timestamptz counts microseconds from 2000-01-01 UTC. */
static const int64_t PG_EPOCH_MS = 946684800000;

static inline void put_be(uint8_t *out, int64_t value, int size)
{
    uint64_t be = htobe64((uint64_t)value);

    memcpy(out, (const uint8_t *)&be + 8 - size, (size_t)size);
}

enum { ARRAY_HEAD = 20, ARRAY_HEAD_EMPTY = 12, ARRAY_ELEMENT = 8 };

/* One dimension that begins at 1; an empty array has none, and the shorter head. */
static inline void put_array_head(uint8_t *out, uint32_t element, size_t count, bool has_null)
{
    put_be(out, count ? 1 : 0, 4);
    put_be(out + 4, has_null, 4);
    put_be(out + ARRAY_ELEMENT, element, 4);
    put_be(out + 12, (int64_t)count, 4);
    put_be(out + 16, 1, 4);
}

/* Sign-extended. size is 1–8. */
static inline int64_t get_be(const uint8_t *in, int size)
{
    uint64_t be = 0;

    memcpy(&be, in, (size_t)size);
    return (int64_t)be64toh(be) >> (64 - 8 * size);
}

/* What does not fit becomes a value that the database refuses, never one that means something else. */
static inline int64_t pg_time(int64_t unix_ms)
{
    int64_t us;

    if (__builtin_sub_overflow(unix_ms, PG_EPOCH_MS, &us) || __builtin_mul_overflow(us, 1000, &us))
        return INT64_MAX - 1;
    return us;
}
