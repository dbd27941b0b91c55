/* google.protobuf.FieldMask in JSON: one string, "name,photoId,group.name". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* Appends the message's content; "photoId" becomes the path photo_id. False when a path cannot be one, or the buffer
 * is full. */
bool field_mask_from_text(byte_buffer *out, const char *text, size_t length);

/* Appends one path of the message as JSON has it, without quotes; false when it would not come back the same. */
bool field_mask_path_to_text(byte_buffer *out, const uint8_t *path, size_t length);
