/* One request of the conformance runner → its answer: a message converted from one format to another. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "descriptor_pool.h"

/* Appends a conformance.ConformanceResponse to a conformance.ConformanceRequest. False when the request itself is
 * malformed or memory is out. */
bool conversion_answer(const descriptor_pool *pool, const uint8_t *request, size_t size, byte_buffer *answer);
