/* The generator's memory: one arena that lives as long as the program. When memory is out the program ends, because
 * a half-written stub is worth nothing. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/* Zeroed; never NULL. */
void *scratch_array(size_t count, size_t size);
#define SCRATCH_ARRAY(count, type) ((type *)scratch_array((count), sizeof(type)))

char *scratch_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *scratch_text(const char *text, size_t length);

/* For unpacking into the arena; what it gives is never freed by itself. */
ProtobufCAllocator *scratch_allocator(void);

/* Gives everything back; for the end of main. */
void scratch_done(void);
