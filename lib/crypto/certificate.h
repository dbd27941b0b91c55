/* What a certificate says. Reading proves nothing: whether to believe it is authority_verify's answer. Thread-safe. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "crypto_status.h"
#include "hash.h"

enum {
    CERTIFICATE_SERIAL_SIZE = 41,            /* hex digits of 20 bytes, the most a serial number may have, and a NUL */
    CERTIFICATE_NAME_SIZE = 65,              /* bytes of a name's part, the NUL included */
    FINGERPRINT_TEXT_SIZE = 3 * SHA256_SIZE, /* "AB:CD:…" and a NUL */
};

SP_STATUS(CERTIFICATE_MALFORMED, SP_INVALID_ARGUMENT, "This is no certificate in PEM.");
SP_STATUS(FINGERPRINT_MALFORMED, SP_INVALID_ARGUMENT, "A fingerprint is 64 hex digits, with colons or without.");

typedef struct {
    char serial[CERTIFICATE_SERIAL_SIZE];     /* lower-case hex */
    char common_name[CERTIFICATE_NAME_SIZE];  /* the subject's; "" when missing */
    char organization[CERTIFICATE_NAME_SIZE]; /* likewise */
    char unit[CERTIFICATE_NAME_SIZE];         /* likewise */
    int64_t not_before_ms;                    /* since 1970, UTC */
    int64_t not_after_ms;
    uint8_t fingerprint[SHA256_SIZE]; /* of the DER form, as browsers and openssl show it */
} certificate_facts;

/* The first certificate of the text. */
SP_MUST_USE sp_status certificate_inspect(const char *pem, certificate_facts *ret_facts);

/* "AB:CD:…", and back from that or from plain digits of either case. */
void fingerprint_text(const uint8_t fingerprint[SHA256_SIZE], char ret_text[FINGERPRINT_TEXT_SIZE]);
SP_MUST_USE sp_status fingerprint_parse(const char *text, uint8_t ret_fingerprint[SHA256_SIZE]);

/* The next of a list with commas; returns where the list goes on, NULL when it has ended or the next is malformed. */
const char *fingerprint_list_next(const char *list, uint8_t ret_fingerprint[SHA256_SIZE]);

/* At least one, all of them well-formed. */
bool fingerprint_list_is_legal(const char *list);
