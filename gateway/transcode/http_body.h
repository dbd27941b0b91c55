/* google.api.HttpBody on the wire: a content type (1), data (2), and in an upload whose sender named it an extension
 * (3) with a smartpass.v1.BodyInfo. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

typedef struct {
    const char *content_type; /* borrowed, not NUL-terminated */
    size_t content_type_length;
    const uint8_t *data;
    size_t size;
    const char *file_name; /* UTF-8; NULL or "": not said. Only for appending */
} http_body;

/* False when the bytes are malformed. */
bool http_body_read(const uint8_t *bytes, size_t size, http_body *ret_body);

/* Appends one message; an empty content type is left out. False when the buffer is full. */
bool http_body_append(byte_buffer *out, const http_body *body);
