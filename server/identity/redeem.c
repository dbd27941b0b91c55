/* From the code that a browser brought back to a person. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "form.h"
#include "hash.h"
#include "id_token.h"
#include "identity_parts.h"

enum { URI_MAX = 8 * 1024, FORM_MAX = 16 * 1024, ACCESS_TOKEN_MAX = 16 * 1024 };

/* ---- Where the browser goes -------------------------------------------------------------------------------------- */

static bool challenge_add(byte_buffer *uri, const char *verifier)
{
    uint8_t hash[SHA256_SIZE];
    char challenge[BASE64URL_LENGTH(SHA256_SIZE) + 1];

    if (sp_failed(sha256_of(verifier, strlen(verifier), hash)))
        return false;
    base64url_encode(hash, sizeof hash, challenge);
    return form_add(uri, "code_challenge", challenge) && form_add(uri, "code_challenge_method", "S256");
}

const char *identity_authorization_uri(const provider_configuration *configuration, const identity_request *request,
                                       arena *a)
{
    const char *endpoint = configuration->authorization_endpoint, *text = NULL;
    byte_buffer uri;

    byte_buffer_init(&uri, URI_MAX);
    if (byte_buffer_append_text(&uri, endpoint) && (strchr(endpoint, '?') || byte_buffer_append_text(&uri, "?")) &&
        form_add(&uri, "response_type", "code") && form_add(&uri, "client_id", request->client_id) &&
        form_add(&uri, "redirect_uri", request->redirect_uri) && form_add(&uri, "scope", request->scopes) &&
        form_add(&uri, "state", request->state) && form_add(&uri, "nonce", request->nonce) &&
        challenge_add(&uri, request->verifier))
        text = arena_copy(a, uri.data, uri.size);
    byte_buffer_done(&uri);
    return text;
}

/* ---- The token request ------------------------------------------------------------------------------------------- */

static bool form_fill(byte_buffer *form, const identity_proof *proof, bool id_in_form, bool secret_in_form)
{
    return form_add(form, "grant_type", "authorization_code") && form_add(form, "code", proof->code) &&
           form_add(form, "redirect_uri", proof->redirect_uri) && form_add(form, "code_verifier", proof->verifier) &&
           (!id_in_form || form_add(form, "client_id", proof->client_id)) &&
           (!secret_in_form || form_add(form, "client_secret", proof->secret));
}

static char *base64_text(const byte_buffer *bytes, arena *a)
{
    size_t length = BASE64URL_LENGTH(bytes->size), padded = (bytes->size + 2) / 3 * 4;
    char *text = arena_alloc(a, padded + 1);

    if (!text)
        return NULL;
    base64url_encode(bytes->data, bytes->size, text);
    for (char *c = text; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    memset(text + length, '=', padded - length);
    return text;
}

/* RFC 6749, 2.3.1: both are form-encoded before they are joined. NULL when memory is out. */
static const char *basic_of(const identity_proof *proof, arena *a)
{
    const char *text = NULL, *encoded;
    byte_buffer both;

    byte_buffer_init(&both, FORM_MAX);
    if (form_encode(&both, proof->client_id) && byte_buffer_append_text(&both, ":") &&
        form_encode(&both, proof->secret) && (encoded = base64_text(&both, a)) != NULL)
        text = arena_printf(a, "Basic %s", encoded);
    if (both.data)
        explicit_bzero(both.data, both.size);
    byte_buffer_done(&both);
    return text;
}

static sp_status tokens_ask(identity_client *client, const provider_configuration *configuration,
                            const identity_proof *proof, identity_call *call, https_answer *ret_answer)
{
    bool has_secret = *proof->secret, secret_in_form = has_secret && configuration->secret_in_form;
    bool basic = has_secret && !secret_in_form;
    byte_buffer form;
    https_request request = {.url = configuration->token_endpoint};
    sp_status status = OUT_OF_MEMORY;

    byte_buffer_init(&form, FORM_MAX);
    if (basic)
        request.authorization = basic_of(proof, call->memory);
    if (form_fill(&form, proof, !basic, secret_in_form) && (!basic || request.authorization)) {
        request.form = (const char *)form.data;
        status = provider_ask(client, &request, call, ret_answer);
    }
    if (form.data)
        explicit_bzero(form.data, form.size);
    byte_buffer_done(&form);
    return status;
}

/* It travels in a header, so it must be one word of visible characters. */
static bool access_token_is_legal(const char *token)
{
    size_t length = strlen(token);

    for (const char *c = token; *c; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    return length <= ACCESS_TOKEN_MAX;
}

typedef struct {
    const char *id_token;
    const char *access_token; /* "": none */
} tokens;

static sp_status tokens_read(const https_answer *answer, identity_call *call, tokens *ret_tokens)
{
    json_members members;

    if (answer->status >= 400 && answer->status < 500) {
        call->why = "it refused the code";
        return EXTERNAL_CODE_REFUSED;
    }
    call->why = "its answer to the code is malformed";
    if (answer->status != 200 || !json_members_read(answer->body, answer->size, call->memory, &members))
        return PROVIDER_MALFORMED;
    ret_tokens->id_token = json_member_text(&members, "id_token");
    ret_tokens->access_token = json_member_text(&members, "access_token");
    if (!*ret_tokens->id_token || !access_token_is_legal(ret_tokens->access_token))
        return PROVIDER_MALFORMED;
    call->why = "";
    return SP_DONE;
}

/* ---- Who it is --------------------------------------------------------------------------------------------------- */

/* The claims of the ID token, once they have proved to be the provider's and meant for us. */
static sp_status claims_prove(identity_client *client, const provider_configuration *configuration,
                              const identity_proof *proof, const tokens *given, identity_call *call,
                              json_members *ret_claims)
{
    id_token_expected expected = {
        .issuer = proof->issuer,
        .client_id = proof->client_id,
        .nonce = proof->nonce,
        .access_token = given->access_token,
        .now_ms = clock_now_ms(),
    };
    jws_content content;
    const char *fault;
    sp_status status = provider_open_token(client, configuration->keys_uri, given->id_token, call, &content);

    if (strcmp(status.reason, SIGNING_KEY_UNKNOWN.reason) == 0)
        return ID_TOKEN_REFUSED;
    if (sp_failed(status))
        return status;
    expected.algorithm = content.algorithm;
    fault = json_members_read(content.payload, content.size, call->memory, ret_claims)
                ? id_token_fault(ret_claims, &expected)
                : "its content is no JSON object";
    if (!fault)
        return SP_DONE;
    call->why = fault;
    return ID_TOKEN_REFUSED;
}

static const char *text_of_either(const json_members *first, const json_members *second, const char *name)
{
    const char *text = json_member_text(first, name);

    return *text ? text : json_member_text(second, name);
}

static sp_status person_from(const json_members *token, const json_members *userinfo, const char *claim,
                             identity_person *ret_person)
{
    const json_members *source = json_member_find(token, claim) ? token : userinfo;

    *ret_person = (identity_person){
        .subject = json_member_text(token, "sub"),
        .username = text_of_either(token, userinfo, "preferred_username"),
        .email = text_of_either(token, userinfo, "email"),
        .name = text_of_either(token, userinfo, "name"),
    };
    return json_member_texts(source, claim, &ret_person->values) ? SP_DONE : OUT_OF_MEMORY;
}

/* What it says counts only for the subject whom the ID token has proved. */
static sp_status userinfo_ask(identity_client *client, const char *endpoint, const char *access_token,
                              const char *subject, identity_call *call, json_members *ret_members)
{
    https_request request = {.url = endpoint, .authorization = arena_printf(call->memory, "Bearer %s", access_token)};
    https_answer answer;
    sp_status status = request.authorization ? provider_ask(client, &request, call, &answer) : OUT_OF_MEMORY;

    if (sp_failed(status))
        return status;
    if (answer.status != 200 || !json_members_read(answer.body, answer.size, call->memory, ret_members)) {
        call->why = "it does not say more about the user";
        return PROVIDER_MALFORMED;
    }
    if (strcmp(json_member_text(ret_members, "sub"), subject) == 0)
        return SP_DONE;
    call->why = "it speaks of another user";
    return ID_TOKEN_REFUSED;
}

static bool says_enough(const json_members *claims, const char *claim)
{
    return json_member_find(claims, claim) && json_member_find(claims, "preferred_username");
}

static sp_status redeem(identity_client *client, const identity_proof *proof, identity_call *call,
                        identity_person *ret_person)
{
    provider_configuration configuration;
    json_members claims, userinfo = {0};
    https_answer answer;
    tokens given;
    sp_status status = configuration_obtain(client, proof->issuer, /* fresh= */ false, call, &configuration);

    if (!sp_failed(status))
        status = tokens_ask(client, &configuration, proof, call, &answer);
    if (!sp_failed(status))
        status = tokens_read(&answer, call, &given);
    if (!sp_failed(status))
        status = claims_prove(client, &configuration, proof, &given, call, &claims);
    if (!sp_failed(status) && *configuration.userinfo_endpoint && *given.access_token &&
        !says_enough(&claims, proof->claim))
        status = userinfo_ask(client, configuration.userinfo_endpoint, given.access_token,
                              json_member_text(&claims, "sub"), call, &userinfo);
    return sp_failed(status) ? status : person_from(&claims, &userinfo, proof->claim, ret_person);
}

sp_status identity_redeem(identity_client *client, const identity_proof *proof, identity_call *call,
                          identity_person *ret_person)
{
    sp_status status;

    call->why = "";
    if (!client_enter(client))
        return PROVIDER_BUSY;
    status = redeem(client, proof, call, ret_person);
    client_leave(client);
    return status;
}
