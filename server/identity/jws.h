/* Signed texts (JSON Web Signature, RFC 7515, compact form), believed on the word of a provider's keys alone. */
#pragma once

#include "keys.h"

SP_STATUS(ID_TOKEN_REFUSED, SP_UNAUTHENTICATED, "The identity provider's answer does not prove who signs in.");

/* That no key of the set has signed it; a newer set may have the key. */
SP_STATUS(SIGNING_KEY_UNKNOWN, SP_UNAUTHENTICATED, "The identity provider signed with a key that it does not show.");

typedef struct {
    const char *payload; /* in the arena; a NUL that is not counted follows */
    size_t size;
    signature_algorithm algorithm;
} jws_content;

/* Which key and so which algorithm counts follows from the set; the header only chooses among the keys, and must name
 * the algorithm that the key has. After ID_TOKEN_REFUSED *ret_why says why in static words. */
sp_status jws_open(const key_set *keys, const char *text, arena *a, jws_content *ret_content,
                   const char **ret_why) SP_MUST_USE;
