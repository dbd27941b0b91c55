/* Metadata of calls: search, legality and copies. */
#include "metadata.h"

#include <grpc/slice.h>
#include <string.h>

const char *metadata_find(const grpc_metadata_array *array, const char *key, arena *a)
{
    for (size_t i = 0; i < array->count; i++) {
        const grpc_metadata *entry = &array->metadata[i];

        if (grpc_slice_str_cmp(entry->key, key) == 0)
            return arena_copy(a, GRPC_SLICE_START_PTR(entry->value), GRPC_SLICE_LENGTH(entry->value));
    }
    return NULL;
}

bool metadata_key_is_binary(const char *key)
{
    size_t length = strlen(key);

    return length > 4 && strcmp(key + length - 4, "-bin") == 0;
}

/* What HTTP/2 and gRPC say themselves must not be said twice. */
static bool is_reserved(const char *key)
{
    static const char *const names[] = {"content-type", "content-length", "te", "user-agent", "host"};

    if (strncmp(key, "grpc-", 5) == 0 || key[0] == ':')
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(key, names[i]) == 0)
            return true;
    return false;
}

bool metadata_is_legal(const char *key, const char *value)
{
    if (is_reserved(key) || !grpc_header_key_is_legal(grpc_slice_from_static_string(key)))
        return false;
    return metadata_key_is_binary(key) || grpc_header_nonbin_value_is_legal(grpc_slice_from_static_string(value));
}

grpc_metadata metadata_from_text(const char *key, const char *value)
{
    grpc_metadata entry;

    memset(&entry, 0, sizeof entry);
    entry.key = grpc_slice_from_copied_string(key);
    entry.value = grpc_slice_from_copied_string(value);
    return entry;
}

void metadata_drop(grpc_metadata *array, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        grpc_slice_unref(array[i].key);
        grpc_slice_unref(array[i].value);
    }
}
