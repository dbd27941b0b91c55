/* Codes that change with the time: TOTP (RFC 6238) with HMAC-SHA-1, 6 digits and steps of 30 s, which is what every
 * authenticator app takes. Thread-safe. */
#pragma once

#include <stdint.h>

#include "crypto_status.h"

enum {
    TOTP_SECRET_SIZE = 20,
    TOTP_DIGITS = 6,
    TOTP_CODE_SIZE = TOTP_DIGITS + 1, /* the NUL included */
    TOTP_STEP_MS = 30 * 1000,
    TOTP_WINDOW = 1, /* steps before and after, for clocks that differ */
};

SP_MUST_USE sp_status totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step, char ret_code[TOTP_CODE_SIZE]);

/* The first step after `after` and around now whose code this is, so that none is taken twice when the caller keeps
 * the step; 0: there is none. Takes the same time whatever the code. */
SP_MUST_USE sp_status totp_find(const uint8_t secret[TOTP_SECRET_SIZE], const char *code, int64_t now_ms, int64_t after,
                                int64_t *ret_step);
