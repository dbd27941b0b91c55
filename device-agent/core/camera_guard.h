/* Whether a camera that gives no pictures is to be started again. Times are of the monotonic clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    CAMERA_FAILURES = 3,    /* in a row, and it has failed */
    CAMERA_REST_MS = 10000, /* between two attempts */
};

typedef struct {
    uint32_t failures;
    int64_t not_before_ms;
    uint64_t restarts;
} camera_guard;

/* It was asked for a picture. True: it is to be started again, and this was counted as such. */
bool camera_guard_asked(camera_guard *g, bool wanted, bool got_picture, int64_t now_ms);
