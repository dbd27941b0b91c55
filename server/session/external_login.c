/* Signing in at an identity provider: from the button on the sign-in page to the session. */
#include "external_login.h"

#include <string.h>

#include "external_account.h"
#include "external_rules.h"
#include "external_store.h"
#include "log.h"
#include "token.h"

SP_STATUS(EXTERNAL_LOGIN_OFF, SP_FAILED_PRECONDITION, "No identity provider is set up here.");

static const char DEFAULT_SCOPES[] = "openid profile email", DEFAULT_CLAIM[] = "groups";

static bool call_is_cancelled(const void *call)
{
    return rpc_call_cancelled(call);
}

static identity_call provider_call(rpc_call *call)
{
    return (identity_call){.memory = rpc_call_arena(call), .cancelled = call_is_cancelled, .arg = call, .why = ""};
}

/* What the provider did wrong is for the administrator's log, not for whoever stands before the door. */
static sp_status note_failure(sp_status status, const char *issuer, const identity_call *asked)
{
    if (sp_failed(status) && *asked->why)
        log_write(LOG_WARNING, "the identity provider failed", "issuer", issuer, "reason", status.reason, "why",
                  asked->why, NULL);
    return status;
}

static sp_status provider_in_use(rpc_call *call, stored_provider *ret_provider)
{
    sp_status status = external_provider_get(call, ret_provider);

    if (sp_failed(status))
        return status;
    return ret_provider->message->enabled ? SP_DONE : EXTERNAL_LOGIN_OFF;
}

sp_status get_sign_in_options(rpc_call *call, const GetSignInOptionsRequest *request, SignInOptions *reply)
{
    stored_provider provider;
    sp_status status = external_provider_get(call, &provider);

    (void)request;
    if (!sp_failed(status) && provider.message->enabled)
        reply->external_name = provider.message->name;
    return status;
}

/* ---- To the provider --------------------------------------------------------------------------------------------- */

/* A text of 256 random bits. */
static sp_status secret_new(arena *a, char **ret_text, uint8_t ret_sha256[SHA256_SIZE])
{
    *ret_text = arena_alloc(a, TOKEN_TEXT_SIZE);
    return *ret_text ? token_new(*ret_text, ret_sha256) : OUT_OF_MEMORY;
}

static sp_status attempt_new(arena *a, const StartExternalLoginRequest *request, external_attempt *attempt,
                             char **ret_state, char **ret_binding)
{
    uint8_t unused[SHA256_SIZE];
    char *nonce, *verifier;
    sp_status status = secret_new(a, ret_state, attempt->state_sha256);

    if (!sp_failed(status))
        status = secret_new(a, ret_binding, attempt->binding_sha256);
    if (!sp_failed(status))
        status = secret_new(a, &nonce, unused);
    if (!sp_failed(status))
        status = secret_new(a, &verifier, unused);
    if (sp_failed(status))
        return status;
    attempt->nonce = nonce;
    attempt->verifier = verifier;
    attempt->redirect_uri = request->redirect_uri;
    return SP_DONE;
}

sp_status start_external_login(rpc_call *call, const StartExternalLoginRequest *request,
                               StartExternalLoginResponse *reply)
{
    arena *a = rpc_call_arena(call);
    identity_call asked = provider_call(call);
    provider_configuration configuration;
    stored_provider provider;
    external_attempt attempt;
    char *state, *binding;
    sp_status status;

    if (!external_redirect_is_legal(request->redirect_uri))
        return rpc_call_violation(call, "redirect_uri", "VALUE_INVALID", "This is not the sign-in page of a console.");
    status = provider_in_use(call, &provider);
    if (sp_failed(status))
        return status;
    status = note_failure(identity_configuration(context_of(call)->sessions->options.identity, provider.message->issuer,
                                                 /* fresh= */ false, &asked, &configuration),
                          provider.message->issuer, &asked);
    if (!sp_failed(status))
        status = attempt_new(a, request, &attempt, &state, &binding);
    if (!sp_failed(status))
        status = external_attempt_add(call, &attempt);
    if (sp_failed(status))
        return status;
    reply->authorization_uri = (char *)identity_authorization_uri(
        &configuration,
        &(identity_request){
            .client_id = provider.message->client_id,
            .redirect_uri = attempt.redirect_uri,
            .scopes = *provider.message->scopes ? provider.message->scopes : DEFAULT_SCOPES,
            .state = state,
            .nonce = attempt.nonce,
            .verifier = attempt.verifier,
        },
        a);
    reply->binding = binding;
    return reply->authorization_uri ? SP_DONE : OUT_OF_MEMORY;
}

/* ---- And back ---------------------------------------------------------------------------------------------------- */

static sp_status attempt_find(rpc_call *call, const FinishExternalLoginRequest *request, external_attempt *ret_attempt)
{
    uint8_t state_sha256[SHA256_SIZE], binding_sha256[SHA256_SIZE];
    sp_status status;

    if (sp_failed(token_hash(request->state, state_sha256)) || sp_failed(token_hash(request->binding, binding_sha256)))
        return EXTERNAL_LOGIN_UNKNOWN;
    status = external_attempt_take(call, state_sha256, binding_sha256, ret_attempt);
    /* Whoever comes without having begun is a stranger at the door: logged, but no row. */
    context_of(call)->audit_quiet = strcmp(status.reason, EXTERNAL_LOGIN_UNKNOWN.reason) == 0;
    return status;
}

static sp_status person_obtain(rpc_call *call, const FinishExternalLoginRequest *request,
                               const external_attempt *attempt, const stored_provider *provider,
                               identity_person *ret_person)
{
    const IdentityProvider *settings = provider->message;
    identity_call asked = provider_call(call);
    const identity_proof proof = {
        .issuer = settings->issuer,
        .client_id = settings->client_id,
        .secret = provider->secret,
        .redirect_uri = attempt->redirect_uri,
        .code = request->code,
        .nonce = attempt->nonce,
        .verifier = attempt->verifier,
        .claim = *settings->claim ? settings->claim : DEFAULT_CLAIM,
    };

    return note_failure(identity_redeem(context_of(call)->sessions->options.identity, &proof, &asked, ret_person),
                        settings->issuer, &asked);
}

sp_status finish_external_login(rpc_call *call, const FinishExternalLoginRequest *request, LoginResponse *reply)
{
    call_context *context = context_of(call);
    stored_provider provider;
    external_attempt attempt;
    identity_person person;
    login_account who;
    sp_status status;

    context->audit_operator = "";
    context->audit_quiet = true;
    status = attempt_find(call, request, &attempt);
    if (!sp_failed(status))
        status = provider_in_use(call, &provider);
    if (!sp_failed(status))
        status = person_obtain(call, request, &attempt, &provider, &person);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "%s of %s", person.subject, provider.message->issuer);
    context->audit_operator = *person.username ? person.username : person.subject;
    context->audit_quiet = false;
    status = external_account_obtain(call, provider.message, &person, &who);
    if (sp_failed(status))
        return status;
    context->tx_enterprise_id = who.enterprise_id;
    context->audit_operator = who.username;
    call_audit_object(call, "user %s", who.username);
    return session_open(call, &who, reply);
}
