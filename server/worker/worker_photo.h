/* The conversation about a photo. */
#pragma once

#include "wire.h"
#include "worker.h"
#include "worker_process.h"

/* One photo. Fails as worker_process_send does, or with PHOTO_CHECK_NO_MEMORY. */
SP_MUST_USE sp_status worker_photo_ask(const worker_process *process, arena *a, worker_photo_kind kind,
                                       const uint8_t *bytes, size_t size, int64_t deadline_ms,
                                       photo_result *ret_result);

/* Only what it says of a photo that it has already. */
SP_MUST_USE sp_status worker_photo_hear(const worker_process *process, arena *a, int64_t deadline_ms,
                                        photo_result *ret_result);
