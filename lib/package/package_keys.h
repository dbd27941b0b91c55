/* Keys that sign packages (Ed25519), as PEM. Thread-safe, except that one list belongs to one thread at a time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "package_manifest.h"
#include "status.h"

SP_STATUS(PACKAGE_KEY_UNUSABLE, SP_INVALID_ARGUMENT, "That is no Ed25519 key in PEM without a passphrase.");

enum {
    PACKAGE_KEYS_MAX = 32,
    PACKAGE_KEY_NAME_MAX = 64, /* bytes */
};

/* Public keys that are trusted. */
typedef struct package_keys package_keys;

/* Reads every *.pem of the folder; a key's name is its file's without the ending. What cannot be used (no such key, too
 * long a name, more than PACKAGE_KEYS_MAX) is left out, and counted. A folder that does not exist holds none. NULL:
 * memory is out. */
package_keys *package_keys_load(const char *folder, size_t *ret_unusable);
void package_keys_free(package_keys *keys); /* accepts NULL */
size_t package_keys_count(const package_keys *keys);

/* The name of the key that made this signature of the bytes; NULL: none of them did. */
const char *package_keys_verify(const package_keys *keys, const uint8_t *bytes, size_t size,
                                const uint8_t signature[PACKAGE_SIGNATURE_SIZE]);

/* A new pair. Both texts are malloc's; secret_text_free of csr.h frees the private one. */
SP_MUST_USE sp_status package_key_new(char **ret_private_pem, char **ret_public_pem);

/* Signs with a private key. */
SP_MUST_USE sp_status package_key_sign(const char *private_pem, const uint8_t *bytes, size_t size,
                                       uint8_t ret_signature[PACKAGE_SIGNATURE_SIZE]);
