/* The generator's memory: one arena that lives as long as the program. When memory is out the program ends, because
 * a half-written stub is worth nothing. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed; never NULL. */
void *scratch_array(size_t count, size_t size);
#define SCRATCH_ARRAY(count, type) ((type *)scratch_array((count), sizeof(type)))

char *scratch_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *scratch_text(const char *text, size_t length);

/* Unpacks bytes that may be anything; NULL when they are malformed or nested deeper than 64 levels. */
const ProtobufCMessage *scratch_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t size);

/* Gives everything back; for the end of main. */
void scratch_done(void);
