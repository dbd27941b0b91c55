/* The SQL of signing in at an identity provider, all of it by the role system. */
#pragma once

#include "context.h"
#include "smartpass/v1/session.names.h"

typedef struct {
    IdentityProvider *message; /* without the secret; all empty when none was ever set */
    const char *secret;        /* opened; "": none */
} stored_provider;

/* In a transaction of its own; everything is in the call's arena. */
sp_status external_provider_get(rpc_call *call, stored_provider *ret_provider) SP_MUST_USE;
sp_status external_provider_set(rpc_call *call, const stored_provider *provider) SP_MUST_USE;

typedef struct {
    bool enterprise, group, role;
} known_place;

/* Whether there are such an enterprise and, within it, such a group and role. */
sp_status external_place_get(db_tx *tx, const IdentityMapping *mapping, known_place *ret_known) SP_MUST_USE;

/* A sign-in that went to the provider. */
typedef struct {
    uint8_t state_sha256[SHA256_SIZE];
    uint8_t binding_sha256[SHA256_SIZE];
    const char *nonce, *verifier, *redirect_uri;
} external_attempt;

SP_STATUS(TOO_MANY_SIGN_INS, SP_RESOURCE_EXHAUSTED, "Too many sign-ins are under way; try again in a few minutes.");
SP_STATUS(EXTERNAL_LOGIN_UNKNOWN, SP_UNAUTHENTICATED, "This sign-in was not begun here, or took too long: begin anew.");

sp_status external_attempt_add(rpc_call *call, const external_attempt *attempt) SP_MUST_USE;

/* The attempt of this state, which is then gone, whatever comes of it. EXTERNAL_LOGIN_UNKNOWN when there is none, it is
 * too old, or the browser is another one. */
sp_status external_attempt_take(rpc_call *call, const uint8_t state_sha256[SHA256_SIZE],
                                const uint8_t binding_sha256[SHA256_SIZE], external_attempt *ret_attempt) SP_MUST_USE;
