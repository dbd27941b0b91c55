/* The inside of a descriptor pool, for the files that fill and read it. */
#pragma once

#include "arena.h"
#include "descriptor_pool.h"

enum { DESCRIPTOR_MEMORY_MAX = 64 << 20 };

struct descriptor_pool {
    arena memory;
    name_table messages_by_name;
    name_table enums_by_name;
    message_type *messages;
    size_t message_count;
    enum_type *enums;
    size_t enum_count;
    method_type *methods;
    size_t method_count;
};

/* Fills an empty pool. NULL, or a static sentence about what is wrong with the set. */
const char *descriptor_load(descriptor_pool *pool, const uint8_t *set, size_t size);
