/* Users: deleting them and taking their passwords. */
#include <string.h>

#include "second_factor.h"
#include "session.h"
#include "smartpass/v1/users.names.h"
#include "timestamp.h"
#include "users_parts.h"

SP_STATUS(LAST_ADMINISTRATOR, SP_FAILED_PRECONDITION, "Somebody must go on administering the enterprise.");
SP_STATUS(USER_IS_EXTERNAL, SP_FAILED_PRECONDITION, "The user signs in through a provider, which has the password.");

static const char WELL_KNOWN[] = "123456";
static const int64_t WELL_KNOWN_MS = INT64_C(60) * 60 * 1000;

sp_status user_end_check(db_tx *tx, int64_t enterprise_id, const user_standing *before)
{
    bool has;
    sp_status status;

    if (!before->enterprise_administrator || before->disabled)
        return SP_DONE;
    status = user_store_has_administrator(tx, enterprise_id, &has);
    return sp_failed(status) || has ? status : LAST_ADMINISTRATOR;
}

/* The user whom the caller is about to end, found and judged. */
static sp_status user_take(rpc_call *call, int64_t id, db_tx **ret_tx, user_scope *ret_scope, User *ret_user,
                           user_standing *ret_standing)
{
    user_actor actor;
    sp_status status = users_actor(call, &actor);

    if (!sp_failed(status))
        status = users_scope_lock(call, ret_tx, ret_scope);
    if (!sp_failed(status))
        status = user_store_get(*ret_tx, ret_scope, id, ret_user, ret_standing);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "user %s", ret_user->username);
    return user_may_end(&actor, ret_standing);
}

sp_status user_delete(rpc_call *call, const DeleteUserRequest *request, DeleteUserResponse *reply)
{
    User user = USER_INIT;
    user_standing standing;
    user_scope scope;
    db_tx *tx;
    sp_status status = user_take(call, request->id, &tx, &scope, &user, &standing);

    (void)reply;
    if (sp_failed(status))
        return status;
    call_audit_before(call, &user.base);
    status = user_store_remove(tx, scope.enterprise_id, user.id);
    return sp_failed(status) ? status : user_end_check(tx, scope.enterprise_id, &standing);
}

/* ---- Reset ------------------------------------------------------------------------------------------------------- */

static sp_status password_make(rpc_call *call, bool well_known, char phc[PASSWORD_PHC_SIZE],
                               first_password *ret_password, ResetUserPasswordResponse *reply)
{
    const server_users *users = rpc_call_self(call);
    char password[ONE_TIME_PASSWORD_SIZE];
    sp_status status = SP_DONE;

    *ret_password = (first_password){phc, call_now_ms(call) + (well_known ? WELL_KNOWN_MS : ONE_TIME_PASSWORD_MS)};
    if (well_known)
        memcpy(password, WELL_KNOWN, sizeof WELL_KNOWN);
    else
        status = one_time_password_new(password);
    if (!sp_failed(status))
        status = password_hash(&users->options.passwords, password, phc);
    if (sp_failed(status))
        return status;
    reply->one_time_password = arena_text(rpc_call_arena(call), password);
    reply->expire_time = timestamp_or_null(rpc_call_arena(call), ret_password->expires_ms);
    explicit_bzero(password, sizeof password);
    return reply->one_time_password && reply->expire_time ? SP_DONE : OUT_OF_MEMORY;
}

/* The password before the sessions: a sign-in with the old one that is under way then either finds the new password,
 * or its session is there to be ended. A lost second factor goes with it. */
static sp_status password_replace(db_tx *tx, const user_scope *scope, int64_t id, const first_password *password)
{
    sp_status status = user_store_set_password(tx, scope->enterprise_id, id, password);

    if (!sp_failed(status))
        status = second_factor_remove(tx, scope->enterprise_id, id);
    return sp_failed(status) ? status : user_store_end_sessions(tx, scope->enterprise_id, id);
}

/* Judged twice: before the hash, so that nobody waits for a refusal, and after it, because it takes its time outside of
 * any transaction. What locked the account was counted for the old password. */
sp_status user_reset_password(rpc_call *call, const ResetUserPasswordRequest *request, ResetUserPasswordResponse *reply)
{
    const server_users *users = rpc_call_self(call);
    char phc[PASSWORD_PHC_SIZE];
    User user = USER_INIT;
    first_password password;
    user_standing standing;
    user_scope scope;
    bool well_known;
    db_tx *tx;
    sp_status status = user_take(call, request->id, &tx, &scope, &user, &standing);

    if (sp_failed(status))
        return status;
    if (user.external)
        return USER_IS_EXTERNAL;
    well_known = users->options.well_known_reset && !standing.group_administrator;
    status = call_commit(call);
    if (!sp_failed(status))
        status = password_make(call, well_known, phc, &password, reply);
    if (!sp_failed(status))
        status = session_lift_lockout(call, user.username);
    if (!sp_failed(status))
        status = user_take(call, request->id, &tx, &scope, &user, &standing);
    if (!sp_failed(status) && well_known && standing.group_administrator)
        status = DB_CONFLICT; /* became an administrator meanwhile */
    return sp_failed(status) ? status : password_replace(tx, &scope, user.id, &password);
}
