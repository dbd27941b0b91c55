/* Whether the claims of an ID token say what they must (OpenID Connect Core 1.0, 3.1.3.7). Pure. */
#pragma once

#include "keys.h"

enum { SUBJECT_MAX = 255 }; /* bytes */

typedef struct {
    const char *issuer;
    const char *client_id;
    const char *nonce;
    const char *access_token; /* that came with it; "" when none did */
    signature_algorithm algorithm;
    int64_t now_ms;
} id_token_expected;

/* NULL when they do, else why not, in static words. */
const char *id_token_fault(const json_members *claims, const id_token_expected *expected);
