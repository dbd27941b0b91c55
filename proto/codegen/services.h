/* Takes the services out of what protoc sends to a plugin. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies a CodeGeneratorRequest without the services of its files to `out`, which has room for `size` bytes; the copy
 * is never longer. False when the bytes are no message. */
bool services_remove(const uint8_t *bytes, size_t size, uint8_t *out, size_t *ret_size);
