#include "foreign.h"

#include <check.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EVP_PKEY *foreign_key(const char *kind)
{
    EVP_PKEY *key;
    char curve[6];

    if (strncmp(kind, "RSA", 3) == 0)
        key = EVP_RSA_gen((unsigned)atoi(kind + 4));
    else if (strcmp(kind, "ED25519") == 0)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    else {
        snprintf(curve, sizeof curve, "%.5s", kind);
        key = EVP_EC_gen(curve);
    }
    ck_assert_ptr_nonnull(key);
    if (strstr(kind, "explicit"))
        ck_assert_int_eq(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), 1);
    return key;
}

static char *text_of(BIO *bio)
{
    char *bytes, *text;
    long n = BIO_get_mem_data(bio, &bytes);

    text = strndup(bytes, (size_t)n);
    BIO_free(bio);
    return text;
}

static const EVP_MD *digest_for(EVP_PKEY *key)
{
    return EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256();
}

char *foreign_csr(EVP_PKEY *key, EVP_PKEY *signer)
{
    X509_REQ *request = X509_REQ_new();
    BIO *bio = BIO_new(BIO_s_mem());

    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), "CN", MBSTRING_UTF8,
                               (const unsigned char *)"I say I am the administrator", -1, -1, 0);
    ck_assert_int_eq(X509_REQ_set_pubkey(request, key), 1);
    ck_assert_int_gt(X509_REQ_sign(request, signer, digest_for(signer)), 0);
    ck_assert_int_eq(PEM_write_bio_X509_REQ(bio, request), 1);
    X509_REQ_free(request);
    return text_of(bio);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *read_certificate(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    ck_assert_ptr_nonnull(certificate);
    return certificate;
}

static EVP_PKEY *read_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

    BIO_free(bio);
    ck_assert_ptr_nonnull(key);
    return key;
}

char *foreign_certificate(const foreign_subject *subject)
{
    X509 *certificate = X509_new();
    X509 *issuer = subject->issuer_pem ? read_certificate(subject->issuer_pem) : certificate;
    EVP_PKEY *key = foreign_key("P-256");
    EVP_PKEY *signer = subject->issuer_key_pem ? read_key(subject->issuer_key_pem) : key;
    X509_NAME *name = X509_get_subject_name(certificate);
    BIO *bio = BIO_new(BIO_s_mem());

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 77);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    for (size_t i = 0; subject->names[i]; i++)
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)subject->names[i],
                                   subject->name_bytes ? (int)subject->name_bytes : -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    add_extension(certificate, issuer, NID_basic_constraints, subject->is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    if (subject->purpose)
        add_extension(certificate, issuer, NID_ext_key_usage, subject->purpose);
    ck_assert_int_gt(X509_sign(certificate, signer, EVP_sha256()), 0);
    ck_assert_int_eq(PEM_write_bio_X509(bio, certificate), 1);
    if (issuer != certificate)
        X509_free(issuer);
    if (signer != key)
        EVP_PKEY_free(signer);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return text_of(bio);
}

unsigned char *foreign_der(const char *pem, size_t *ret_size)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    char *name, *header;
    unsigned char *der, *copy;
    long n;

    ck_assert_int_eq(PEM_read_bio(bio, &name, &header, &der, &n), 1);
    copy = malloc((size_t)n);
    memcpy(copy, der, (size_t)n);
    *ret_size = (size_t)n;
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(bio);
    return copy;
}

char *foreign_output(const char *format, ...)
{
    char *command, *output = NULL;
    size_t room = 0;
    va_list args;
    FILE *child;

    va_start(args, format);
    ck_assert_int_ge(vasprintf(&command, format, args), 0);
    va_end(args);
    child = popen(command, "r");
    ck_assert_ptr_nonnull(child);
    if (getdelim(&output, &room, '\0', child) < 0) {
        free(output);
        output = strdup("");
    }
    pclose(child);
    free(command);
    return output;
}
