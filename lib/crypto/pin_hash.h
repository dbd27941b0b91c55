/* Passwords of a terminal's menu: 1 to 6 digits, kept as "pbkdf2-sha256$ROUNDS$SALT$HASH" with salt and hash in
 * unpadded base64. So few digits can be guessed by whoever has the hash; it only keeps them from being read. About 30
 * ms each; thread-safe. */
#pragma once

#include <stdbool.h>

#include "crypto_status.h"

enum {
    PIN_HASH_SIZE = 96, /* the NUL included */
    PIN_HASH_ROUNDS = 100000,
};

/* What opens the menu until a password is set: its hash is the empty text. */
#define PIN_INITIAL "123456"

SP_STATUS(PIN_HASH_MALFORMED, SP_DATA_LOSS, "The stored hash of the menu's password cannot be read.");

/* With a salt of its own. */
SP_MUST_USE sp_status pin_hash_make(const char *pin, char ret_hash[PIN_HASH_SIZE]);

/* PIN_HASH_MALFORMED for what pin_hash_make never writes, and for more than ten times its rounds. */
SP_MUST_USE sp_status pin_hash_matches(const char *hash, const char *pin, bool *ret_matches);
