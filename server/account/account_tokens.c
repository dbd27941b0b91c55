/* Tokens for integrations: the handlers. Who calls with one is found by the session's part of the server. */
#include <stdlib.h>
#include <string.h>

#include "account_rules.h"
#include "account_store.h"
#include "api_token.h"
#include "field.h"
#include "id.h"
#include "permissions.h"
#include "timestamp.h"

enum { TOKENS_MAX = 20 }; /* of one user */

sp_status account_list_tokens(rpc_call *call, const ListTokensRequest *request, ListTokensResponse *reply)
{
    (void)request;
    return account_store_tokens(call, &reply->tokens, &reply->n_tokens);
}

/* ---- Making one -------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once. */
static sp_status permissions_take(rpc_call *call, const Token *from, Token *token)
{
    size_t held_count, count = 0;
    char **held = permission_list(call_caller(call), rpc_call_arena(call), &held_count);
    char **sorted = arena_array(rpc_call_arena(call), from->n_permissions, sizeof *sorted);

    if (!held || !sorted)
        return OUT_OF_MEMORY;
    if (from->n_permissions == 0)
        return rpc_call_violation(call, "token.permissions", "FIELD_REQUIRED", "A token is for something.");
    memcpy(sorted, from->permissions, from->n_permissions * sizeof *sorted);
    qsort(sorted, from->n_permissions, sizeof *sorted, compare);
    for (size_t i = 0; i < from->n_permissions; i++) {
        if (!bsearch(&sorted[i], held, held_count, sizeof *held, compare))
            return rpc_call_violation(call, "token.permissions", "PERMISSION_NOT_HELD",
                                      "A token has no permission that its owner does not have.");
        if (count == 0 || strcmp(sorted[count - 1], sorted[i]) != 0)
            sorted[count++] = sorted[i];
    }
    token->permissions = sorted;
    token->n_permissions = count;
    return SP_DONE;
}

static sp_status expiry_take(rpc_call *call, const Token *from, Token *token)
{
    account_fault fault;
    int64_t expires_ms;

    if (!from->expire_time)
        return rpc_call_violation(call, "token.expire_time", "FIELD_REQUIRED", "This must be filled in.");
    if (!timestamp_to_ms(from->expire_time, &expires_ms))
        return rpc_call_violation(call, "token.expire_time", "VALUE_INVALID", "This is no time.");
    fault = token_expiry_fault(expires_ms, call_now_ms(call));
    if (fault.reason)
        return rpc_call_violation(call, "token.expire_time", fault.reason, fault.sentence);
    token->expire_time = timestamp_or_null(rpc_call_arena(call), expires_ms);
    token->create_time = timestamp_or_null(rpc_call_arena(call), call_now_ms(call));
    return token->expire_time && token->create_time ? SP_DONE : OUT_OF_MEMORY;
}

/* All faults at once, so that a form can show them together. */
static sp_status token_take(rpc_call *call, const Token *from, Token **ret_token)
{
    static const Token empty = TOKEN_INIT;
    Token *token = arena_alloc(rpc_call_arena(call), sizeof *token);
    sp_status status;

    if (!from)
        return rpc_call_violation(call, "token", "FIELD_REQUIRED", "The token is missing.");
    if (!token)
        return OUT_OF_MEMORY;
    *token = empty;
    token->id = id_next();
    token->name = from->name;
    status = field_take_line(call, "token.name", &token->name, true);
    status = sp_first_failure(status, permissions_take(call, from, token));
    status = sp_first_failure(status, expiry_take(call, from, token));
    *ret_token = token;
    return status;
}

static sp_status token_add(rpc_call *call, const Token *token, const uint8_t *sha256)
{
    bool taken = false;
    int64_t count;
    sp_status status = account_store_count_tokens(call, &count);

    if (sp_failed(status))
        return status;
    if (count >= TOKENS_MAX)
        return TOKENS_TOO_MANY;
    status = account_store_add_token(call, token, sha256, &taken);
    return taken ? rpc_call_violation(call, "token.name", "NAME_TAKEN", "There is a token of this name already.")
                 : status;
}

sp_status account_create_token(rpc_call *call, const CreateTokenRequest *request, CreateTokenResponse *reply)
{
    char *secret = arena_alloc(rpc_call_arena(call), API_TOKEN_TEXT_SIZE);
    uint8_t sha256[SHA256_SIZE];
    Token *token;
    sp_status status = secret ? token_take(call, request->token, &token) : OUT_OF_MEMORY;

    if (request->token)
        call_audit_object(call, "token %s", request->token->name);
    if (!sp_failed(status))
        status = api_token_new(secret, sha256);
    if (!sp_failed(status))
        status = token_add(call, token, sha256);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "token %s", token->name);
    call_audit_after(call, &token->base);
    reply->token = token;
    reply->secret = secret;
    return SP_DONE;
}

sp_status account_delete_token(rpc_call *call, const DeleteTokenRequest *request, DeleteTokenResponse *reply)
{
    const char *name;
    sp_status status;

    (void)reply;
    call_audit_object(call, "token %lld", (long long)request->id);
    status = account_store_remove_token(call, request->id, &name);
    if (!sp_failed(status))
        call_audit_object(call, "token %s", name);
    return status;
}
