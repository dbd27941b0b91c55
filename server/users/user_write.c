/* Users: creating and changing them. */
#include <string.h>

#include "field.h"
#include "id.h"
#include "role_store.h"
#include "smartpass/v1/users.names.h"
#include "timestamp.h"
#include "users_parts.h"

/* ---- What the request says --------------------------------------------------------------------------------------- */

/* All faults at once, so that a form can show them together. ret_user is a copy of what may be written. */
static sp_status user_take(rpc_call *call, const User *from, bool is_new, User **ret_user)
{
    User *user = arena_alloc(rpc_call_arena(call), sizeof *user);
    sp_status status = SP_DONE;

    if (!user)
        return OUT_OF_MEMORY;
    *user = (User)USER_INIT;
    user->id = from->id;
    user->username = from->username;
    user->display_name = from->display_name;
    user->group_id = from->group_id ? from->group_id : call_caller(call)->group_id;
    user->group_administrator = from->group_administrator;
    user->role_id = from->role_id;
    user->disabled = from->disabled;
    *ret_user = user;
    if (is_new)
        status = field_check_username(call, "user.username", from->username);
    status = sp_first_failure(status, field_take_line(call, "user.display_name", &user->display_name, false));
    if (!from->group_administrator && from->role_id == 0)
        status = sp_first_failure(status, rpc_call_violation(call, "user.role_id", "FIELD_REQUIRED",
                                                             "Whoever is no administrator needs a role."));
    if (from->group_administrator && from->role_id != 0)
        status = sp_first_failure(
            status, rpc_call_violation(call, "user.role_id", "VALUE_INVALID", "An administrator has no role."));
    return status;
}

static sp_status role_take(rpc_call *call, db_tx *tx, const user_scope *scope, const User *user, text_list *ret_list)
{
    Role role = ROLE_INIT;
    sp_status status;

    *ret_list = (text_list){0};
    if (user->group_administrator)
        return SP_DONE;
    status = role_store_get(tx, scope->enterprise_id, user->role_id, &role);
    if (strcmp(status.reason, ROLE_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "user.role_id", "ROLE_UNKNOWN", "There is no such role.");
    *ret_list = (text_list){role.permissions, role.n_permissions};
    return status;
}

/* How the user is to stand; group and role must exist. */
static sp_status standing_take(rpc_call *call, db_tx *tx, const user_scope *scope, const User *user,
                               user_standing *ret_standing)
{
    bool has_group;
    sp_status status = user_store_has_group(tx, scope, user->group_id, &has_group);

    if (!sp_failed(status) && !has_group)
        status = rpc_call_violation(call, "user.group_id", "GROUP_UNKNOWN", "There is no such group.");
    *ret_standing = (user_standing){
        .id = user->id,
        .group_id = user->group_id,
        .role_id = user->role_id,
        .group_administrator = user->group_administrator,
        .disabled = user->disabled,
    };
    return sp_failed(status) ? status : role_take(call, tx, scope, user, &ret_standing->permissions);
}

/* ---- Creating ---------------------------------------------------------------------------------------------------- */

static const char *refusal_words(const char *reason)
{
    if (strcmp(reason, "PASSWORD_TOO_SHORT") == 0)
        return "A password has at least 12 characters.";
    if (strcmp(reason, "PASSWORD_TOO_COMMON") == 0)
        return "This is one of the passwords that are tried first.";
    return "This cannot be a password.";
}

/* The chosen one, or a random one that the reply tells. No transaction may be open: the hash takes its time. */
static sp_status password_make(rpc_call *call, const char *chosen, char phc[PASSWORD_PHC_SIZE],
                               first_password *ret_password, CreateUserResponse *reply)
{
    const server_users *users = rpc_call_self(call);
    char random[ONE_TIME_PASSWORD_SIZE];
    const char *reason;
    sp_status status;

    *ret_password = (first_password){.phc = phc};
    if (*chosen && !password_acceptable(chosen, &reason))
        return rpc_call_violation(call, "password", reason, refusal_words(reason));
    if (*chosen)
        return password_hash(&users->options.passwords, chosen, phc);
    ret_password->expires_ms = call_now_ms(call) + ONE_TIME_PASSWORD_MS;
    status = one_time_password_new(random);
    if (!sp_failed(status))
        status = password_hash(&users->options.passwords, random, phc);
    if (sp_failed(status))
        return status;
    reply->one_time_password = arena_text(rpc_call_arena(call), random);
    reply->one_time_password_expire_time = timestamp_or_null(rpc_call_arena(call), ret_password->expires_ms);
    explicit_bzero(random, sizeof random);
    return reply->one_time_password && reply->one_time_password_expire_time ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status user_insert(rpc_call *call, const User *user, const first_password *password, User *ret_user)
{
    user_standing wanted;
    user_actor actor;
    user_scope scope;
    bool taken = false;
    db_tx *tx;
    sp_status status = users_actor(call, &actor);

    if (!sp_failed(status))
        status = users_scope_lock(call, &tx, &scope);
    if (!sp_failed(status))
        status = standing_take(call, tx, &scope, user, &wanted);
    if (!sp_failed(status))
        status = user_may_give(&actor, &wanted);
    if (!sp_failed(status))
        status = user_store_add(tx, scope.enterprise_id, user, password, call_now_ms(call), &taken);
    if (taken)
        return rpc_call_violation(call, "user.username", "USERNAME_TAKEN", "Somebody has this user name already.");
    return sp_failed(status) ? status : user_store_get(tx, &scope, user->id, ret_user, NULL);
}

sp_status user_create(rpc_call *call, const CreateUserRequest *request, CreateUserResponse *reply)
{
    char phc[PASSWORD_PHC_SIZE];
    first_password password;
    User *user;
    sp_status status = user_take(call, request->user, true, &user);

    call_audit_object(call, "user %s", request->user->username);
    if (!sp_failed(status))
        status = password_make(call, request->password, phc, &password, reply);
    if (sp_failed(status))
        return status;
    reply->user = arena_alloc(rpc_call_arena(call), sizeof *reply->user);
    if (!reply->user)
        return OUT_OF_MEMORY;
    user->id = id_next();
    status = user_insert(call, user, &password, reply->user);
    if (!sp_failed(status))
        call_audit_after(call, &reply->user->base);
    return status;
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

/* Whoever could do more, or elsewhere, a moment ago signs in anew. */
static sp_status user_replace(rpc_call *call, db_tx *tx, const user_scope *scope, const User *user,
                              const user_standing *before, const user_standing *after)
{
    sp_status status = user_store_set(tx, scope->enterprise_id, user, call_now_ms(call));

    if (!sp_failed(status) && user_rights_differ(before, after))
        status = user_store_end_sessions(tx, scope->enterprise_id, user->id);
    return sp_failed(status) ? status : user_end_check(tx, scope->enterprise_id, before);
}

sp_status user_update(rpc_call *call, const UpdateUserRequest *request, User *reply)
{
    user_standing before, after;
    User earlier = USER_INIT, *user;
    user_actor actor;
    user_scope scope;
    db_tx *tx;
    sp_status status = user_take(call, request->user, false, &user);

    if (!sp_failed(status))
        status = users_actor(call, &actor);
    if (!sp_failed(status))
        status = users_scope_lock(call, &tx, &scope);
    if (!sp_failed(status))
        status = user_store_get(tx, &scope, user->id, &earlier, &before);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "user %s", earlier.username);
    call_audit_before(call, &earlier.base);
    status = standing_take(call, tx, &scope, user, &after);
    if (!sp_failed(status))
        status = user_may_turn(&actor, &before, &after);
    if (!sp_failed(status))
        status = user_replace(call, tx, &scope, user, &before, &after);
    if (!sp_failed(status))
        status = user_store_get(tx, &scope, user->id, reply, NULL);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}
