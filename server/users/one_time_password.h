/* First passwords that nobody chose: shown once, good for one sign-in, which changes them. */
#pragma once

#include <stdint.h>

#include "crypto_status.h"

enum { ONE_TIME_PASSWORD_SIZE = 17 }; /* 16 characters and a NUL */

/* How long one is good when nobody signs in with it. */
static const int64_t ONE_TIME_PASSWORD_MS = INT64_C(24) * 60 * 60 * 1000;

/* Of 31 characters that nobody takes for each other when he copies them from paper: 79 random bits. Thread-safe. */
SP_MUST_USE sp_status one_time_password_new(char ret_password[ONE_TIME_PASSWORD_SIZE]);
