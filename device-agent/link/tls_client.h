/* Whom a terminal trusts, and who it says it is: the TLS contexts of its connections.
 *
 * Our authority is private, so a certificate of it with the purpose "server" is one of our servers under whatever name
 * or address it was reached; names are not compared. A terminal's own certificate has no such purpose, so that no
 * terminal can play the server. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"

/* For an enrolled terminal: trusts this authority alone and shows this certificate. Paths of PEM files. NULL when one
 * of them cannot be used; why (may be NULL) then gets a static sentence. */
SSL_CTX *tls_client_enrolled(const char *authority, const char *certificate, const char *key, const char **why);

/* For the one call of a terminal that enrols, before it knows the authority. */
typedef struct {
    bool pinned; /* the fingerprint below must be met, else the handshake fails */
    uint8_t fingerprint[SHA256_SIZE];
    X509 *server; /* what the server showed; tls_first_sight_done frees it */
} tls_first_sight;

/* Without a pin, any certificate is accepted and must be judged afterwards by tls_first_sight_vouched. With one, the
 * server's chain must contain, and hang on, the certificate of that fingerprint. sight is borrowed by the context. */
SSL_CTX *tls_client_enrolling(tls_first_sight *sight);

/* Whether the authority that the server named (PEM) signed the certificate that it showed, and, with a pin, whether
 * the pin is the authority's or the server's. Writes the authority's fingerprint as text. */
bool tls_first_sight_vouched(const tls_first_sight *sight, const char *authority_pem,
                             char ret_fingerprint[FINGERPRINT_TEXT_SIZE]);
void tls_first_sight_done(tls_first_sight *sight);
