/* A zip container of few, unpacked entries, so that what is changed in an input is changed in what is read. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;
    const uint8_t *bytes;
    size_t size;
} stored_entry;

/* Bytes that are needed for it. */
size_t stored_zip_size(const stored_entry *entries, size_t count);
void stored_zip_write(const stored_entry *entries, size_t count, uint8_t *out);
