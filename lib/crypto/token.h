/* Bearer tokens: 256 random bits as text. Only the hash is stored, so a stolen database opens no session. A token is
 * as random as any key, hence a plain hash: nothing about it can be guessed. Thread-safe. */
#pragma once

#include <stdint.h>

#include "crypto_status.h"
#include "hash.h"

enum { TOKEN_TEXT_SIZE = 44 }; /* 43 base64url characters and a NUL */

SP_STATUS(TOKEN_MALFORMED, SP_UNAUTHENTICATED, "The token is not one of ours.");

SP_MUST_USE sp_status token_new(char ret_text[TOKEN_TEXT_SIZE], uint8_t ret_hash[SHA256_SIZE]);

/* TOKEN_MALFORMED for anything that token_new cannot have made. */
SP_MUST_USE sp_status token_hash(const char *text, uint8_t ret_hash[SHA256_SIZE]);
