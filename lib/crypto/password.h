/* Passwords: what may be one, and how it is kept. Kept is an Argon2id PHC string of HMAC-SHA-256(pepper, password); the
 * pepper stays outside the database, so the database alone does not even allow guessing.
 *
 * Hashing costs the memory and time of its cost on purpose: never inside a transaction. One or two run at once in a
 * process, behind everything else that it does (hash_line.h); the others wait, at most ten seconds. Thread-safe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto_status.h"

typedef struct {
    uint32_t memory_kib;
    uint32_t passes;
    uint32_t lanes;
} password_cost;

/* 64 MiB, 3 passes, 1 lane: about 0.3 s. */
extern const password_cost password_cost_standard;

typedef struct {
    password_cost cost; /* of new hashes */
    const uint8_t *pepper;
    size_t pepper_size;
} password_policy;

enum {
    PASSWORD_PHC_SIZE = 128,      /* the NUL included */
    PASSWORD_CHARACTERS_MIN = 12, /* characters, not bytes */
    PASSWORD_BYTES_MAX = 512,
};

SP_STATUS(PASSWORD_HASH_MALFORMED, SP_DATA_LOSS, "The stored password hash cannot be read.");
SP_STATUS(PASSWORD_BUSY, SP_UNAVAILABLE, "Too many passwords are being checked; try again in a moment.");
SP_STATUS(PASSWORD_BYTES_TOO_MANY, SP_INVALID_ARGUMENT, "The password is longer than any password may be.");

SP_MUST_USE sp_status password_hash(const password_policy *policy, const char *password,
                                    char ret_phc[PASSWORD_PHC_SIZE]);

/* With phc NULL it takes as long and answers false: for a user who does not exist, so that time does not tell. Who is
 * known to come here may go ahead of strangers; a hash that is made always does, because nobody makes one as a
 * stranger. Of a phc, more than 1 GiB, 16 passes or 16 lanes is PASSWORD_HASH_MALFORMED. */
SP_MUST_USE sp_status password_verify(const password_policy *policy, const char *phc, const char *password, bool ahead,
                                      bool *ret_matches);

/* True when the hash was made with another cost than the policy's: hash anew at the next login. */
bool password_needs_rehash(const password_policy *policy, const char *phc);

/* Whether somebody may choose it: well-formed, long enough, and not made of what everybody tries first. On false,
 * *ret_reason is PASSWORD_NOT_TEXT, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG or PASSWORD_TOO_COMMON. */
bool password_acceptable(const char *password, const char **ret_reason);
