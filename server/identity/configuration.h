/* What a provider publishes about itself (OpenID Connect Discovery 1.0). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "status.h"

SP_STATUS(PROVIDER_MALFORMED, SP_UNAVAILABLE, "What the identity provider answered is not OpenID Connect.");
SP_STATUS(ISSUER_MISMATCH, SP_FAILED_PRECONDITION, "The identity provider calls itself by another name.");

typedef struct {
    const char *issuer;
    const char *authorization_endpoint;
    const char *token_endpoint;
    const char *userinfo_endpoint; /* "": it has none */
    const char *keys_uri;
    bool secret_in_form; /* it does not take the secret as HTTP Basic, but in the form */
} provider_configuration;

/* Pure: reads the document that the issuer's well-known address gave. Endpoints are https, and plain http of this
 * machine only when the issuer is. Texts are in the arena. *ret_why says more in static words. */
sp_status configuration_read(const char *issuer, const char *bytes, size_t size, arena *a,
                             provider_configuration *ret_configuration, const char **ret_why) SP_MUST_USE;

/* A copy in another arena. */
bool configuration_copy(const provider_configuration *from, arena *a, provider_configuration *ret_copy);
