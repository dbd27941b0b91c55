#include "text_map.h"

#include <stdint.h>
#include <string.h>

enum { ROOM_FIRST = 64 };

/* FNV-1a, then mixed: keys come from files, and all that a bad distribution costs their sender is his own time. */
static uint64_t hash_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    hash ^= hash >> 32;
    return hash * UINT64_C(0x9e3779b97f4a7c15) >> 16;
}

/* Where the key is, or where it belongs. */
static text_map_slot *slot_of(text_map_slot *slots, size_t room, const char *key)
{
    size_t at = hash_of(key) & (room - 1);

    while (slots[at].key && strcmp(slots[at].key, key) != 0)
        at = (at + 1) & (room - 1);
    return &slots[at];
}

void text_map_init(text_map *map, arena *memory)
{
    *map = (text_map){.memory = memory};
}

void *text_map_get(const text_map *map, const char *key)
{
    return map->room ? slot_of(map->slots, map->room, key)->value : NULL;
}

static bool grow(text_map *map)
{
    size_t room = map->room ? map->room * 2 : ROOM_FIRST;
    text_map_slot *slots = arena_array(map->memory, room, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < map->room; i++)
        if (map->slots[i].key)
            *slot_of(slots, room, map->slots[i].key) = map->slots[i];
    map->slots = slots;
    map->room = room;
    return true;
}

bool text_map_put(text_map *map, const char *key, void *value)
{
    text_map_slot *slot;

    if (map->count * 2 >= map->room && !grow(map))
        return false;
    slot = slot_of(map->slots, map->room, key);
    map->count += slot->key == NULL;
    *slot = (text_map_slot){slot->key ? slot->key : key, value};
    return true;
}
