/* Certificates of P-256 keys by OpenSSL. */
#include "certificates.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static char *take_text(BIO *bio)
{
    char *bytes;
    long size = BIO_get_mem_data(bio, &bytes);
    char *text = strndup(bytes, (size_t)size);

    BIO_free(bio);
    return text;
}

static void add_extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    ck_assert_ptr_nonnull(extension);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

static void sign(X509 *cert, EVP_PKEY *key, const certificate *issuer)
{
    if (issuer == NULL) {
        X509_set_issuer_name(cert, X509_get_subject_name(cert));
        add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
        ck_assert_int_gt(X509_sign(cert, key, EVP_sha256()), 0);
        return;
    }

    BIO *cert_bio = BIO_new_mem_buf(issuer->cert_pem, -1);
    BIO *key_bio = BIO_new_mem_buf(issuer->key_pem, -1);
    X509 *issuer_cert = PEM_read_bio_X509(cert_bio, NULL, NULL, NULL);
    EVP_PKEY *issuer_key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);

    X509_set_issuer_name(cert, X509_get_subject_name(issuer_cert));
    ck_assert_int_gt(X509_sign(cert, issuer_key, EVP_sha256()), 0);
    X509_free(issuer_cert);
    EVP_PKEY_free(issuer_key);
    BIO_free(cert_bio);
    BIO_free(key_bio);
}

certificate certificate_make(const char *name, const certificate *issuer, int from_days, int to_days)
{
    static long serial = 1;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    BIO *cert_bio = BIO_new(BIO_s_mem());
    BIO *key_bio = BIO_new(BIO_s_mem());
    certificate made;

    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
    X509_time_adj_ex(X509_getm_notBefore(cert), from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(cert), to_days, 0, NULL);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    add_extension(cert, NID_subject_alt_name, "DNS:localhost,DNS:smartpass.test,IP:127.0.0.1");
    sign(cert, key, issuer);

    PEM_write_bio_X509(cert_bio, cert);
    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL);
    made.cert_pem = take_text(cert_bio);
    made.key_pem = take_text(key_bio);
    X509_free(cert);
    EVP_PKEY_free(key);
    return made;
}

void certificate_drop(certificate *c)
{
    free(c->cert_pem);
    free(c->key_pem);
}
