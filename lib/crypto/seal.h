/* Bytes that only the holder of a key can read, and nobody can alter, swap or move: AES-256-GCM. The sealed form is a
 * random nonce of 12 bytes, the ciphertext, a tag of 16. One key may seal 2^32 times (random nonces); keys here are
 * per owner, which is far from it. The additional data is not stored: it says where the bytes belong, and opening
 * with any other fails. Thread-safe. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "crypto_status.h"

enum {
    SEAL_KEY_SIZE = 32,
    SEAL_OVERHEAD = 28,
    SEAL_MAX = 1 << 20, /* bytes of plain text and of additional data */
    SEALED_KEY_SIZE = SEAL_KEY_SIZE + SEAL_OVERHEAD,
};

SP_STATUS(SEAL_BROKEN, SP_DATA_LOSS, "The sealed bytes were altered, moved, or sealed with another key.");
SP_STATUS(SEAL_TOO_LARGE, SP_OUT_OF_RANGE, "There is more to seal than one sealed piece may hold.");

/* Writes n + SEAL_OVERHEAD bytes, which must not overlap the plain ones. */
SP_MUST_USE sp_status seal_bytes(const uint8_t key[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                                 const void *plain, size_t n, uint8_t *ret_sealed);

/* Writes n - SEAL_OVERHEAD bytes; zeroes when the seal is broken, so that nothing unproven can be used. */
SP_MUST_USE sp_status seal_open(const uint8_t key[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                                const void *sealed, size_t n, uint8_t *ret_plain);

/* The same for a key under a master key. */
SP_MUST_USE sp_status seal_key(const uint8_t master[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                               const uint8_t key[SEAL_KEY_SIZE], uint8_t ret_sealed[SEALED_KEY_SIZE]);
SP_MUST_USE sp_status seal_open_key(const uint8_t master[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                                    const uint8_t sealed[SEALED_KEY_SIZE], uint8_t ret_key[SEAL_KEY_SIZE]);
