/* The SQL of captures, for whoever asks for them (role app). Texts and messages live in the transaction's arena. */
#pragma once

#include "capture.h"

SP_STATUS(CAPTURE_NOT_FOUND, SP_NOT_FOUND, "There is no such registration from a terminal, or it is another user's.");
SP_STATUS(DEVICE_OFFLINE, SP_FAILED_PRECONDITION, "The terminal is not online; choose another one.");
SP_STATUS(DEVICE_BUSY, SP_FAILED_PRECONDITION, "The terminal is taking another photo; try again in a minute.");

/* Whose it is. */
typedef struct {
    int64_t enterprise_id;
    int64_t user_id;
    int64_t now_ms;
} capture_owner;

/* Only of a terminal of these groups (org_scope's); one that the caller does not see is DEVICE_NOT_FOUND. ret_name, the
 * terminal's, is set as soon as it is known. */
sp_status capture_store_add(db_tx *tx, const capture_owner *owner, db_arg groups, int64_t device_id, int64_t *ret_id,
                            const char **ret_name) SP_MUST_USE;

/* One that ran out of time ends with it. */
sp_status capture_store_get(db_tx *tx, const capture_owner *owner, int64_t id,
                            Smartpass__V1__Capture *ret_capture) SP_MUST_USE;

/* One that has ended stays as it is. */
sp_status capture_store_cancel(db_tx *tx, const capture_owner *owner, int64_t id,
                               Smartpass__V1__Capture *ret_capture) SP_MUST_USE;
