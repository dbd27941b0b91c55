/* One pass as JSON for a receiver of the enterprise's own: the words of smartpass.v1.Pass, and what names the record
 * itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages.h"

enum { PASS_JSON_MAX = 4096 };

/* Whose pass it is. Strings are borrowed. */
typedef struct {
    uint32_t store_epoch;
    int64_t device_id;
    const char *device_name;
    const char *serial_number;
    bool temperature_kept; /* the settings as they are now: what was kept before is not told either */
    bool photo_kept;
} pass_origin;

/* Bytes written, at most PASS_JSON_MAX; 0: the record makes no sense. */
size_t pass_json(const PassRecord *record, const pass_origin *origin, char out[PASS_JSON_MAX]);
