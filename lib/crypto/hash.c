#include "hash.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdlib.h>

struct sha256_stream {
    EVP_MD_CTX *context;
    bool failed;
};

static sp_status failed(void)
{
    ERR_clear_error();
    return CRYPTO_FAILED;
}

sp_status sha256_of(const void *bytes, size_t n, uint8_t ret_hash[SHA256_SIZE])
{
    return EVP_Digest(bytes, n, ret_hash, NULL, EVP_sha256(), NULL) == 1 ? SP_DONE : failed();
}

sha256_stream *sha256_new(void)
{
    sha256_stream *stream = calloc(1, sizeof *stream);

    if (!stream)
        return NULL;
    stream->context = EVP_MD_CTX_new();
    if (!stream->context || EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1) {
        sha256_free(stream);
        ERR_clear_error();
        return NULL;
    }
    return stream;
}

void sha256_add(sha256_stream *stream, const void *bytes, size_t n)
{
    if (EVP_DigestUpdate(stream->context, bytes, n) != 1)
        stream->failed = true;
}

sp_status sha256_end(sha256_stream *stream, uint8_t ret_hash[SHA256_SIZE])
{
    uint8_t hash[SHA256_SIZE];
    bool done = !stream->failed && EVP_DigestFinal_ex(stream->context, hash, NULL) == 1;

    stream->failed = EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1;
    if (!done)
        return failed();
    for (size_t i = 0; i < sizeof hash; i++)
        ret_hash[i] = hash[i];
    return SP_DONE;
}

void sha256_free(sha256_stream *stream)
{
    if (!stream)
        return;
    EVP_MD_CTX_free(stream->context);
    free(stream);
}

sp_status hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t n, uint8_t ret_mac[SHA256_SIZE])
{
    if (key_size > INT_MAX)
        return CRYPTO_FAILED;
    /* OpenSSL takes a missing key for "the key of before". */
    return HMAC(EVP_sha256(), key ? key : "", (int)key_size, bytes, n, ret_mac, NULL) ? SP_DONE : failed();
}
