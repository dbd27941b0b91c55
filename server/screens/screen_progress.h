/* Who wants to see a terminal's screen and what came of it, as whoever holds the terminal's stream sees it (role
 * system). Each function is one transaction. [any thread] */
#pragma once

#include "screen_picture.h"
#include "screens.h"

/* For how long somebody looks; 0: nobody does. */
sp_status screen_wanted(db_pool *system, const screen_of *of, int64_t *ret_left_ms) SP_MUST_USE;

/* The terminals that somebody looks at; in the arena. */
sp_status screen_watched(db_pool *system, arena *a, int64_t **ret_device_ids, size_t *ret_count) SP_MUST_USE;

/* The picture takes the place of the former one. ret_kept is false when nobody looks any more. */
sp_status screen_keep(db_pool *system, const blob_store *blobs, const screen_of *of, screen_bytes picture,
                      int64_t now_ms, bool *ret_kept) SP_MUST_USE;

/* The last picture is still what the terminal shows; ret_kept is false when it is not here any more. */
sp_status screen_same(db_pool *system, const screen_of *of, int64_t now_ms, bool *ret_kept) SP_MUST_USE;

/* Nobody looks any more: unless somebody does by now, the picture goes. */
sp_status screen_forget(db_pool *system, const screen_of *of) SP_MUST_USE;
