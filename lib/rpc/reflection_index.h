/* What a FileDescriptorSet declares and where: files by name, symbols and extensions by the file that has them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

typedef struct reflection_file {
    const char *name;
    const uint8_t *bytes; /* the FileDescriptorProto as it lies in the set */
    size_t size;
    const struct reflection_file **imports; /* those that the set has */
    size_t import_count;
} reflection_file;

typedef struct {
    const char *name; /* "smartpass.v1.PeopleService.GetEmployee", without a leading dot */
    const reflection_file *file;
} reflection_symbol;

typedef struct {
    const char *type; /* the message that is extended */
    int32_t number;
    const reflection_file *file;
} reflection_extension;

typedef struct {
    arena memory;
    reflection_file *files;
    size_t file_count;
    reflection_symbol *symbols; /* sorted by name */
    size_t symbol_count;
    size_t symbol_room;
    reflection_extension *extensions;
    size_t extension_count;
    size_t extension_room;
    bool malformed; /* why it could not be made; else memory was out */
} reflection_index;

/* The set is borrowed for the life of the index. False when it is malformed or memory is out (or the index would grow
 * beyond 8 MiB); done is due either way. */
bool reflection_index_init(reflection_index *index, const uint8_t *set, size_t size);
void reflection_index_done(reflection_index *index);

/* NULL when there is none. */
const reflection_file *reflection_find_file(const reflection_index *index, const char *name);
const reflection_file *reflection_find_symbol(const reflection_index *index, const char *name);
const reflection_file *reflection_find_extension(const reflection_index *index, const char *type, int32_t number);
