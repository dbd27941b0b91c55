#include "keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

enum {
    RSA_BYTES_MAX = 1024, /* 8192 bits: larger ones only cost time */
    RSA_BITS_MIN = 2048,  /* smaller ones are no proof any more */
    EXPONENT_BYTES_MAX = 8,
    COORDINATE = 32,
    POINT = 1 + 2 * COORDINATE,
};

const char *signature_algorithm_name(signature_algorithm algorithm)
{
    static const char *const names[] = {"RS256", "ES256", "EdDSA"};

    return names[algorithm];
}

/* ---- Key by key -------------------------------------------------------------------------------------------------- */

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *builder)
{
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (!parameters || !context || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return key;
}

/* An even exponent, or 1, would verify what nobody signed. */
static EVP_PKEY *rsa_from_numbers(const BIGNUM *n, const BIGNUM *e)
{
    OSSL_PARAM_BLD *builder;
    EVP_PKEY *key = NULL;

    if (BN_num_bits(n) < RSA_BITS_MIN || !BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e))
        return NULL;
    builder = OSSL_PARAM_BLD_new();
    if (builder && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        key = key_from("RSA", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static EVP_PKEY *rsa_read(const json_members *jwk)
{
    uint8_t modulus[RSA_BYTES_MAX], exponent[EXPONENT_BYTES_MAX];
    const char *n_text = json_member_text(jwk, "n"), *e_text = json_member_text(jwk, "e");
    long n_size = base64_decode(n_text, strlen(n_text), modulus, sizeof modulus);
    long e_size = base64_decode(e_text, strlen(e_text), exponent, sizeof exponent);
    BIGNUM *n, *e;
    EVP_PKEY *key = NULL;

    if (n_size <= 0 || e_size <= 0)
        return NULL;
    n = BN_bin2bn(modulus, (int)n_size, NULL);
    e = BN_bin2bn(exponent, (int)e_size, NULL);
    if (n && e)
        key = rsa_from_numbers(n, e);
    BN_free(n);
    BN_free(e);
    return key;
}

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *p256_read(const json_members *jwk)
{
    uint8_t point[POINT] = {4}; /* uncompressed */
    const char *x = json_member_text(jwk, "x"), *y = json_member_text(jwk, "y");
    OSSL_PARAM_BLD *builder;
    EVP_PKEY *key = NULL;

    if (strcmp(json_member_text(jwk, "crv"), "P-256") != 0 ||
        base64_decode(x, strlen(x), point + 1, COORDINATE) != COORDINATE ||
        base64_decode(y, strlen(y), point + 1 + COORDINATE, COORDINATE) != COORDINATE)
        return NULL;
    builder = OSSL_PARAM_BLD_new();
    if (builder && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        key = key_from("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static EVP_PKEY *ed25519_read(const json_members *jwk)
{
    uint8_t bytes[COORDINATE];
    const char *x = json_member_text(jwk, "x");

    if (strcmp(json_member_text(jwk, "crv"), "Ed25519") != 0 ||
        base64_decode(x, strlen(x), bytes, sizeof bytes) != COORDINATE)
        return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, sizeof bytes);
}

/* ---- The set ----------------------------------------------------------------------------------------------------- */

/* What a set says a key is for; silence allows. */
static bool signs_as(const json_members *jwk, signature_algorithm algorithm)
{
    const char *use = json_member_text(jwk, "use"), *alg = json_member_text(jwk, "alg");

    return (!*use || strcmp(use, "sig") == 0) && (!*alg || strcmp(alg, signature_algorithm_name(algorithm)) == 0 ||
                                                  (algorithm == SIGNED_EDDSA && strcmp(alg, "Ed25519") == 0));
}

/* False when the key is none of ours. */
static bool key_read(const json_members *jwk, signing_key *ret_key)
{
    static const struct {
        const char *type;
        signature_algorithm algorithm;
        EVP_PKEY *(*read)(const json_members *jwk);
    } kinds[] = {{"RSA", SIGNED_RS256, rsa_read}, {"EC", SIGNED_ES256, p256_read}, {"OKP", SIGNED_EDDSA, ed25519_read}};
    const char *type = json_member_text(jwk, "kty"), *id = json_member_text(jwk, "kid");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(type, kinds[i].type) != 0 || !signs_as(jwk, kinds[i].algorithm) || strlen(id) >= KEY_ID_SIZE)
            continue;
        ret_key->key = kinds[i].read(jwk);
        ret_key->algorithm = kinds[i].algorithm;
        strcpy(ret_key->id, id);
        ERR_clear_error();
        return ret_key->key != NULL;
    }
    return false;
}

static bool keys_read(json_reader *reader, key_set *set)
{
    json_members jwk;
    json_token token;

    while ((token = json_next(reader)) == JSON_OBJECT) {
        if (!json_members_go_on(reader, &jwk))
            return false;
        if (set->count < KEYS_MAX && key_read(&jwk, &set->keys[set->count]))
            set->count++;
    }
    return token == JSON_ARRAY_END;
}

key_set *key_set_read(const char *bytes, size_t size, arena *scratch)
{
    key_set *set = calloc(1, sizeof *set);
    const json_member *keys;
    json_members members;
    json_reader reader;

    if (set && json_members_read(bytes, size, scratch, &members) &&
        (keys = json_member_find(&members, "keys")) != NULL && keys->kind == JSON_ARRAY) {
        reader = keys->value;
        if (keys_read(&reader, set))
            return set;
    }
    key_set_free(set);
    return NULL;
}

void key_set_free(key_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++)
        EVP_PKEY_free(set->keys[i].key);
    free(set);
}
