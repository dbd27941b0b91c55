#include "id_token.h"

#include <openssl/evp.h>
#include <string.h>

static const int64_t LEEWAY_MS = 60 * 1000; /* clocks differ */

enum { HASH_MAX = 64 };

static bool is_among(const text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

static const char *audience_fault(const json_members *claims, const char *client_id)
{
    const json_member *party = json_member_find(claims, "azp");
    text_list audiences;

    if (!json_member_texts(claims, "aud", &audiences))
        return "memory is exhausted";
    if (!is_among(&audiences, client_id))
        return "it is meant for somebody else";
    if (audiences.count > 1 && !party)
        return "it is meant for several and does not say who asked for it";
    if (party && (party->kind != JSON_STRING || strcmp(party->text, client_id) != 0))
        return "somebody else asked for it";
    return NULL;
}

static const char *time_fault(const json_members *claims, int64_t now_ms)
{
    int64_t expires_ms, issued_ms, not_before_ms;

    if (!json_member_seconds(claims, "exp", &expires_ms) || !json_member_seconds(claims, "iat", &issued_ms))
        return "it does not say from when to when it is good";
    if (now_ms >= expires_ms + LEEWAY_MS)
        return "it has expired";
    if (issued_ms > now_ms + LEEWAY_MS)
        return "it comes from the future";
    if (json_member_find(claims, "nbf") &&
        (!json_member_seconds(claims, "nbf", &not_before_ms) || not_before_ms > now_ms + LEEWAY_MS))
        return "it is not good yet";
    return NULL;
}

/* The left half of the hash that belongs to the signature's algorithm; Ed25519 has SHA-512 within. */
static const char *access_token_fault(const json_members *claims, const id_token_expected *expected)
{
    const json_member *given = json_member_find(claims, "at_hash");
    const EVP_MD *hash = expected->algorithm == SIGNED_EDDSA ? EVP_sha512() : EVP_sha256();
    uint8_t digest[HASH_MAX];
    char text[BASE64URL_LENGTH(HASH_MAX) + 1];
    unsigned size = 0;

    if (!given)
        return NULL;
    if (EVP_Digest(expected->access_token, strlen(expected->access_token), digest, &size, hash, NULL) != 1)
        return "it cannot be compared with the access token";
    base64url_encode(digest, size / 2, text);
    return given->kind == JSON_STRING && strcmp(given->text, text) == 0 ? NULL : "it belongs to another access token";
}

static bool subject_is_legal(const char *subject)
{
    return *subject && strlen(subject) <= SUBJECT_MAX;
}

const char *id_token_fault(const json_members *claims, const id_token_expected *expected)
{
    const char *nonce = json_member_text(claims, "nonce"), *fault;

    if (strcmp(json_member_text(claims, "iss"), expected->issuer) != 0)
        return "another issuer made it";
    if (strlen(nonce) != strlen(expected->nonce) || !bytes_equal(nonce, expected->nonce, strlen(nonce)))
        return "it belongs to another sign-in";
    if (!subject_is_legal(json_member_text(claims, "sub")))
        return "it names nobody";
    fault = audience_fault(claims, expected->client_id);
    if (!fault)
        fault = time_fault(claims, expected->now_ms);
    return fault ? fault : access_token_fault(claims, expected);
}
