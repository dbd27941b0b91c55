#include "authority.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "authority_parts.h"
#include "certificate_parts.h"

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

static X509 *self_signed(EVP_PKEY *key, const char *common_name, int64_t now_ms)
{
    X509 *certificate =
        x509_begin(key, now_ms - AUTHORITY_BACKDATE_MS, now_ms + AUTHORITY_YEARS * INT64_C(365) * day_ms);

    if (certificate && x509_add_name(X509_get_subject_name(certificate), NID_commonName, common_name) &&
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
        x509_add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        x509_add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        x509_add_extension(certificate, certificate, NID_subject_key_identifier, "hash") &&
        X509_sign(certificate, key, EVP_sha256()) > 0)
        return certificate;
    X509_free(certificate);
    return NULL;
}

sp_status authority_create(const char *common_name, int64_t now_ms, char **ret_key_pem, char **ret_certificate_pem)
{
    char *key_pem, *certificate_pem;
    X509 *certificate;
    EVP_PKEY *key;

    if (!x509_name_is_valid(common_name))
        return CERTIFICATE_NAME_INVALID;
    key = x509_new_key();
    certificate = key ? self_signed(key, common_name, now_ms) : NULL;
    key_pem = key ? x509_key_text(key) : NULL;
    certificate_pem = certificate ? x509_text(certificate) : NULL;
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (!key_pem || !certificate_pem) {
        secret_text_free(key_pem);
        free(certificate_pem);
        ERR_clear_error();
        return CRYPTO_FAILED;
    }
    *ret_key_pem = key_pem;
    *ret_certificate_pem = certificate_pem;
    return SP_DONE;
}

static sp_status load_key(authority *a, const char *key_pem)
{
    if (!key_pem)
        return SP_DONE;
    a->key = x509_read_key(key_pem);
    if (!a->key)
        return AUTHORITY_MALFORMED;
    return X509_check_private_key(a->certificate, a->key) == 1 ? SP_DONE : AUTHORITY_KEY_FOREIGN;
}

static sp_status load(authority *a, const char *certificate_pem, const char *key_pem)
{
    a->certificate = x509_read(certificate_pem);
    /* 1: a certificate of version 3 that says so itself */
    if (!a->certificate || X509_check_ca(a->certificate) != 1 || !certificate_read_facts(a->certificate, &a->facts))
        return AUTHORITY_MALFORMED;
    a->pem = x509_text(a->certificate);
    a->trusted = X509_STORE_new();
    if (!a->pem || !a->trusted || X509_STORE_add_cert(a->trusted, a->certificate) != 1)
        return OUT_OF_MEMORY;
    return load_key(a, key_pem);
}

sp_status authority_load(const char *certificate_pem, const char *key_pem, authority **ret_authority)
{
    authority *a = calloc(1, sizeof *a);
    sp_status status;

    if (!a)
        return OUT_OF_MEMORY;
    status = load(a, certificate_pem, key_pem);
    if (sp_failed(status)) {
        authority_free(a);
        ERR_clear_error();
        return status;
    }
    *ret_authority = a;
    return SP_DONE;
}

void authority_free(authority *a)
{
    if (!a)
        return;
    X509_STORE_free(a->trusted);
    EVP_PKEY_free(a->key);
    X509_free(a->certificate);
    free(a->pem);
    free(a);
}

const char *authority_certificate_pem(const authority *a)
{
    return a->pem;
}

const uint8_t *authority_fingerprint(const authority *a)
{
    return a->facts.fingerprint;
}

/* The chain of issuer and signature alone; purpose and time are judged after it, to tell them apart. */
static bool is_signed_by(const authority *a, X509 *certificate)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool ours = false;

    if (context && X509_STORE_CTX_init(context, a->trusted, certificate, NULL) == 1) {
        X509_STORE_CTX_set_flags(context, X509_V_FLAG_NO_CHECK_TIME);
        ours = X509_verify_cert(context) == 1;
    }
    X509_STORE_CTX_free(context);
    return ours;
}

/* OpenSSL takes a certificate without extended key usage as good for everything; ours always have one. */
static bool has_purpose(X509 *certificate, certificate_purpose purpose)
{
    uint32_t needed = purpose == CERTIFICATE_OF_CLIENT ? XKU_SSL_CLIENT : XKU_SSL_SERVER;

    return X509_check_ca(certificate) == 0 && (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) &&
           (X509_get_extended_key_usage(certificate) & needed);
}

static certificate_verdict judge(const authority *a, X509 *certificate, certificate_purpose purpose, int64_t now_ms,
                                 certificate_facts *ret_facts)
{
    if (!certificate || !certificate_read_facts(certificate, ret_facts))
        return VERDICT_MALFORMED;
    if (!is_signed_by(a, certificate))
        return VERDICT_FOREIGN;
    if (!has_purpose(certificate, purpose))
        return VERDICT_WRONG_PURPOSE;
    if (now_ms < ret_facts->not_before_ms)
        return VERDICT_NOT_YET;
    /* The last second is still valid to its end. */
    if (now_ms >= ret_facts->not_after_ms + 1000)
        return VERDICT_EXPIRED;
    return VERDICT_VALID;
}

certificate_verdict authority_verify(const authority *a, const char *pem, certificate_purpose purpose, int64_t now_ms,
                                     certificate_facts *ret_facts)
{
    X509 *certificate = x509_read(pem);
    certificate_facts facts;
    certificate_verdict verdict = judge(a, certificate, purpose, now_ms, &facts);

    X509_free(certificate);
    ERR_clear_error();
    if (ret_facts && verdict != VERDICT_MALFORMED)
        *ret_facts = facts;
    return verdict;
}

const char *certificate_verdict_name(certificate_verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_VALID] = "valid",
        [VERDICT_MALFORMED] = "malformed",
        [VERDICT_FOREIGN] = "not of our authority",
        [VERDICT_WRONG_PURPOSE] = "for another purpose",
        [VERDICT_NOT_YET] = "not valid yet",
        [VERDICT_EXPIRED] = "expired",
    };

    return names[verdict];
}
