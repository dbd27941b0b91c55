#include "x509_parts.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"
#include "text.h"

enum { SERIAL_SIZE = 16 };

/* Without it OpenSSL would ask on the terminal for the passphrase of an encrypted key. */
static int no_passphrase(char *buffer, int size, int writing, void *self)
{
    (void)buffer, (void)size, (void)writing, (void)self;
    return -1;
}

static BIO *open_text(const char *pem)
{
    size_t n = strnlen(pem, X509_TEXT_MAX + 1);

    return n <= X509_TEXT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
}

X509 *x509_read(const char *pem)
{
    BIO *text = open_text(pem);
    X509 *certificate = text ? PEM_read_bio_X509(text, NULL, no_passphrase, NULL) : NULL;

    BIO_free(text);
    return certificate;
}

EVP_PKEY *x509_read_key(const char *pem)
{
    BIO *text = open_text(pem);
    EVP_PKEY *key = text ? PEM_read_bio_PrivateKey(text, NULL, no_passphrase, NULL) : NULL;

    BIO_free(text);
    return key;
}

static X509_REQ *read_request_der(const unsigned char *bytes, size_t n)
{
    const unsigned char *at = bytes;
    X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)n);

    if (request && at != bytes + n) {
        X509_REQ_free(request);
        return NULL;
    }
    return request;
}

X509_REQ *x509_read_request(const void *bytes, size_t n)
{
    static const char pem_begins[] = "-----BEGIN";
    X509_REQ *request;
    BIO *text;

    if (n > X509_TEXT_MAX)
        return NULL;
    if (n < sizeof pem_begins || memcmp(bytes, pem_begins, sizeof pem_begins - 1) != 0)
        return read_request_der(bytes, n);
    text = BIO_new_mem_buf(bytes, (int)n);
    request = text ? PEM_read_bio_X509_REQ(text, NULL, no_passphrase, NULL) : NULL;
    BIO_free(text);
    return request;
}

/* Takes the BIO; written is whether what it holds is complete. */
static char *take_text(BIO *bio, bool written)
{
    char *bytes, *text = NULL;
    long n = written ? BIO_get_mem_data(bio, &bytes) : 0;

    if (n > 0)
        text = strndup(bytes, (size_t)n);
    BIO_free(bio);
    return text;
}

char *x509_text(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return take_text(bio, bio && PEM_write_bio_X509(bio, certificate) == 1);
}

char *x509_request_text(X509_REQ *request)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return take_text(bio, bio && PEM_write_bio_X509_REQ(bio, request) == 1);
}

char *x509_key_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem()); /* overwritten when freed */

    return take_text(bio, bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
}

EVP_PKEY *x509_new_key(void)
{
    return EVP_EC_gen("P-256");
}

bool x509_name_is_valid(const char *text)
{
    size_t n = strnlen(text, 65);

    if (n == 0 || n > 64 || !utf8_is_valid(text, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

bool x509_add_name(X509_NAME *name, int nid, const char *text)
{
    return x509_name_is_valid(text) &&
           X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

/* The first bit set keeps every number equally long and never zero; 127 bits of chance remain. */
static bool set_serial(X509 *certificate)
{
    uint8_t bytes[SERIAL_SIZE];
    BIGNUM *number;
    bool set;

    if (sp_failed(crypto_random(bytes, sizeof bytes)))
        return false;
    bytes[0] |= 0x80;
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return set;
}

X509 *x509_begin(EVP_PKEY *key, int64_t not_before_ms, int64_t not_after_ms)
{
    X509 *certificate = X509_new();

    if (certificate && X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
        ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(not_before_ms / 1000)) &&
        ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)(not_after_ms / 1000)) &&
        X509_set_pubkey(certificate, key) == 1)
        return certificate;
    X509_free(certificate);
    return NULL;
}

bool x509_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;
    bool added;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool x509_time_ms(const ASN1_TIME *time, int64_t *ret_ms)
{
    struct tm utc;

    if (ASN1_TIME_to_tm(time, &utc) != 1)
        return false;
    *ret_ms = (int64_t)timegm(&utc) * 1000;
    return true;
}
