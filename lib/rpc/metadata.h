/* Metadata: what came with a call, what goes with its answer. */
#pragma once

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/* A copy in the arena of the first value of the key, NUL-terminated; NULL when there is none or memory is out. */
const char *metadata_find(const grpc_metadata_array *array, const char *key, arena *a);

/* The core accepts it, and it is not one of the names that gRPC keeps for itself. Core must never be given an illegal
 * one: a call that was refused for it cannot be used again. */
bool metadata_is_legal(const char *key, const char *value);

bool metadata_key_is_binary(const char *key);

/* Copies both texts; metadata_drop frees them. */
grpc_metadata metadata_from_text(const char *key, const char *value);
void metadata_drop(grpc_metadata *array, size_t count);
