/* Pictures that were half sent when their terminal's stream ended, until it comes back: the oldest go when there are
 * too many bytes of them, or when nobody has asked for long. In memory: after a restart of the server a picture begins
 * anew. [any thread] */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hash.h"

/* One picture that is arriving. At any time it belongs to a terminal or lies on the shelf. */
typedef struct snapshot_parts {
    struct snapshot_parts *next; /* on the shelf: the one put there before */
    int64_t device_id;
    int64_t shelved_ms;
    uint32_t epoch; /* whose record's picture it is */
    uint64_t seq;
    uint8_t sha256[SHA256_SIZE];
    size_t total;
    size_t arrived;
    uint8_t bytes[];
} snapshot_parts;

typedef struct snapshot_shelf snapshot_shelf;

typedef struct {
    size_t bytes;   /* of memory at most; 0: 32 MiB */
    int64_t age_ms; /* that the terminal has to come back; 0: 10 minutes */
} snapshot_shelf_options;

/* NULL when memory is out. */
snapshot_shelf *snapshot_shelf_new(const snapshot_shelf_options *options);
void snapshot_shelf_free(snapshot_shelf *s); /* accepts NULL */

/* Takes what it is given, in place of what lay there of the same device. */
void snapshot_shelf_put(snapshot_shelf *s, snapshot_parts *take_parts);

/* What lies there of the device, which is the caller's from now on, or NULL. */
snapshot_parts *snapshot_shelf_take(snapshot_shelf *s, int64_t device_id);
