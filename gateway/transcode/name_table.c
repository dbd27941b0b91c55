#include "name_table.h"

#include <string.h>

/* FNV-1a: names are short and come from our own descriptors, so nobody can choose colliding ones. */
static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    return hash;
}

bool name_table_init(name_table *table, size_t capacity, arena *memory)
{
    size_t size = 4;

    while (size < capacity * 2)
        size *= 2;
    table->entries = arena_array(memory, size, sizeof *table->entries);
    table->mask = size - 1;
    return table->entries != NULL;
}

/* The entry of that name, or the free one where it belongs. */
static name_entry *slot(const name_table *table, const char *name, size_t length, uint32_t hash)
{
    size_t at = hash & table->mask;

    for (;; at = (at + 1) & table->mask) {
        name_entry *entry = &table->entries[at];

        if (!entry->name || (entry->hash == hash && entry->length == length && memcmp(entry->name, name, length) == 0))
            return entry;
    }
}

bool name_table_add(name_table *table, const char *name, const void *what)
{
    size_t length = strlen(name);
    uint32_t hash = hash_of(name, length);
    name_entry *entry = slot(table, name, length, hash);

    if (entry->name)
        return false;
    *entry = (name_entry){name, (uint32_t)length, hash, what};
    return true;
}

const void *name_table_find(const name_table *table, const char *name, size_t length)
{
    return slot(table, name, length, hash_of(name, length))->what;
}
