/* Who the terminal is to the server: key, certificate, the pinned authority, and what enrolment told. Files of a
 * folder, one fact a file: key.pem, cert.pem, ca.pem, device_id, server, serial, name, mac. */
#pragma once

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "status.h"

SP_STATUS(CREDENTIALS_MISSING, SP_FAILED_PRECONDITION, "The terminal is not enrolled.");
SP_STATUS(CREDENTIALS_UNFIT, SP_FAILED_PRECONDITION, "The terminal's key and certificate do not fit together.");

typedef struct {
    char folder[768];
    char key[800]; /* paths of PEM files */
    char certificate[800];
    char authority[800];
    int64_t device_id;
    int64_t not_after_ms; /* of the certificate */
    char server[280];     /* "host:port"; empty in folders that were made elsewhere */
    char serial[65];
    char name[97];
    char mac[18];
} credentials;

/* Reads the folder; an interrupted renewal is brought to its end. */
SP_MUST_USE sp_status credentials_load(const char *folder, credentials *ret_credentials);

/* Writes everything that enrolment gave; paths and not_after_ms of c are not looked at. */
SP_MUST_USE sp_status credentials_save(const char *folder, const credentials *c, const char *key_pem,
                                       const char *certificate_pem, const char *authority_pem);

/* Replaces key and certificate: a crash leaves the old pair or the new one. */
SP_MUST_USE sp_status credentials_renew(const char *folder, const char *key_pem, const char *certificate_pem);

/* Removes key, certificate and device id; the authority and the terminal's own names stay. */
void credentials_clear(const char *folder);

/* A PEM file's, to be freed by the caller; NULL when it holds none. */
EVP_PKEY *credential_key(const char *path);
X509 *credential_certificate(const char *path);
