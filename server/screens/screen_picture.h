/* A picture as it lies in the database: sealed, under a key of its own that comes from the master key, for one
 * terminal. [any thread] */
#pragma once

#include "arena.h"
#include "blobs.h"

typedef struct {
    const uint8_t *bytes;
    size_t size;
} screen_bytes;

/* Whose it is; it opens as nobody else's. */
typedef struct {
    int64_t enterprise_id, device_id;
} screen_of;

/* Both answers are in the arena. */
sp_status screen_seal(const blob_store *blobs, arena *a, const screen_of *of, screen_bytes plain,
                      screen_bytes *ret_sealed) SP_MUST_USE;
sp_status screen_open(const blob_store *blobs, arena *a, const screen_of *of, screen_bytes sealed,
                      screen_bytes *ret_plain) SP_MUST_USE;
