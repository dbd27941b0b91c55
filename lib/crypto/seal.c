#include "seal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "random.h"

enum { NONCE_SIZE = 12, TAG_SIZE = 16 };

_Static_assert(NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD, "the sealed form is nonce, ciphertext, tag");

/* OpenSSL takes a NULL input for "the end", so an empty one is left out. */
static bool encrypt(EVP_CIPHER_CTX *context, const uint8_t *key, const void *additional, size_t additional_size,
                    const void *plain, size_t n, uint8_t *sealed)
{
    uint8_t *cipher = sealed + NONCE_SIZE;
    int written;

    return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, sealed) == 1 &&
           (additional_size == 0 ||
            EVP_EncryptUpdate(context, NULL, &written, additional, (int)additional_size) == 1) &&
           (n == 0 || EVP_EncryptUpdate(context, cipher, &written, plain, (int)n) == 1) &&
           EVP_EncryptFinal_ex(context, cipher + n, &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, cipher + n) == 1;
}

static bool decrypt(EVP_CIPHER_CTX *context, const uint8_t *key, const void *additional, size_t additional_size,
                    const uint8_t *sealed, size_t n, uint8_t *plain)
{
    const uint8_t *cipher = sealed + NONCE_SIZE;
    uint8_t tag[TAG_SIZE], nothing[TAG_SIZE];
    int written;

    memcpy(tag, cipher + n, TAG_SIZE);
    return EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, sealed) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1 &&
           (additional_size == 0 ||
            EVP_DecryptUpdate(context, NULL, &written, additional, (int)additional_size) == 1) &&
           (n == 0 || EVP_DecryptUpdate(context, plain, &written, cipher, (int)n) == 1) &&
           EVP_DecryptFinal_ex(context, nothing, &written) == 1;
}

sp_status seal_bytes(const uint8_t key[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                     const void *plain, size_t n, uint8_t *ret_sealed)
{
    EVP_CIPHER_CTX *context;
    sp_status status;
    bool done;

    if (n > SEAL_MAX || additional_size > SEAL_MAX)
        return SEAL_TOO_LARGE;
    status = crypto_random(ret_sealed, NONCE_SIZE);
    if (sp_failed(status))
        return status;
    context = EVP_CIPHER_CTX_new();
    done = context && encrypt(context, key, additional, additional_size, plain, n, ret_sealed);
    EVP_CIPHER_CTX_free(context);
    if (done)
        return SP_DONE;
    ERR_clear_error();
    return CRYPTO_FAILED;
}

sp_status seal_open(const uint8_t key[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                    const void *sealed, size_t n, uint8_t *ret_plain)
{
    EVP_CIPHER_CTX *context;
    bool done;

    if (n < SEAL_OVERHEAD)
        return SEAL_BROKEN;
    n -= SEAL_OVERHEAD;
    if (n > SEAL_MAX || additional_size > SEAL_MAX)
        return SEAL_TOO_LARGE;
    context = EVP_CIPHER_CTX_new();
    if (!context)
        return OUT_OF_MEMORY;
    done = decrypt(context, key, additional, additional_size, sealed, n, ret_plain);
    EVP_CIPHER_CTX_free(context);
    if (done)
        return SP_DONE;
    if (n)
        explicit_bzero(ret_plain, n);
    ERR_clear_error();
    return SEAL_BROKEN;
}

sp_status seal_key(const uint8_t master[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                   const uint8_t key[SEAL_KEY_SIZE], uint8_t ret_sealed[SEALED_KEY_SIZE])
{
    return seal_bytes(master, additional, additional_size, key, SEAL_KEY_SIZE, ret_sealed);
}

sp_status seal_open_key(const uint8_t master[SEAL_KEY_SIZE], const void *additional, size_t additional_size,
                        const uint8_t sealed[SEALED_KEY_SIZE], uint8_t ret_key[SEAL_KEY_SIZE])
{
    return seal_open(master, additional, additional_size, sealed, SEALED_KEY_SIZE, ret_key);
}
