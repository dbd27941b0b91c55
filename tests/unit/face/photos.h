/* The photos that the build cut out of the sample pictures, and the samples themselves. A photo that cannot be read
 * ends the test. */
#pragma once

#include "bitmap.h"

#define PHOTO_PERSONS 8
#define PHOTO_STRANGERS 4

/* Decoded; the caller's. name as in share/photos, without ".jpg": "person-01", "nobody" … */
bitmap photo_load(const char *name);

/* One of the six group pictures. */
bitmap photo_sample(int number);

/* The bytes of the file; malloc's. */
uint8_t *photo_bytes(const char *name, size_t *ret_size);
uint8_t *photo_sample_bytes(int number, size_t *ret_size);
