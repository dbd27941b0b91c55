/* Keys, requests and certificates that our own library would never make, by OpenSSL alone. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/* "P-256", "P-384", "P-521", "P-256 explicit", "ED25519", or "RSA" and a number of bits. */
EVP_PKEY *foreign_key(const char *kind);

/* Signed with the key, or with another one. PEM; for free(). */
char *foreign_csr(EVP_PKEY *key, EVP_PKEY *signer);

typedef struct {
    const char *issuer_pem;     /* NULL: self-signed */
    const char *issuer_key_pem; /* signs; may well not be the issuer's */
    const char *names[3];       /* common names, ended by NULL */
    size_t name_bytes;          /* 0: of each name's length */
    const char *purpose;        /* extended key usage; NULL: none */
    bool is_authority;
} foreign_subject;

char *foreign_certificate(const foreign_subject *subject);

/* The DER in the PEM; for free(). */
unsigned char *foreign_der(const char *pem, size_t *ret_size);

/* What the command prints, for free(); it runs in a shell. */
char *foreign_output(const char *format, ...) __attribute__((format(printf, 1, 2)));
