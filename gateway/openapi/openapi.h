/* A contract as an OpenAPI 3.1 document: every route that google.api.http gives its methods, as this gateway serves it.
 * The same contract and options always make the same bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

typedef struct {
    const char *title;          /* NULL: the package of the first service */
    const char *version;        /* of the API; NULL: "1.0.0" */
    const char *licence;        /* an SPDX identifier; NULL: none is named */
    const char *const *servers; /* URLs; with none of them, the one that the document came from */
    size_t server_count;
    size_t memory_max; /* bytes to work with, beside the document and the contract's types; 0: 256 MiB */
} openapi_options;

/* Appends the document. The set is a FileDescriptorSet with all imports; comments come from its source information,
 * when it has any. False with a sentence when the contract or the options cannot be described; the buffer's cap bounds
 * the document. [any thread] */
bool openapi_write(const uint8_t *set, size_t size, const openapi_options *options, byte_buffer *out, char *fault,
                   size_t fault_size);

/* Appends the JSON text with a line for each member, indented by two spaces. The text must be valid. */
bool json_indent(const char *json, size_t size, byte_buffer *out);
