#include "session_store.h"

#include <string.h>

#include "id.h"
#include "lockout.h"
#include "server_session_sql.h"
#include "text.h"
#include "token.h"

sp_status session_store_note_login(rpc_call *call, const login_account *who)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_SESSION_NOTE_LOGIN,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_time(call_now_ms(call)),
                                  db_text(who->phc)),
                          &rows);
    return sp_failed(status) || rows.affected == 1 ? status : DB_CONFLICT;
}

sp_status session_store_note_place(rpc_call *call, const login_account *who)
{
    char place[LOCKOUT_PLACE_SIZE];
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    lockout_place(call_caller(call)->address, place);
    if (sp_failed(status))
        return status;
    return db_query(
        tx, SQL_SESSION_PLACE_NOTE,
        DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_text(place), db_time(call_now_ms(call))),
        NULL);
}

sp_status session_store_add(rpc_call *call, const login_account *who, const char **ret_token, int64_t *ret_expires_ms)
{
    const char *user_agent = rpc_call_metadata(call, "smartpass-user-agent");
    const caller *from = call_caller(call);
    int64_t expires_ms = call_now_ms(call) + context_of(call)->sessions->options.total_ms;
    char *token = arena_alloc(rpc_call_arena(call), TOKEN_TEXT_SIZE);
    uint8_t token_sha256[SHA256_SIZE];
    db_tx *tx;
    sp_status status = token ? token_new(token, token_sha256) : OUT_OF_MEMORY;

    if (!user_agent)
        user_agent = rpc_call_metadata(call, "user-agent");
    if (!user_agent || !utf8_is_valid(user_agent, strlen(user_agent)))
        user_agent = "";
    if (!sp_failed(status))
        status = call_tx(call, &tx);
    if (!sp_failed(status))
        status = db_query(tx, SQL_SESSION_ADD,
                          DB_ARGS(db_bytes(token_sha256, SHA256_SIZE), db_int64(who->enterprise_id),
                                  db_int64(who->user_id), db_time(call_now_ms(call)), db_time(expires_ms),
                                  db_text(from->address), db_text(user_agent), db_int64(id_next())),
                          NULL);
    if (sp_failed(status))
        return status;
    *ret_token = token;
    *ret_expires_ms = expires_ms;
    return SP_DONE;
}

sp_status session_store_remove(rpc_call *call)
{
    call_context *context = context_of(call);
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_SESSION_REMOVE,
                    DB_ARGS(db_int64(context->who.enterprise_id), db_bytes(context->token_sha256, SHA256_SIZE)), NULL);
}

sp_status session_store_remove_others(rpc_call *call)
{
    call_context *context = context_of(call);
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_SESSION_REMOVE_OTHERS,
                    DB_ARGS(db_int64(context->who.enterprise_id), db_int64(context->who.user_id),
                            db_bytes(context->token_sha256, SHA256_SIZE)),
                    NULL);
}

sp_status session_store_user(rpc_call *call, const caller *who, session_user *ret_user)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status =
            db_query(tx, SQL_SESSION_USER_GET, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return SESSION_EXPIRED; /* deleted meanwhile */
    *ret_user = (session_user){
        .enterprise_name = db_row_text(&rows, 0, 0),
        .time_zone = db_row_text(&rows, 0, 1),
        .display_name = db_row_text(&rows, 0, 2),
        .group_id = db_row_int(&rows, 0, 3),
        .group_name = db_row_text(&rows, 0, 4),
        .group_administrator = db_row_bool(&rows, 0, 5),
        .in_root = db_row_bool(&rows, 0, 6),
    };
    return db_row_texts(&rows, 0, 7, rpc_call_arena(call), &ret_user->role_permissions);
}

sp_status session_store_preferences(rpc_call *call, const caller *who, Smartpass__V1__Preferences **ret_preferences)
{
    const uint8_t *packed = NULL;
    size_t size = 0;
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status =
            db_query(tx, SQL_SESSION_PREFERENCES, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count > 0)
        packed = db_row_bytes(&rows, 0, 0, &size);
    return preferences_read(rpc_call_arena(call), packed, size, ret_preferences);
}

void session_rights_take(caller *who, const session_user *user)
{
    who->group_id = user->group_id;
    if (who->token_id != 0)
        return;
    who->group_administrator = user->group_administrator;
    who->enterprise_administrator = who->super_admin || (user->group_administrator && user->in_root);
    who->role_permissions = user->role_permissions;
}

sp_status session_store_password(rpc_call *call, const char **ret_phc)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_SESSION_PASSWORD_GET, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)),
                          &rows);
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return SESSION_EXPIRED;
    *ret_phc = db_row_text(&rows, 0, 0);
    return SP_DONE;
}

sp_status session_store_set_password(rpc_call *call, const char *earlier_phc, const char *phc)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(
            tx, SQL_SESSION_PASSWORD_SET,
            DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_text(phc), db_text(earlier_phc)), &rows);
    return sp_failed(status) || rows.affected == 1 ? status : DB_CONFLICT;
}
