/* Unpredictable bytes. Thread-safe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "crypto_status.h"

/* Fills n bytes from OpenSSL's generator, which the kernel seeds. */
SP_MUST_USE sp_status crypto_random(void *bytes, size_t n);

/* For tests: nonces, salts, tokens and serial numbers come from here from now on; NULL brings back the real source.
 * Keys are always made by OpenSSL. Returning false makes crypto_random fail. Not while other threads ask. */
typedef bool (*crypto_random_source)(void *bytes, size_t n);
void crypto_random_replace(crypto_random_source source);
