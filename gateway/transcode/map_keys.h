/* The keys that a map has had so far, so that one given twice is noticed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

typedef struct {
    uint64_t hash;
    const uint8_t *key; /* NULL: free */
    size_t size;
} map_key;

/* All zero when empty. Lives in the arena. */
typedef struct {
    map_key *keys; /* a power of two of them, at most half filled */
    size_t room, count;
} map_keys;

typedef enum { MAP_KEY_NEW, MAP_KEY_TWICE, MAP_KEY_NO_MEMORY } map_key_outcome;

/* Copies a new key. */
map_key_outcome map_keys_add(map_keys *set, arena *memory, const uint8_t *key, size_t size);
