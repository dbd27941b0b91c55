/* The SQL of the own account; each in the call's transaction. */
#pragma once

#include "account_parts.h"

sp_status account_store_get(rpc_call *call, Profile *profile);

/* Preferences NULL: as they are. */
sp_status account_store_set(rpc_call *call, const char *display_name, const Preferences *preferences);

sp_status account_store_sessions(rpc_call *call, ActiveSession ***ret_sessions, size_t *ret_count);
/* SESSION_NOT_FOUND when it is not the caller's. */
sp_status account_store_end_session(rpc_call *call, int64_t id, const char **ret_address);

sp_status account_store_tokens(rpc_call *call, Token ***ret_tokens, size_t *ret_count);
/* How many the caller has; nobody adds one to them until the transaction has ended. */
sp_status account_store_count_tokens(rpc_call *call, int64_t *ret_count);
/* *ret_taken: the caller has one of this name; the transaction is then useless. */
sp_status account_store_add_token(rpc_call *call, const Token *token, const uint8_t *sha256, bool *ret_taken);
/* TOKEN_NOT_FOUND when it is not the caller's. */
sp_status account_store_remove_token(rpc_call *call, int64_t id, const char **ret_name);
