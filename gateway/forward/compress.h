/* gzip for answers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

enum { COMPRESS_FROM = 1024 /* bytes: below that the head outweighs what is saved */ };

/* Compressors that calls share, because one costs more to make than most answers cost to compress. */
typedef struct compressors compressors;

/* `level` is zlib's, 1 to 9. NULL when memory is out. */
compressors *compressors_new(int level);
void compressors_free(compressors *set); /* accepts NULL */

/* Replaces the bytes by their gzip form. False, with the bytes as they were, when that is not smaller or memory is out.
 * [any thread] */
bool compress_bytes(compressors *set, byte_buffer *bytes);
