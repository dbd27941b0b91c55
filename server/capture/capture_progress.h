/* What becomes of a capture, as whoever holds the terminal's stream sees it (role system). Each function is one
 * transaction. What has ended, or is over by its time, changes no more. [any thread] */
#pragma once

#include "capture.h"

typedef Smartpass__V1__CaptureState capture_state;

typedef struct {
    int64_t id;      /* 0: there is none */
    int64_t user_id; /* who asked */
    capture_state state;
    int64_t expires_ms;
} capture_order;

/* What the terminal is asked for at the moment. */
sp_status capture_find_open(db_pool *system, int64_t enterprise_id, int64_t device_id, int64_t now_ms,
                            capture_order *ret_order) SP_MUST_USE;

typedef struct {
    capture_state state;
    const char *reason; /* "" for none */
    int64_t photo_id;   /* of DONE */
} capture_progress;

/* ret_order->id is 0 when it had ended before, else it tells how it stands now. */
sp_status capture_advance(db_pool *system, int64_t enterprise_id, int64_t id, const capture_progress *to,
                          int64_t now_ms, capture_order *ret_order) SP_MUST_USE;

/* The photo screen is shown: only ever said of one that nothing was known of before. */
sp_status capture_shown(db_pool *system, int64_t enterprise_id, int64_t id) SP_MUST_USE;
