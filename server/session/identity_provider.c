/* The settings of the identity provider. */
#include <stdio.h>
#include <string.h>

#include "external_login.h"
#include "external_store.h"
#include "identity_client.h"
#include "field.h"
#include "log.h"

/* Sent out without the secret. */
static void provider_show(const stored_provider *provider, IdentityProvider *reply)
{
    static char nothing[] = "";
    ProtobufCMessage base = reply->base;

    *reply = *provider->message;
    reply->base = base;
    reply->client_secret = nothing;
    reply->has_client_secret = *provider->secret != '\0';
}

sp_status get_identity_provider(rpc_call *call, const GetIdentityProviderRequest *request, IdentityProvider *reply)
{
    stored_provider provider;
    sp_status status = external_provider_get(call, &provider);

    (void)request;
    if (!sp_failed(status))
        provider_show(&provider, reply);
    return status;
}

/* ---- What may be stored ------------------------------------------------------------------------------------------ */

/* Without it the provider would not answer as OpenID Connect. */
static bool has_openid(const char *scopes)
{
    const char *at = scopes;

    while ((at = strstr(at, "openid")) != NULL) {
        if ((at == scopes || at[-1] == ' ') && (at[6] == ' ' || at[6] == '\0'))
            return true;
        at += 6;
    }
    return false;
}

static sp_status mapping_take(rpc_call *call, db_tx *tx, IdentityMapping *mapping, size_t index)
{
    char field[64];
    known_place known;
    sp_status status = external_place_get(tx, mapping, &known);

    if (sp_failed(status))
        return status;
    snprintf(field, sizeof field, "provider.mappings[%zu].value", index);
    status = field_take_line(call, field, &mapping->value, true);
    snprintf(field, sizeof field, "provider.mappings[%zu].enterprise_id", index);
    if (!known.enterprise)
        return sp_first_failure(status,
                                rpc_call_violation(call, field, "ENTERPRISE_UNKNOWN", "There is no such enterprise."));
    snprintf(field, sizeof field, "provider.mappings[%zu].group_id", index);
    if (!known.group)
        status = sp_first_failure(status, rpc_call_violation(call, field, "GROUP_UNKNOWN", "There is no such group."));
    snprintf(field, sizeof field, "provider.mappings[%zu].role_id", index);
    if (mapping->group_administrator && mapping->role_id != 0)
        status =
            sp_first_failure(status, rpc_call_violation(call, field, "VALUE_INVALID", "An administrator has no role."));
    else if (!mapping->group_administrator && !known.role)
        status = sp_first_failure(status, rpc_call_violation(call, field, "ROLE_UNKNOWN", "There is no such role."));
    return status;
}

static sp_status mappings_take(rpc_call *call, IdentityProvider *provider)
{
    db_tx *tx;
    sp_status status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);

    if (sp_failed(status))
        return status;
    for (size_t i = 0; i < provider->n_mappings; i++)
        status = sp_first_failure(status, mapping_take(call, tx, provider->mappings[i], i));
    return db_end(tx, status);
}

/* All faults at once, so that a form can show them together. Changes the message into what is stored. */
static sp_status provider_take(rpc_call *call, IdentityProvider *provider)
{
    bool needed = provider->enabled;
    sp_status status = field_take_line(call, "provider.name", &provider->name, needed);

    status = sp_first_failure(status, field_take_line(call, "provider.issuer", &provider->issuer, needed));
    status = sp_first_failure(status, field_take_line(call, "provider.client_id", &provider->client_id, needed));
    status = sp_first_failure(status, field_take_line(call, "provider.scopes", &provider->scopes, false));
    status = sp_first_failure(status, field_take_line(call, "provider.claim", &provider->claim, false));
    if (*provider->scopes && !has_openid(provider->scopes))
        status = sp_first_failure(
            status, rpc_call_violation(call, "provider.scopes", "VALUE_INVALID", "\"openid\" must be one of them."));
    if (*provider->issuer && !https_url_is_legal(provider->issuer, /* loopback_allowed= */ true))
        status = sp_first_failure(
            status, rpc_call_violation(call, "provider.issuer", "URL_INVALID", "An issuer is an https address."));
    return sp_first_failure(status, mappings_take(call, provider));
}

/* ---- Storing ----------------------------------------------------------------------------------------------------- */

static sp_status issuer_ask(rpc_call *call, const char *issuer)
{
    identity_call asked = {.memory = rpc_call_arena(call), .why = ""};
    provider_configuration configuration;
    sp_status status;

    if (!*issuer)
        return SP_DONE;
    status = identity_configuration(context_of(call)->sessions->options.identity, issuer, /* fresh= */ true, &asked,
                                    &configuration);
    if (!sp_failed(status) || strcmp(status.reason, PROVIDER_BUSY.reason) == 0 || status.code == SP_RESOURCE_EXHAUSTED)
        return status;
    log_write(LOG_WARNING, "the identity provider failed", "issuer", issuer, "reason", status.reason, "why", asked.why,
              NULL);
    rpc_call_error_fact(call, "why", asked.why);
    return rpc_call_violation(call, "provider.issuer", status.reason, status.message);
}

/* A secret goes with the client it was given to; it is never shown to another issuer. */
static const char *secret_for(const stored_provider *before, const IdentityProvider *after)
{
    if (*after->client_secret)
        return after->client_secret;
    return strcmp(before->message->issuer, after->issuer) == 0 &&
                   strcmp(before->message->client_id, after->client_id) == 0
               ? before->secret
               : "";
}

sp_status update_identity_provider(rpc_call *call, const UpdateIdentityProviderRequest *request,
                                   IdentityProvider *reply)
{
    static char nothing[] = "";
    IdentityProvider *provider = request->provider, shown = IDENTITY_PROVIDER_INIT;
    stored_provider before, after;
    sp_status status;

    if (!provider)
        return rpc_call_violation(call, "provider", "FIELD_REQUIRED", "The identity provider is missing.");
    call_audit_object(call, "identity provider %s", provider->issuer);
    status = external_provider_get(call, &before);
    if (!sp_failed(status))
        status = provider_take(call, provider);
    if (!sp_failed(status))
        status = issuer_ask(call, provider->issuer);
    if (sp_failed(status))
        return status;
    after = (stored_provider){provider, secret_for(&before, provider)};
    provider->client_secret = nothing;
    provider->has_client_secret = *after.secret != '\0';
    status = external_provider_set(call, &after);
    if (sp_failed(status))
        return status;
    provider_show(&before, &shown);
    call_audit_before(call, &shown.base);
    provider_show(&after, reply);
    call_audit_after(call, &reply->base);
    return SP_DONE;
}
