/* Names and values as application/x-www-form-urlencoded wants them, which is also what a query string takes. */
#pragma once

#include "bytes.h"

/* Appends "name=value", after a '&' unless the buffer is empty or ends in '?' or '&'. False when it is full. */
bool form_add(byte_buffer *form, const char *name, const char *value);

/* Appends the value alone, encoded. */
bool form_encode(byte_buffer *form, const char *value);
