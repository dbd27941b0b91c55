/* API tokens: bearers that speak for a user within some of his permissions, until they expire. */
#pragma once

#include "call.h"
#include "token.h"

/* Says to people and to programs that look for leaked secrets what it is. */
#define API_TOKEN_PREFIX "spt_"

enum { API_TOKEN_TEXT_SIZE = sizeof API_TOKEN_PREFIX - 1 + TOKEN_TEXT_SIZE };

/* A new secret, and the hash by which it is known again. */
sp_status api_token_new(char ret_text[API_TOKEN_TEXT_SIZE], uint8_t ret_sha256[SHA256_SIZE]) SP_MUST_USE;

/* By its looks alone; a bearer of another kind is a session's. */
bool api_token_is_one(const char *bearer);

/* Its row, with the columns of a session's and its own; notes the use, at most once a minute. SESSION_EXPIRED when it
 * is unknown, over, or its owner is disabled. tx is of the role system. */
sp_status api_token_look_up(db_tx *tx, const uint8_t sha256[SHA256_SIZE], const char *address, int64_t now_ms,
                            db_rows *ret_rows) SP_MUST_USE;

/* Makes of the owner, as read from that row, who calls with his token: with what both may do, and no administrator. */
sp_status api_token_narrow(const db_rows *rows, arena *a, caller *who) SP_MUST_USE;
