/* Our own certificate authority: one self-signed EC P-256 certificate that signs servers and clients directly.
 *
 * An authority is read-only once loaded, so any number of threads may use it. Texts returned are malloc's: certificates
 * for free(), keys for secret_text_free(). Times are milliseconds since 1970, UTC; now_ms is given, never asked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"
#include "crypto_status.h"
#include "csr.h"

enum {
    AUTHORITY_YEARS = 20,
    SERVER_CERTIFICATE_DAYS = 397,
    CLIENT_CERTIFICATE_DAYS = 90,
};

SP_STATUS(AUTHORITY_MALFORMED, SP_FAILED_PRECONDITION, "The authority's certificate or key cannot be read.");
SP_STATUS(AUTHORITY_KEY_FOREIGN, SP_FAILED_PRECONDITION, "The authority's key does not belong to its certificate.");
SP_STATUS(AUTHORITY_KEY_MISSING, SP_FAILED_PRECONDITION, "The authority was loaded without its key and cannot sign.");
SP_STATUS(CSR_MALFORMED, SP_INVALID_ARGUMENT, "This is no certificate request in PEM or DER.");
SP_STATUS(CSR_UNPROVEN, SP_INVALID_ARGUMENT, "The certificate request is not signed with its own key.");
SP_STATUS(CSR_KEY_UNFIT, SP_INVALID_ARGUMENT, "A key must be EC P-256, EC P-384, or RSA of 2048 to 4096 bits.");
SP_STATUS(CERTIFICATE_NAME_INVALID, SP_INVALID_ARGUMENT, "A certificate cannot carry this name.");

typedef struct authority authority;

/* Makes the key and the certificate of a new authority; the caller stores both and loads them. */
SP_MUST_USE sp_status authority_create(const char *common_name, int64_t now_ms, char **ret_key_pem,
                                       char **ret_certificate_pem);

/* key_pem NULL: good for verifying alone. */
SP_MUST_USE sp_status authority_load(const char *certificate_pem, const char *key_pem, authority **ret_authority);

/* Accepts NULL. */
void authority_free(authority *a);

/* What a terminal pins. Borrowed from the authority. */
const char *authority_certificate_pem(const authority *a);
const uint8_t *authority_fingerprint(const authority *a);

/* A new key and its certificate for a TLS server of these names: DNS names, *.wildcards, IPv4 and IPv6 addresses. At
 * least one; the first is the common name too. */
SP_MUST_USE sp_status authority_issue_server(const authority *a, const char *const *names, size_t count, int64_t now_ms,
                                             char **ret_key_pem, char **ret_certificate_pem);

/* Who a client certificate is about. Nothing is taken from the request but its key. */
typedef struct {
    const char *common_name;  /* a terminal: its device id */
    const char *organization; /* a terminal: its enterprise id; NULL for none */
    const char *unit;         /* a role other than a terminal's; NULL for none */
} client_subject;

/* Signs a request (PEM, or n bytes of DER) for a TLS client, valid for 90 days with a random serial number. */
SP_MUST_USE sp_status authority_sign_client(const authority *a, const void *csr, size_t n,
                                            const client_subject *subject, int64_t now_ms, char **ret_certificate_pem);

typedef enum { CERTIFICATE_OF_CLIENT, CERTIFICATE_OF_SERVER } certificate_purpose;

typedef enum {
    VERDICT_VALID,
    VERDICT_MALFORMED,
    VERDICT_FOREIGN,       /* not signed by this authority */
    VERDICT_WRONG_PURPOSE, /* ours, but not for this: a server's, or the authority's own */
    VERDICT_NOT_YET,
    VERDICT_EXPIRED, /* and fine otherwise */
} certificate_verdict;

/* The first certificate of the text, judged at now_ms; the first verdict of the list above that applies. Revocation is
 * not looked at. ret_facts may be NULL; it is filled unless the verdict is MALFORMED. */
certificate_verdict authority_verify(const authority *a, const char *pem, certificate_purpose purpose, int64_t now_ms,
                                     certificate_facts *ret_facts);

/* "valid", "expired", …: for logs. */
const char *certificate_verdict_name(certificate_verdict verdict);
