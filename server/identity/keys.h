/* The keys with which a provider signs: a JSON Web Key Set (RFC 7517), of which we take what signs as RS256, ES256 or
 * EdDSA (Ed25519). What else a set has is passed over: providers publish keys for many purposes. */
#pragma once

#include <openssl/evp.h>

#include "members.h"

typedef enum { SIGNED_RS256, SIGNED_ES256, SIGNED_EDDSA } signature_algorithm;

enum { KEY_ID_SIZE = 256, KEYS_MAX = 64 };

typedef struct {
    char id[KEY_ID_SIZE];          /* "" when the set gives it none */
    signature_algorithm algorithm; /* follows from the key alone */
    EVP_PKEY *key;
} signing_key;

typedef struct {
    signing_key keys[KEYS_MAX];
    size_t count;
} key_set;

/* NULL when it is no key set, or memory is out; a set may be empty. */
key_set *key_set_read(const char *bytes, size_t size, arena *scratch);
void key_set_free(key_set *set); /* accepts NULL */

const char *signature_algorithm_name(signature_algorithm algorithm);
