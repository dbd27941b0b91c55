/* The other end of signing in elsewhere: a client of OpenID Connect (authorisation code with PKCE). Knows neither users
 * nor the database: it says who somebody is in the provider's words.
 *
 * What a provider publishes (configuration, keys) is kept for ten minutes. Requests block for up to ten seconds each,
 * and only so many calls may be at it at once, so hold no transaction meanwhile. Thread-safe. */
#pragma once

#include <stdint.h>

#include "configuration.h"
#include "https.h"
#include "jws.h"
#include "text.h"

typedef struct identity_client identity_client;

typedef struct {
    int at_once;             /* calls that may wait for a provider, further ones are told PROVIDER_BUSY; 0: 4 */
    const char *authorities; /* PEM file of whom to trust besides the system's authorities; NULL: none; copied */
} identity_options;

SP_STATUS(PROVIDER_BUSY, SP_UNAVAILABLE, "Too many wait for the identity provider; try again in a moment.");
SP_STATUS(EXTERNAL_CODE_REFUSED, SP_UNAUTHENTICATED, "The identity provider does not confirm this sign-in.");

/* NULL when memory is out. */
identity_client *identity_client_new(const identity_options *options);
void identity_client_free(identity_client *client); /* when no call is under way; accepts NULL */

/* How one call speaks with a provider. */
typedef struct {
    arena *memory;                      /* takes every text that comes back */
    bool (*cancelled)(const void *arg); /* NULL: nobody cancels */
    const void *arg;
    const char *why; /* what was wrong, in static words for the log; "" when nothing was */
} identity_call;

/* The provider's configuration; fresh: asked now, whatever is known. PROVIDER_UNREACHABLE, PROVIDER_MALFORMED,
 * ISSUER_MISMATCH, PROVIDER_BUSY. A failure is remembered for five seconds. */
sp_status identity_configuration(identity_client *client, const char *issuer, bool fresh, identity_call *call,
                                 provider_configuration *ret_configuration) SP_MUST_USE;

typedef struct {
    const char *client_id;
    const char *redirect_uri;
    const char *scopes;
    const char *state;
    const char *nonce;
    const char *verifier; /* PKCE: 43 to 128 characters of which the browser only sees the hash */
} identity_request;

/* Where the browser goes; NULL when memory is out. Asks nobody. */
const char *identity_authorization_uri(const provider_configuration *configuration, const identity_request *request,
                                       arena *a);

typedef struct {
    const char *issuer;
    const char *client_id;
    const char *secret; /* "": a public client */
    const char *redirect_uri;
    const char *code;
    const char *nonce;
    const char *verifier;
    const char *claim; /* whose values are asked for */
} identity_proof;

/* Who signs in. Texts are "" when the provider says nothing of it. */
typedef struct {
    const char *subject;
    const char *username; /* preferred_username */
    const char *email;
    const char *name;
    text_list values; /* of the claim */
} identity_person;

/* Turns the code into a person: token request, the ID token's signature and claims, and the provider's userinfo for
 * what the token does not say. EXTERNAL_CODE_REFUSED, ID_TOKEN_REFUSED, and as above. */
sp_status identity_redeem(identity_client *client, const identity_proof *proof, identity_call *call,
                          identity_person *ret_person) SP_MUST_USE;
