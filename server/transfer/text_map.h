/* Texts and what belongs to each, in an arena. Pure. */
#pragma once

#include <stddef.h>

#include "arena.h"

typedef struct {
    const char *key;
    void *value;
} text_map_slot;

typedef struct {
    arena *memory;
    text_map_slot *slots;
    size_t room; /* a power of two */
    size_t count;
} text_map;

/* Empty, without memory yet. */
void text_map_init(text_map *map, arena *memory);

/* NULL when the key is not there. */
void *text_map_get(const text_map *map, const char *key);

/* Sets the value, which is not NULL, of a key that is borrowed. False when memory is out; the map is as before then. */
bool text_map_put(text_map *map, const char *key, void *value);
