/* Base64 as proto3 JSON takes it: the alphabet of RFC 4648 §4 or of §5, with padding or without. What a last digit has
 * left over is ignored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that a text stands for, if it is base64 at all; takes the padding off the length. */
size_t base64_size(const char *text, size_t *length);

/* Decodes a text without padding into base64_size bytes; false when it is malformed. */
bool base64_read(const char *text, size_t length, uint8_t *out);
