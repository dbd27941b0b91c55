#include "pin_hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "random.h"
#include "text.h"

enum { SALT_SIZE = 16 };

typedef struct {
    unsigned rounds;
    uint8_t salt[SALT_SIZE], hash[SHA256_SIZE];
} parsed_hash;

static sp_status stretch(const char *pin, const uint8_t salt[SALT_SIZE], unsigned rounds, uint8_t ret_hash[SHA256_SIZE])
{
    if (PKCS5_PBKDF2_HMAC(pin, (int)strlen(pin), salt, SALT_SIZE, (int)rounds, EVP_sha256(), SHA256_SIZE, ret_hash) ==
        1)
        return SP_DONE;
    ERR_clear_error();
    return CRYPTO_FAILED;
}

/* The usual alphabet, without padding. */
static void write_bytes(const uint8_t *bytes, size_t size, char *ret_text)
{
    base64url_encode(bytes, size, ret_text);
    for (char *c = ret_text; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
}

sp_status pin_hash_make(const char *pin, char ret_hash[PIN_HASH_SIZE])
{
    char salt_text[BASE64URL_LENGTH(SALT_SIZE) + 1], hash_text[BASE64URL_LENGTH(SHA256_SIZE) + 1];
    uint8_t salt[SALT_SIZE], hash[SHA256_SIZE];
    sp_status status = crypto_random(salt, sizeof salt);

    if (!sp_failed(status))
        status = stretch(pin, salt, PIN_HASH_ROUNDS, hash);
    if (sp_failed(status))
        return status;
    write_bytes(salt, sizeof salt, salt_text);
    write_bytes(hash, sizeof hash, hash_text);
    snprintf(ret_hash, PIN_HASH_SIZE, "pbkdf2-sha256$%d$%s$%s", PIN_HASH_ROUNDS, salt_text, hash_text);
    return SP_DONE;
}

static bool parse(const char *text, parsed_hash *ret_parsed)
{
    int end = 0;

    if (strnlen(text, PIN_HASH_SIZE) == PIN_HASH_SIZE ||
        sscanf(text, "pbkdf2-sha256$%8u$%n", &ret_parsed->rounds, &end) != 1 || end == 0)
        return false;
    const char *salt = text + end, *hash = strchr(salt, '$');
    return ret_parsed->rounds > 0 && ret_parsed->rounds <= PIN_HASH_ROUNDS * 10 && hash &&
           base64_decode(salt, (size_t)(hash - salt), ret_parsed->salt, SALT_SIZE) == SALT_SIZE &&
           base64_decode(hash + 1, strlen(hash + 1), ret_parsed->hash, SHA256_SIZE) == SHA256_SIZE;
}

sp_status pin_hash_matches(const char *hash, const char *pin, bool *ret_matches)
{
    uint8_t computed[SHA256_SIZE];
    parsed_hash parsed;

    if (*hash == '\0') {
        *ret_matches = strcmp(pin, PIN_INITIAL) == 0;
        return SP_DONE;
    }
    if (!parse(hash, &parsed))
        return PIN_HASH_MALFORMED;
    sp_status status = stretch(pin, parsed.salt, parsed.rounds, computed);
    if (!sp_failed(status))
        *ret_matches = bytes_equal(computed, parsed.hash, SHA256_SIZE);
    return status;
}
