/* Looking things up; descriptor_load.c fills the pool. */
#include "descriptor_pool.h"

#include <stdlib.h>

#include "descriptor_load.h"

descriptor_pool *descriptor_pool_new(const uint8_t *set, size_t size, const char **ret_fault)
{
    descriptor_pool *pool = calloc(1, sizeof *pool);

    if (!pool) {
        *ret_fault = "Memory is out.";
        return NULL;
    }
    arena_init(&pool->memory, DESCRIPTOR_MEMORY_MAX);
    *ret_fault = descriptor_load(pool, set, size);
    if (*ret_fault) {
        descriptor_pool_free(pool);
        return NULL;
    }
    return pool;
}

void descriptor_pool_free(descriptor_pool *pool)
{
    if (!pool)
        return;
    arena_done(&pool->memory);
    free(pool);
}

const message_type *descriptor_pool_message(const descriptor_pool *pool, const char *full_name, size_t length)
{
    return name_table_find(&pool->messages_by_name, full_name, length);
}

size_t descriptor_pool_method_count(const descriptor_pool *pool)
{
    return pool->method_count;
}

const method_type *descriptor_pool_method(const descriptor_pool *pool, size_t index)
{
    return &pool->methods[index];
}

const field_type *message_field_by_name(const message_type *message, const char *name, size_t length)
{
    return name_table_find(&message->by_name, name, length);
}

const field_type *message_field_by_number(const message_type *message, uint32_t number)
{
    if (number - 1 < message->from_one_count)
        return message->from_one[number - 1];
    for (size_t i = 0; i < message->count; i++)
        if (message->fields[i].number == number)
            return &message->fields[i];
    return NULL;
}

const enum_value *enum_value_by_name(const enum_type *type, const char *name, size_t length)
{
    return name_table_find(&type->by_name, name, length);
}

const char *enum_name_by_number(const enum_type *type, int32_t number)
{
    if (number >= 0 && (size_t)number < type->names_count)
        return type->names_from_zero[number];
    for (size_t i = 0; i < type->count; i++)
        if (type->values[i].number == number)
            return type->values[i].name;
    return NULL;
}
