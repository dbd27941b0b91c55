/* What certificates and requests are made of; nobody outside this library includes it. Functions that return a pointer
 * return NULL on failure and may leave errors in OpenSSL's queue, which the public function empties. */
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { X509_TEXT_MAX = 16 * 1024 }; /* bytes of PEM we read */

/* The first object of the text; bounds it by X509_TEXT_MAX and never asks anyone for a passphrase. */
X509 *x509_read(const char *pem);
EVP_PKEY *x509_read_key(const char *pem);

/* A request in PEM, or in DER that fills the n bytes; the same bound. */
X509_REQ *x509_read_request(const void *bytes, size_t n);

/* malloc's. The key is plain PKCS #8. */
char *x509_text(X509 *certificate);
char *x509_request_text(X509_REQ *request);
char *x509_key_text(EVP_PKEY *key);

EVP_PKEY *x509_new_key(void);

/* 1 to 64 bytes of UTF-8 without control characters. */
bool x509_name_is_valid(const char *text);

/* Adds one part, e.g. NID_commonName, to a name. */
bool x509_add_name(X509_NAME *name, int nid, const char *text);

/* A version 3 certificate with a random serial number; the caller adds names, extensions and the signature. */
X509 *x509_begin(EVP_PKEY *key, int64_t not_before_ms, int64_t not_after_ms);

/* Adds an extension in openssl's configuration language, e.g. NID_key_usage, "critical,digitalSignature". */
bool x509_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value);

/* Since 1970; false when the time cannot be read. */
bool x509_time_ms(const ASN1_TIME *time, int64_t *ret_ms);
