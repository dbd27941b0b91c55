/* Where things stand in a .proto file and what their author wrote above them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "descriptor.h"

/* A path as SourceCodeInfo spells it: field numbers and indices from the file down. */
typedef struct {
    const int32_t *steps;
    size_t count;
} source_path;

extern const source_path source_root;

/* The path of entry `index` of field `number` below the given one; in scratch memory. */
source_path source_path_below(source_path above, int32_t number, size_t index);

/* The comment right above, as protoc gives it, else the one behind; "" when there is neither. */
const char *source_comment(const FileDescriptorProto *file, source_path path);

/* Both counted from 1; 0 when the compiler did not say. */
typedef struct {
    int line;
    int column;
} source_place;

source_place source_place_of(const FileDescriptorProto *file, source_path path);
