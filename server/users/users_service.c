/* Users: finding them, and what the handlers of this folder have in common. */
#include <stdlib.h>

#include "org.h"
#include "permissions.h"
#include "smartpass/v1/users.names.h"
#include "users_parts.h"

/* ---- Who asks, and what he sees ---------------------------------------------------------------------------------- */

sp_status users_scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, user_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    if (sp_failed(status))
        return status;
    ret_scope->enterprise_id = who->enterprise_id;
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

sp_status users_scope_lock(rpc_call *call, db_tx **ret_tx, user_scope *ret_scope)
{
    sp_status status = call_tx(call, ret_tx);

    if (!sp_failed(status))
        status = user_store_lock(*ret_tx, call_caller(call)->enterprise_id);
    return sp_failed(status) ? status : users_scope_find(call, 0, ret_tx, ret_scope);
}

sp_status users_actor(rpc_call *call, user_actor *ret_actor)
{
    const caller *who = call_caller(call);

    *ret_actor = (user_actor){
        .user_id = who->user_id,
        .administrator = (who->super_admin || who->group_administrator) && who->token_id == 0,
    };
    ret_actor->held.texts = permission_list(who, rpc_call_arena(call), &ret_actor->held.count);
    return ret_actor->held.texts ? SP_DONE : OUT_OF_MEMORY;
}

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

static sp_status list_users(rpc_call *call, const ListUsersRequest *request, ListUsersResponse *reply)
{
    const user_filter filter = {request->query, request->role_id, request->disabled};
    user_scope scope;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, request->page_size, request->page_token, request->skip, &p);

    if (!sp_failed(status))
        status = users_scope_find(call, request->group_id, &tx, &scope);
    if (!sp_failed(status))
        status = user_store_list(tx, &scope, &filter, &p, &reply->users, &reply->n_users);
    if (!sp_failed(status))
        status = user_store_count(tx, &scope, &filter, &reply->total_size);
    if (sp_failed(status) || reply->n_users <= (size_t)p.size)
        return status;
    reply->n_users = (size_t)p.size;
    reply->next_page_token =
        page_token(rpc_call_arena(call), reply->users[p.size - 1]->username, 0, reply->users[p.size - 1]->id);
    return SP_DONE;
}

static sp_status get_user(rpc_call *call, const GetUserRequest *request, User *reply)
{
    user_scope scope;
    db_tx *tx;
    sp_status status = users_scope_find(call, 0, &tx, &scope);

    return sp_failed(status) ? status : user_store_get(tx, &scope, request->id, reply, NULL);
}

/* ---- The service ------------------------------------------------------------------------------------------------- */

static const users_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_users = list_users,
    .get_user = get_user,
    .create_user = user_create,
    .update_user = user_update,
    .delete_user = user_delete,
    .reset_user_password = user_reset_password,
    .list_roles = role_list,
    .create_role = role_create,
    .update_role = role_update,
    .delete_role = role_delete,
    .list_permissions = permission_matrix,
};

server_users *users_new(const users_options *options)
{
    server_users *users = calloc(1, sizeof *users);

    if (users)
        users->options = *options;
    return users;
}

void users_free(server_users *users)
{
    free(users);
}

void users_register(server_users *users, rpc_server *server)
{
    users_service_register(server, &HANDLERS, users);
}
