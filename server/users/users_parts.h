/* Inside server/users: what its files share. */
#pragma once

#include "call.h"
#include "one_time_password.h"
#include "smartpass/v1/users.rpc.h"
#include "user_store.h"
#include "users.h"

struct server_users {
    users_options options;
};

/* ---- users_service.c --------------------------------------------------------------------------------------------- */

/* The call's transaction, and the groups that the caller sees: all, or within them those of group_id. */
sp_status users_scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, user_scope *ret_scope);

/* As above, and from now on the caller alone changes users and roles of the enterprise. */
sp_status users_scope_lock(rpc_call *call, db_tx **ret_tx, user_scope *ret_scope);

/* The caller, as the rules see him; role_id is not looked up. */
sp_status users_actor(rpc_call *call, user_actor *ret_actor);

/* ---- user_write.c ------------------------------------------------------------------------------------------------ */

sp_status user_create(rpc_call *call, const Smartpass__V1__CreateUserRequest *request,
                      Smartpass__V1__CreateUserResponse *reply);
sp_status user_update(rpc_call *call, const Smartpass__V1__UpdateUserRequest *request, Smartpass__V1__User *reply);

/* ---- user_end.c -------------------------------------------------------------------------------------------------- */

/* Refuses, with LAST_ADMINISTRATOR, what was written when nobody is left who administers the enterprise. */
sp_status user_end_check(db_tx *tx, int64_t enterprise_id, const user_standing *before);

sp_status user_delete(rpc_call *call, const Smartpass__V1__DeleteUserRequest *request,
                      Smartpass__V1__DeleteUserResponse *reply);
sp_status user_reset_password(rpc_call *call, const Smartpass__V1__ResetUserPasswordRequest *request,
                              Smartpass__V1__ResetUserPasswordResponse *reply);

/* ---- roles_service.c --------------------------------------------------------------------------------------------- */

sp_status role_list(rpc_call *call, const Smartpass__V1__ListRolesRequest *request,
                    Smartpass__V1__ListRolesResponse *reply);
sp_status role_create(rpc_call *call, const Smartpass__V1__CreateRoleRequest *request, Smartpass__V1__Role *reply);
sp_status role_update(rpc_call *call, const Smartpass__V1__UpdateRoleRequest *request, Smartpass__V1__Role *reply);
sp_status role_delete(rpc_call *call, const Smartpass__V1__DeleteRoleRequest *request,
                      Smartpass__V1__DeleteRoleResponse *reply);
sp_status permission_matrix(rpc_call *call, const Smartpass__V1__ListPermissionsRequest *request,
                            Smartpass__V1__ListPermissionsResponse *reply);
