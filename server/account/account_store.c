#include "account_store.h"

#include <string.h>

#include "preferences.h"
#include "server_account_sql.h"
#include "session.h"
#include "timestamp.h"

/* ---- Profile ----------------------------------------------------------------------------------------------------- */

sp_status account_store_get(rpc_call *call, Profile *profile)
{
    const caller *who = call_caller(call);
    const uint8_t *packed;
    size_t size;
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_GET, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return SESSION_NOT_FOUND; /* deleted in this moment, and his sessions with him */
    profile->username = (char *)db_row_text(&rows, 0, 0);
    profile->display_name = (char *)db_row_text(&rows, 0, 1);
    profile->enterprise_name = (char *)db_row_text(&rows, 0, 2);
    profile->group_name = (char *)db_row_text(&rows, 0, 3);
    profile->role_name = (char *)db_row_text(&rows, 0, 4);
    profile->second_factor = db_row_bool(&rows, 0, 5);
    profile->recovery_codes = (int32_t)db_row_int(&rows, 0, 6);
    profile->external = db_row_bool(&rows, 0, 7);
    packed = db_row_bytes(&rows, 0, 8, &size);
    return preferences_read(rpc_call_arena(call), packed, size, &profile->preferences);
}

sp_status account_store_set(rpc_call *call, const char *display_name, const Preferences *preferences)
{
    const caller *who = call_caller(call);
    db_arg packed = db_null();
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (sp_failed(status))
        return status;
    if (preferences) {
        size_t size = protobuf_c_message_get_packed_size(&preferences->base);
        uint8_t *bytes = arena_alloc(rpc_call_arena(call), size);

        if (!bytes)
            return OUT_OF_MEMORY;
        packed = db_bytes(bytes, protobuf_c_message_pack(&preferences->base, bytes));
    }
    return db_query(tx, SQL_ACCOUNT_SET,
                    DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_text(display_name), packed), NULL);
}

/* ---- Sessions ---------------------------------------------------------------------------------------------------- */

static ActiveSession *session_from_row(const rpc_call *call, const db_rows *rows, int row, arena *a)
{
    static const ActiveSession empty = ACTIVE_SESSION_INIT;
    ActiveSession *session = arena_alloc(a, sizeof *session);

    if (!session)
        return NULL;
    *session = empty;
    session->id = db_row_int(rows, row, 0);
    session->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 1));
    session->last_used_time = timestamp_or_null(a, db_row_time_ms(rows, row, 2));
    session->expire_time = timestamp_or_null(a, db_row_time_ms(rows, row, 3));
    session->address = (char *)db_row_text(rows, row, 4);
    session->user_agent = (char *)db_row_text(rows, row, 5);
    session->current = session->id == call_caller(call)->session_id;
    return session;
}

sp_status account_store_sessions(rpc_call *call, ActiveSession ***ret_sessions, size_t *ret_count)
{
    const caller *who = call_caller(call);
    int64_t now_ms = call_now_ms(call);
    ActiveSession **sessions;
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_SESSIONS,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_time(now_ms),
                                  db_time(now_ms - session_idle_ms(call))),
                          &rows);
    if (sp_failed(status))
        return status;
    sessions = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *sessions);
    for (int i = 0; sessions && i < rows.count; i++)
        if (!(sessions[i] = session_from_row(call, &rows, i, db_tx_arena(tx))))
            sessions = NULL;
    *ret_sessions = sessions;
    *ret_count = (size_t)rows.count;
    return sessions ? SP_DONE : OUT_OF_MEMORY;
}

sp_status account_store_end_session(rpc_call *call, int64_t id, const char **ret_address)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_SESSION_REMOVE,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_int64(id)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return SESSION_NOT_FOUND;
    *ret_address = db_row_text(&rows, 0, 0);
    return SP_DONE;
}

/* ---- Tokens ------------------------------------------------------------------------------------------------------ */

static Token *token_from_row(const db_rows *rows, int row, arena *a)
{
    static const Token empty = TOKEN_INIT;
    Token *token = arena_alloc(a, sizeof *token);
    text_list permissions;

    if (!token || sp_failed(db_row_texts(rows, row, 2, a, &permissions)))
        return NULL;
    *token = empty;
    token->id = db_row_int(rows, row, 0);
    token->name = (char *)db_row_text(rows, row, 1);
    token->permissions = permissions.texts;
    token->n_permissions = permissions.count;
    token->expire_time = timestamp_or_null(a, db_row_time_ms(rows, row, 3));
    token->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 4));
    token->last_used_time = timestamp_or_null(a, db_row_time_ms(rows, row, 5));
    token->last_used_address = (char *)db_row_text(rows, row, 6);
    return token;
}

sp_status account_store_tokens(rpc_call *call, Token ***ret_tokens, size_t *ret_count)
{
    const caller *who = call_caller(call);
    Token **tokens;
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_TOKENS, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);
    if (sp_failed(status))
        return status;
    tokens = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *tokens);
    for (int i = 0; tokens && i < rows.count; i++)
        if (!(tokens[i] = token_from_row(&rows, i, db_tx_arena(tx))))
            tokens = NULL;
    *ret_tokens = tokens;
    *ret_count = (size_t)rows.count;
    return tokens ? SP_DONE : OUT_OF_MEMORY;
}

sp_status account_store_count_tokens(rpc_call *call, int64_t *ret_count)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_HOLD, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), NULL);
    if (!sp_failed(status))
        status =
            db_query(tx, SQL_ACCOUNT_TOKEN_COUNT, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);
    if (!sp_failed(status))
        *ret_count = db_row_int(&rows, 0, 0);
    return status;
}

sp_status account_store_add_token(rpc_call *call, const Token *token, const uint8_t *sha256, bool *ret_taken)
{
    const caller *who = call_caller(call);
    db_column permissions;
    int64_t expires_ms;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (sp_failed(status))
        return status;
    db_column_init(&permissions, db_tx_arena(tx), DB_COLUMN_TEXT);
    for (size_t i = 0; i < token->n_permissions; i++)
        db_column_text(&permissions, token->permissions[i]);
    if (!timestamp_to_ms(token->expire_time, &expires_ms))
        return DB_VALUE_REFUSED;
    status = db_query(tx, SQL_ACCOUNT_TOKEN_ADD,
                      DB_ARGS(db_bytes(sha256, SHA256_SIZE), db_int64(who->enterprise_id), db_int64(token->id),
                              db_int64(who->user_id), db_text(token->name), db_column_arg(&permissions),
                              db_time(call_now_ms(call)), db_time(expires_ms)),
                      NULL);
    *ret_taken = strcmp(db_constraint(tx), "api_token_name") == 0;
    return status;
}

sp_status account_store_remove_token(rpc_call *call, int64_t id, const char **ret_name)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_ACCOUNT_TOKEN_REMOVE,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_int64(id)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return TOKEN_NOT_FOUND;
    *ret_name = db_row_text(&rows, 0, 0);
    return SP_DONE;
}
