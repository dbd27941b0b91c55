/* The caller's own account: profile and preferences, sessions, second factor, tokens for integrations. */
#pragma once

#include "rpc.h"

SP_STATUS(SESSION_NOT_FOUND, SP_NOT_FOUND, "The caller has no such session.");
SP_STATUS(ACCOUNT_EXTERNAL, SP_FAILED_PRECONDITION,
          "This account signs in at its provider, which asks for more there.");
SP_STATUS(TOKEN_NOT_FOUND, SP_NOT_FOUND, "The caller has no such token.");
SP_STATUS(TOKENS_TOO_MANY, SP_FAILED_PRECONDITION, "There are 20 tokens already; delete one first.");

/* The AccountService. */
void account_register(rpc_server *server);
