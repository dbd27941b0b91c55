#include "map_keys.h"

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

/* Clients choose the keys, so the hash is keyed: nobody can prepare a million keys that collide. */
static uint64_t hash_seed(void)
{
    static _Atomic uint64_t seed;
    uint64_t value = seed;

    if (value == 0) {
        if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
            value = 0;
        value |= 1;
        seed = value;
    }
    return value;
}

static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return hash ^ hash >> 32;
}

static uint64_t hash_of(const uint8_t *key, size_t size)
{
    uint64_t hash = hash_seed() + size;

    while (size > 0) {
        uint64_t eight = 0;
        size_t n = size < 8 ? size : 8;

        memcpy(&eight, key, n);
        hash = mix(hash ^ eight);
        key += n;
        size -= n;
    }
    return hash;
}

static map_key *slot(const map_keys *set, uint64_t hash, const uint8_t *key, size_t size)
{
    for (size_t at = hash & (set->room - 1);; at = (at + 1) & (set->room - 1)) {
        map_key *held = &set->keys[at];

        if (!held->key || (held->hash == hash && held->size == size && memcmp(held->key, key, size) == 0))
            return held;
    }
}

static bool grow(map_keys *set, arena *memory)
{
    map_keys larger = {.room = set->room ? set->room * 2 : 16, .count = set->count};

    larger.keys = arena_array(memory, larger.room, sizeof *larger.keys);
    if (!larger.keys)
        return false;
    for (size_t i = 0; i < set->room; i++)
        if (set->keys[i].key)
            *slot(&larger, set->keys[i].hash, set->keys[i].key, set->keys[i].size) = set->keys[i];
    *set = larger;
    return true;
}

map_key_outcome map_keys_add(map_keys *set, arena *memory, const uint8_t *key, size_t size)
{
    uint64_t hash = hash_of(key, size);
    map_key *held;

    if (set->count * 2 >= set->room && !grow(set, memory))
        return MAP_KEY_NO_MEMORY;
    held = slot(set, hash, key, size);
    if (held->key)
        return MAP_KEY_TWICE;
    *held = (map_key){hash, (const uint8_t *)arena_copy(memory, key, size), size};
    set->count++;
    return held->key ? MAP_KEY_NEW : MAP_KEY_NO_MEMORY;
}
