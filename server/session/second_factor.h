/* The second factor of an account: codes of an authenticator app, and recovery codes for the day when it is lost. */
#pragma once

#include "call.h"
#include "text.h"
#include "totp.h"

enum {
    SECOND_FACTOR_SECRET_TEXT = BASE32_LENGTH(TOTP_SECRET_SIZE) + 1,
    RECOVERY_CODES = 10,
    RECOVERY_CODE_TEXT = 15, /* "abcd-efgh-ijkl" and a NUL */
};

SP_STATUS(SECOND_FACTOR_REQUIRED, SP_UNAUTHENTICATED, "The password fits; a code of the second factor is needed too.");
SP_STATUS(SECOND_FACTOR_WRONG, SP_UNAUTHENTICATED, "The code is wrong, too old, or was used already.");
SP_STATUS(SECOND_FACTOR_EXISTS, SP_FAILED_PRECONDITION, "There is a second factor already; remove it first.");
SP_STATUS(SECOND_FACTOR_NOT_STARTED, SP_FAILED_PRECONDITION,
          "There is no second factor that waits for its first code.");

/* ---- Of the caller, in the call's transaction -------------------------------------------------------------------- */

/* A new secret that waits for its first code, in the place of one that waited before. */
sp_status second_factor_start(rpc_call *call, char ret_secret[SECOND_FACTOR_SECRET_TEXT]) SP_MUST_USE;

/* With the first code it begins to count, and there are RECOVERY_CODES recovery codes, which are in the call's arena.
 * With a wrong one SECOND_FACTOR_WRONG. */
sp_status second_factor_finish(rpc_call *call, const char *code, char ***ret_codes) SP_MUST_USE;

/* ---- Of anybody -------------------------------------------------------------------------------------------------- */

/* Takes it off with its recovery codes; fine when there is none. tx is of the role app. */
sp_status second_factor_remove(db_tx *tx, int64_t enterprise_id, int64_t user_id) SP_MUST_USE;
