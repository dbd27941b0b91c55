/* Finds things by name: filled once, then only read, by any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

typedef struct {
    const char *name; /* NULL: free */
    uint32_t length;
    uint32_t hash;
    const void *what;
} name_entry;

typedef struct {
    name_entry *entries; /* a power of two of them, at most half filled */
    size_t mask;
} name_table;

/* Room for so many names, from the arena; false when memory is out. */
bool name_table_init(name_table *table, size_t capacity, arena *memory);

/* Borrows the name. False when it is there already, for the same thing or another; the first one stays. */
bool name_table_add(name_table *table, const char *name, const void *what);

/* NULL when there is none. */
const void *name_table_find(const name_table *table, const char *name, size_t length);
