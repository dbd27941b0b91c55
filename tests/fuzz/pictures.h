/* What must hold of every picture that is decoded. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Decodes as the worker does, whole and at an eighth; what comes out is within its limits and can be encoded again. */
void check_picture(const uint8_t *bytes, size_t size);
