#include "jws.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <string.h>

enum { TOKEN_MAX = 64 * 1024, SIGNATURE_MAX = 1024, ES256_HALF = 32, ES256_DER_MAX = 80 };

typedef struct {
    const char *text;
    size_t length;
} part;

/* ---- Its parts --------------------------------------------------------------------------------------------------- */

/* The alphabet of base64url alone, so that a token has one spelling. */
static bool is_base64url(const part *p)
{
    for (size_t i = 0; i < p->length; i++) {
        char c = p->text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return p->length > 0;
}

static bool parts_split(const char *text, part parts[3])
{
    const char *first = strchr(text, '.'), *second = first ? strchr(first + 1, '.') : NULL;

    if (!second || strlen(text) > TOKEN_MAX)
        return false;
    parts[0] = (part){text, (size_t)(first - text)};
    parts[1] = (part){first + 1, (size_t)(second - first - 1)};
    parts[2] = (part){second + 1, strlen(second + 1)};
    return is_base64url(&parts[0]) && is_base64url(&parts[1]) && is_base64url(&parts[2]);
}

/* NUL-terminated in the arena; NULL when malformed. */
static char *part_decode(const part *p, arena *a, size_t *ret_size)
{
    char *bytes = arena_alloc(a, p->length + 1);
    long size = bytes ? base64_decode(p->text, p->length, (uint8_t *)bytes, p->length) : -1;

    if (size < 0)
        return NULL;
    *ret_size = (size_t)size;
    return bytes;
}

/* ---- The key ----------------------------------------------------------------------------------------------------- */

/* By its id; a header without one fits a set that leaves no choice. */
static const signing_key *key_find(const key_set *keys, const json_members *header)
{
    const char *id = json_member_text(header, "kid"), *algorithm = json_member_text(header, "alg");
    const signing_key *found = NULL;

    for (size_t i = 0; i < keys->count; i++) {
        const signing_key *key = &keys->keys[i];

        if (strcmp(signature_algorithm_name(key->algorithm), algorithm) != 0 || (*id && strcmp(key->id, id) != 0))
            continue;
        if (found)
            return NULL;
        found = key;
    }
    return found;
}

static bool algorithm_is_known(const char *name)
{
    for (int i = SIGNED_RS256; i <= SIGNED_EDDSA; i++)
        if (strcmp(signature_algorithm_name((signature_algorithm)i), name) == 0)
            return true;
    return false;
}

/* ---- The signature ----------------------------------------------------------------------------------------------- */

/* JOSE writes an ECDSA signature as two numbers, OpenSSL reads DER. 0: malformed. */
static size_t es256_to_der(const uint8_t *raw, size_t size, uint8_t der[ES256_DER_MAX])
{
    ECDSA_SIG *signature = size == 2 * ES256_HALF ? ECDSA_SIG_new() : NULL;
    BIGNUM *r, *s;
    uint8_t *end = der;
    int length = 0;

    if (!signature)
        return 0;
    r = BN_bin2bn(raw, ES256_HALF, NULL);
    s = BN_bin2bn(raw + ES256_HALF, ES256_HALF, NULL);
    if (r && s && ECDSA_SIG_set0(signature, r, s) == 1) {
        length = i2d_ECDSA_SIG(signature, NULL) <= ES256_DER_MAX ? i2d_ECDSA_SIG(signature, &end) : 0;
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(signature);
    return length > 0 ? (size_t)length : 0;
}

static bool signature_fits(const signing_key *key, const part parts[3])
{
    uint8_t raw[SIGNATURE_MAX], der[ES256_DER_MAX];
    const uint8_t *signature = raw;
    long decoded = base64_decode(parts[2].text, parts[2].length, raw, sizeof raw);
    size_t size = decoded > 0 ? (size_t)decoded : 0;
    size_t signed_size = (size_t)(parts[1].text + parts[1].length - parts[0].text); /* header and payload as sent */
    EVP_MD_CTX *context;
    bool fits;

    if (key->algorithm == SIGNED_ES256) {
        size = es256_to_der(raw, size, der);
        signature = der;
    }
    context = size > 0 ? EVP_MD_CTX_new() : NULL;
    fits = context &&
           EVP_DigestVerifyInit(context, NULL, key->algorithm == SIGNED_EDDSA ? NULL : EVP_sha256(), NULL, key->key) ==
               1 &&
           EVP_DigestVerify(context, signature, size, (const uint8_t *)parts[0].text, signed_size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return fits;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static sp_status refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return ID_TOKEN_REFUSED;
}

static sp_status header_judge(const json_members *header, const char **ret_why)
{
    if (!algorithm_is_known(json_member_text(header, "alg")))
        return refuse(ret_why, "it is signed in a way that is not accepted");
    if (json_member_find(header, "crit"))
        return refuse(ret_why, "it wants an extension to be understood");
    return SP_DONE;
}

sp_status jws_open(const key_set *keys, const char *text, arena *a, jws_content *ret_content, const char **ret_why)
{
    json_members header;
    const signing_key *key;
    part parts[3];
    char *bytes;
    size_t size;
    sp_status status;

    if (!parts_split(text, parts))
        return refuse(ret_why, "it is no signed text");
    bytes = part_decode(&parts[0], a, &size);
    if (!bytes || !json_members_read(bytes, size, a, &header))
        return refuse(ret_why, "its header is malformed");
    status = header_judge(&header, ret_why);
    if (sp_failed(status))
        return status;
    key = key_find(keys, &header);
    if (!key) {
        *ret_why = "no key of the provider fits it";
        return SIGNING_KEY_UNKNOWN;
    }
    if (!signature_fits(key, parts))
        return refuse(ret_why, "its signature is wrong");
    ret_content->payload = part_decode(&parts[1], a, &ret_content->size);
    ret_content->algorithm = key->algorithm;
    return ret_content->payload ? SP_DONE : refuse(ret_why, "its content is malformed");
}
