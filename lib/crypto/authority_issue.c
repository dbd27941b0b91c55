/* Signing for others: the servers' certificates, and the clients' requests. */
#include <arpa/inet.h>
#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "authority_parts.h"
#include "bytes.h"

enum {
    DNS_NAME_MAX = 253,
    NAMES_MAX = 64,
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 4096,
};

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

/* Everything a leaf of ours has, but its own names; it cannot outlive the authority. */
static X509 *leaf_begin(const authority *a, EVP_PKEY *key, int64_t now_ms, int days, const char *purpose)
{
    int64_t not_after_ms = now_ms + days * day_ms;
    X509 *leaf;

    if (not_after_ms > a->facts.not_after_ms)
        not_after_ms = a->facts.not_after_ms;
    leaf = x509_begin(key, now_ms - AUTHORITY_BACKDATE_MS, not_after_ms);
    if (leaf && X509_set_issuer_name(leaf, X509_get_subject_name(a->certificate)) == 1 &&
        x509_add_extension(leaf, a->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        x509_add_extension(leaf, a->certificate, NID_key_usage, "critical,digitalSignature") &&
        x509_add_extension(leaf, a->certificate, NID_ext_key_usage, purpose) &&
        x509_add_extension(leaf, a->certificate, NID_subject_key_identifier, "hash") &&
        x509_add_extension(leaf, a->certificate, NID_authority_key_identifier, "keyid:always"))
        return leaf;
    X509_free(leaf);
    return NULL;
}

/* Takes the leaf; NULL when signing failed. */
static char *leaf_finish(const authority *a, X509 *leaf)
{
    char *pem = NULL;

    if (X509_sign(leaf, a->key, EVP_sha256()) > 0)
        pem = x509_text(leaf);
    X509_free(leaf);
    return pem;
}

static bool is_address(const char *name)
{
    uint8_t address[16];

    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

/* Letters, digits, hyphens and dots, perhaps after "*."; nothing that the extension's language would read as more. */
static bool is_dns_name(const char *name)
{
    size_t n = strnlen(name, DNS_NAME_MAX + 1);

    if (n > DNS_NAME_MAX)
        return false;
    if (strncmp(name, "*.", 2) == 0)
        name += 2;
    for (const char *c = name; *c; c++) {
        bool at_edge = c == name || c[-1] == '.' || c[1] == '.' || c[1] == '\0';

        if (!isalnum((unsigned char)*c) && (at_edge || (*c != '-' && *c != '.')))
            return false;
    }
    return *name != '\0';
}

static bool add_server_names(X509 *leaf, const authority *a, const char *const *names, size_t count)
{
    byte_buffer list;
    bool added = true;

    byte_buffer_init(&list, NAMES_MAX * (DNS_NAME_MAX + 5));
    for (size_t i = 0; i < count && added; i++)
        added = byte_buffer_printf(&list, "%s%s:%s", i ? "," : "", is_address(names[i]) ? "IP" : "DNS", names[i]);
    added = added && x509_add_extension(leaf, a->certificate, NID_subject_alt_name, (const char *)list.data);
    byte_buffer_done(&list);
    return added;
}

/* The common name only tells a reader what it is about; a name too long for it is left to the extension. */
static bool add_server_subject(X509 *leaf, const char *name)
{
    return x509_add_name(X509_get_subject_name(leaf), NID_commonName, x509_name_is_valid(name) ? name : "server");
}

static char *server_certificate(const authority *a, EVP_PKEY *key, const char *const *names, size_t count,
                                int64_t now_ms)
{
    X509 *leaf = leaf_begin(a, key, now_ms, SERVER_CERTIFICATE_DAYS, "serverAuth");

    if (leaf && add_server_subject(leaf, names[0]) && add_server_names(leaf, a, names, count))
        return leaf_finish(a, leaf);
    X509_free(leaf);
    return NULL;
}

sp_status authority_issue_server(const authority *a, const char *const *names, size_t count, int64_t now_ms,
                                 char **ret_key_pem, char **ret_certificate_pem)
{
    char *certificate_pem, *key_pem;
    EVP_PKEY *key;

    if (!a->key)
        return AUTHORITY_KEY_MISSING;
    if (count == 0 || count > NAMES_MAX)
        return CERTIFICATE_NAME_INVALID;
    for (size_t i = 0; i < count; i++)
        if (!is_address(names[i]) && !is_dns_name(names[i]))
            return CERTIFICATE_NAME_INVALID;

    key = x509_new_key();
    certificate_pem = key ? server_certificate(a, key, names, count, now_ms) : NULL;
    key_pem = certificate_pem ? x509_key_text(key) : NULL;
    EVP_PKEY_free(key);
    if (!key_pem) {
        free(certificate_pem);
        ERR_clear_error();
        return CRYPTO_FAILED;
    }
    *ret_key_pem = key_pem;
    *ret_certificate_pem = certificate_pem;
    return SP_DONE;
}

/* By name: explicit curve parameters could describe a weak curve that only looks like a known one. */
static bool ec_key_is_fit(const EVP_PKEY *key)
{
    char curve[32];
    int explicit = 0;

    EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit);
    return !explicit &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve, NULL) == 1 &&
           (strcmp(curve, "prime256v1") == 0 || strcmp(curve, "secp384r1") == 0);
}

static bool key_is_fit(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context;
    bool fit;

    if (EVP_PKEY_is_a(key, "EC"))
        fit = ec_key_is_fit(key);
    else
        fit = EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN &&
              EVP_PKEY_get_bits(key) <= RSA_BITS_MAX;
    if (!fit)
        return false;
    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    fit = context && EVP_PKEY_public_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    return fit;
}

static bool add_client_subject(X509 *leaf, const client_subject *subject)
{
    X509_NAME *name = X509_get_subject_name(leaf);

    return (!subject->organization || x509_add_name(name, NID_organizationName, subject->organization)) &&
           (!subject->unit || x509_add_name(name, NID_organizationalUnitName, subject->unit)) &&
           x509_add_name(name, NID_commonName, subject->common_name);
}

static bool subject_is_valid(const client_subject *subject)
{
    return x509_name_is_valid(subject->common_name) &&
           (!subject->organization || x509_name_is_valid(subject->organization)) &&
           (!subject->unit || x509_name_is_valid(subject->unit));
}

static sp_status sign_request(const authority *a, X509_REQ *request, const client_subject *subject, int64_t now_ms,
                              char **ret_pem)
{
    EVP_PKEY *key = X509_REQ_get0_pubkey(request);
    X509 *leaf;

    if (!key || !key_is_fit(key))
        return CSR_KEY_UNFIT;
    if (X509_REQ_verify(request, key) != 1)
        return CSR_UNPROVEN;
    leaf = leaf_begin(a, key, now_ms, CLIENT_CERTIFICATE_DAYS, "clientAuth");
    if (!leaf || !add_client_subject(leaf, subject)) {
        X509_free(leaf);
        return CRYPTO_FAILED;
    }
    *ret_pem = leaf_finish(a, leaf);
    return *ret_pem ? SP_DONE : CRYPTO_FAILED;
}

sp_status authority_sign_client(const authority *a, const void *csr, size_t n, const client_subject *subject,
                                int64_t now_ms, char **ret_certificate_pem)
{
    X509_REQ *request;
    sp_status status;
    char *pem;

    if (!a->key)
        return AUTHORITY_KEY_MISSING;
    if (!subject_is_valid(subject))
        return CERTIFICATE_NAME_INVALID;
    request = x509_read_request(csr, n);
    status = request ? sign_request(a, request, subject, now_ms, &pem) : CSR_MALFORMED;
    X509_REQ_free(request);
    ERR_clear_error();
    if (!sp_failed(status))
        *ret_certificate_pem = pem;
    return status;
}
