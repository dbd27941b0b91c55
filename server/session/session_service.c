/* Signing in and out, and the caller's own password. */
#include <stdio.h>
#include <string.h>

#include "external_login.h"
#include "session_store.h"
#include "smartpass/v1/session.names.h"
#include "smartpass/v1/session.rpc.h"
#include "timestamp.h"

/* A browser's token travels to its gateway beside the answer, where no script can see it. */
static bool travels_as_cookie(const rpc_call *call)
{
    const char *transport = rpc_call_metadata(call, "smartpass-session-transport");

    return call_caller(call)->through_gateway && transport && strcmp(transport, "cookie") == 0;
}

static void cookie_set(rpc_call *call, const char *token, int64_t expires_ms)
{
    char seconds[24];

    snprintf(seconds, sizeof seconds, "%lld", (long long)(expires_ms - call_now_ms(call)) / 1000);
    rpc_call_answer_metadata(call, "smartpass-session-token", token);
    rpc_call_answer_metadata(call, "smartpass-session-max-age", seconds);
}

static sp_status session_describe(rpc_call *call, const caller *known, int64_t expires_ms, Session *session)
{
    arena *a = rpc_call_arena(call);
    caller who = *known;
    session_user user;
    sp_status status = session_store_user(call, known, &user);

    if (!sp_failed(status))
        status = session_store_preferences(call, known, &session->preferences);
    if (sp_failed(status))
        return status;
    session_rights_take(&who, &user);
    session->user_id = who.user_id;
    session->username = arena_text(a, who.username);
    session->display_name = (char *)user.display_name;
    session->enterprise_id = who.enterprise_id;
    session->enterprise_name = (char *)user.enterprise_name;
    session->time_zone = (char *)user.time_zone;
    session->group_id = who.group_id;
    session->group_name = (char *)user.group_name;
    session->must_change_password = who.must_change_password;
    session->super_admin = who.super_admin;
    session->group_administrator = who.group_administrator;
    session->enterprise_administrator = who.enterprise_administrator;
    session->permissions = permission_list(&who, a, &session->n_permissions);
    session->expire_time = timestamp_or_null(a, expires_ms);
    return session->username && session->permissions && session->expire_time ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status session_new_for(rpc_call *call, Session **ret_session)
{
    static const Session empty = SESSION_INIT;
    Session *session = arena_alloc(rpc_call_arena(call), sizeof *session);

    if (!session)
        return OUT_OF_MEMORY;
    *session = empty;
    *ret_session = session;
    return SP_DONE;
}

sp_status session_open(rpc_call *call, const login_account *who, LoginResponse *reply)
{
    const caller known = {
        .kind = CALLER_USER,
        .enterprise_id = who->enterprise_id,
        .user_id = who->user_id,
        .username = who->username,
        .must_change_password = who->must_change_password,
        .super_admin = who->super_admin,
    };
    const char *token;
    int64_t expires_ms;
    sp_status status = session_store_note_login(call, who);

    if (!sp_failed(status))
        status = session_store_add(call, who, &token, &expires_ms);
    if (!sp_failed(status))
        status = session_new_for(call, &reply->session);
    if (!sp_failed(status))
        status = session_describe(call, &known, expires_ms, reply->session);
    if (sp_failed(status))
        return status;
    if (travels_as_cookie(call))
        cookie_set(call, token, expires_ms);
    else
        reply->token = (char *)token;
    return SP_DONE;
}

static sp_status login(rpc_call *call, const LoginRequest *request, LoginResponse *reply)
{
    login_account who;
    sp_status status = login_check(call, request->username, request->password, request->code, &who);

    call_audit_object(call, "user %s", request->username);
    if (sp_failed(status))
        return status;
    if (who.loopback_only && !call_caller(call)->loopback)
        return FIRST_LOGIN_LOOPBACK_ONLY;
    status = session_store_note_place(call, &who);
    return sp_failed(status) ? status : session_open(call, &who, reply);
}

static sp_status logout(rpc_call *call, const LogoutRequest *request, LogoutResponse *reply)
{
    sp_status status = session_store_remove(call);

    (void)request;
    (void)reply;
    call_audit_object(call, "user %s", call_caller(call)->username);
    if (!sp_failed(status) && travels_as_cookie(call))
        rpc_call_answer_metadata(call, "smartpass-session-max-age", "0");
    return status;
}

static sp_status get_session(rpc_call *call, const GetSessionRequest *request, Session *reply)
{
    (void)request;
    return session_describe(call, call_caller(call), context_of(call)->session_expires_ms, reply);
}

/* ---- Changing the password --------------------------------------------------------------------------------------- */

static const char *refusal_words(const char *reason)
{
    if (strcmp(reason, "PASSWORD_TOO_SHORT") == 0)
        return "A password has at least 12 characters.";
    if (strcmp(reason, "PASSWORD_TOO_COMMON") == 0)
        return "This is one of the passwords that are tried first.";
    return "This cannot be a password.";
}

static sp_status new_password_check(rpc_call *call, const ChangePasswordRequest *request)
{
    const char *reason;

    if (strcmp(request->new_password, request->old_password) == 0)
        return rpc_call_violation(call, "new_password", "PASSWORD_UNCHANGED", "The new password is the old one.");
    if (!password_acceptable(request->new_password, &reason))
        return rpc_call_violation(call, "new_password", reason, refusal_words(reason));
    return SP_DONE;
}

/* A browser gets a new token, so that whoever saw the old one is out too; an SDK, which could not be told, keeps its
 * own. */
static sp_status token_replace(rpc_call *call)
{
    call_context *context = context_of(call);
    login_account who = {.enterprise_id = context->who.enterprise_id, .user_id = context->who.user_id};
    const char *token;
    sp_status status;

    if (!travels_as_cookie(call))
        return SP_DONE;
    status = session_store_remove(call);
    if (!sp_failed(status))
        status = session_store_add(call, &who, &token, &context->session_expires_ms);
    if (!sp_failed(status))
        cookie_set(call, token, context->session_expires_ms);
    return status;
}

SP_STATUS(PASSWORD_ELSEWHERE, SP_FAILED_PRECONDITION,
          "This account has no password here: it signs in at the identity provider.");

static sp_status password_here(rpc_call *call, const char **ret_phc)
{
    sp_status status = session_store_password(call, ret_phc);

    if (!sp_failed(status))
        status = call_commit(call);
    return sp_failed(status) || **ret_phc ? status : PASSWORD_ELSEWHERE;
}

static sp_status change_password(rpc_call *call, const ChangePasswordRequest *request, ChangePasswordResponse *reply)
{
    call_context *context = context_of(call);
    char phc[PASSWORD_PHC_SIZE];
    const char *earlier_phc;
    sp_status status = password_here(call, &earlier_phc);

    call_audit_object(call, "user %s", context->who.username);
    if (!sp_failed(status))
        status = new_password_check(call, request);
    if (!sp_failed(status))
        status = session_check_own_password(call, "old_password", request->old_password);
    if (!sp_failed(status))
        status = password_hash(&context->sessions->options.passwords, request->new_password, phc);
    if (!sp_failed(status))
        status = session_store_set_password(call, earlier_phc, phc);
    if (!sp_failed(status))
        status = session_store_remove_others(call);
    if (!sp_failed(status))
        status = token_replace(call);
    if (sp_failed(status))
        return status;
    context->who.must_change_password = false;
    status = session_new_for(call, &reply->session);
    return sp_failed(status) ? status
                             : session_describe(call, &context->who, context->session_expires_ms, reply->session);
}

static const session_service HANDLERS = {
    .size = sizeof HANDLERS,
    .login = login,
    .logout = logout,
    .change_password = change_password,
    .get_session = get_session,
    .get_sign_in_options = get_sign_in_options,
    .start_external_login = start_external_login,
    .finish_external_login = finish_external_login,
    .get_identity_provider = get_identity_provider,
    .update_identity_provider = update_identity_provider,
};

void session_register(session_server *sessions, rpc_server *server)
{
    session_service_register(server, &HANDLERS, sessions);
}
