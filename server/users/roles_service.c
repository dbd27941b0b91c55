/* Roles, and the permissions that they are made of. */
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "id.h"
#include "permissions.h"
#include "role_store.h"
#include "smartpass/v1/users.names.h"
#include "users_parts.h"

SP_STATUS(ROLE_IN_USE, SP_FAILED_PRECONDITION, "Somebody has this role: give him another one first.");
SP_STATUS(ROLE_USED_ELSEWHERE, SP_PERMISSION_DENIED, "Users whom the caller does not see have this role.");
SP_STATUS(ROLES_TOO_MANY, SP_RESOURCE_EXHAUSTED, "An enterprise has at most 1000 roles.");

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

sp_status role_list(rpc_call *call, const ListRolesRequest *request, ListRolesResponse *reply)
{
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    (void)request;
    if (sp_failed(status))
        return status;
    return role_store_list(tx, call_caller(call)->enterprise_id, &reply->roles, &reply->n_roles);
}

/* ---- What the request says --------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once. */
static sp_status permissions_take(rpc_call *call, const Role *from, Role *role)
{
    size_t count = 0;

    role->permissions = arena_array(rpc_call_arena(call), from->n_permissions, sizeof *role->permissions);
    if (!role->permissions)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < from->n_permissions; i++) {
        if (!permission_is_known(from->permissions[i])) {
            rpc_call_error_fact(call, "permission", from->permissions[i]);
            return rpc_call_violation(call, "role.permissions", "PERMISSION_UNKNOWN",
                                      "There is no such permission, or it cannot be given.");
        }
        role->permissions[i] = from->permissions[i];
    }
    qsort(role->permissions, from->n_permissions, sizeof *role->permissions, compare);
    for (size_t i = 0; i < from->n_permissions; i++)
        if (count == 0 || strcmp(role->permissions[i], role->permissions[count - 1]) != 0)
            role->permissions[count++] = role->permissions[i];
    role->n_permissions = count;
    return SP_DONE;
}

static sp_status role_take(rpc_call *call, const Role *from, Role **ret_role)
{
    Role *role = arena_alloc(rpc_call_arena(call), sizeof *role);
    sp_status status;

    if (!role)
        return OUT_OF_MEMORY;
    *role = (Role)ROLE_INIT;
    role->id = from->id;
    *ret_role = role;
    role->name = from->name;
    status = field_take_line(call, "role.name", &role->name, true);
    return sp_first_failure(status, permissions_take(call, from, role));
}

static text_list permissions_of(const Role *role)
{
    return (text_list){role->permissions, role->n_permissions};
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Who changes roles, with his own. From now on nobody else does. */
static sp_status writing_begin(rpc_call *call, db_tx **ret_tx, user_scope *ret_scope, user_actor *ret_actor)
{
    sp_status status = users_actor(call, ret_actor);

    if (!sp_failed(status))
        status = users_scope_lock(call, ret_tx, ret_scope);
    if (sp_failed(status))
        return status;
    return user_store_role_of(*ret_tx, ret_scope->enterprise_id, ret_actor->user_id, &ret_actor->role_id);
}

static sp_status name_taken(rpc_call *call)
{
    return rpc_call_violation(call, "role.name", "NAME_TAKEN", "There is a role with this name already.");
}

sp_status role_create(rpc_call *call, const CreateRoleRequest *request, Role *reply)
{
    text_list permissions;
    bool taken = false;
    int64_t count;
    user_actor actor;
    user_scope scope;
    Role *role;
    db_tx *tx;
    sp_status status = role_take(call, request->role, &role);

    call_audit_object(call, "role %s", request->role->name);
    if (!sp_failed(status))
        status = writing_begin(call, &tx, &scope, &actor);
    if (sp_failed(status))
        return status;
    role->id = id_next();
    permissions = permissions_of(role);
    if (!user_holds_all(&actor, &permissions))
        return RIGHTS_EXCEEDED;
    status = role_store_count(tx, scope.enterprise_id, &count);
    if (!sp_failed(status) && count >= ROLES_MAX)
        return ROLES_TOO_MANY;
    if (!sp_failed(status))
        status = role_store_add(tx, scope.enterprise_id, role, call_now_ms(call), &taken);
    if (taken)
        return name_taken(call);
    if (!sp_failed(status))
        status = role_store_get(tx, scope.enterprise_id, role->id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

/* Whoever sees but a part of the tree changes what is used in that part alone. */
static sp_status role_may_change(db_tx *tx, const user_scope *scope, const user_actor *actor, const Role *before,
                                 const Role *after)
{
    const text_list had = permissions_of(before), wanted = permissions_of(after);
    bool elsewhere;
    sp_status status = role_may_turn(actor, before->id, &had, &wanted);

    if (!sp_failed(status))
        status = role_store_used_elsewhere(tx, scope->enterprise_id, scope->groups, before->id, &elsewhere);
    if (sp_failed(status))
        return status;
    return elsewhere ? ROLE_USED_ELSEWHERE : SP_DONE;
}

sp_status role_update(rpc_call *call, const UpdateRoleRequest *request, Role *reply)
{
    Role earlier = ROLE_INIT, *role;
    bool taken = false;
    user_actor actor;
    user_scope scope;
    db_tx *tx;
    sp_status status = role_take(call, request->role, &role);

    if (!sp_failed(status))
        status = writing_begin(call, &tx, &scope, &actor);
    if (!sp_failed(status))
        status = role_store_get(tx, scope.enterprise_id, role->id, &earlier);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "role %s", earlier.name);
    call_audit_before(call, &earlier.base);
    status = role_may_change(tx, &scope, &actor, &earlier, role);
    if (!sp_failed(status))
        status = role_store_set(tx, scope.enterprise_id, role, &taken);
    if (taken)
        return name_taken(call);
    if (!sp_failed(status))
        status = role_store_get(tx, scope.enterprise_id, role->id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

sp_status role_delete(rpc_call *call, const DeleteRoleRequest *request, DeleteRoleResponse *reply)
{
    Role role = ROLE_INIT;
    user_actor actor;
    user_scope scope;
    text_list had;
    db_tx *tx;
    sp_status status = writing_begin(call, &tx, &scope, &actor);

    (void)reply;
    if (!sp_failed(status))
        status = role_store_get(tx, scope.enterprise_id, request->id, &role);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "role %s", role.name);
    call_audit_before(call, &role.base);
    had = permissions_of(&role);
    if (!user_holds_all(&actor, &had))
        return RIGHTS_EXCEEDED;
    if (role.user_count > 0)
        return ROLE_IN_USE;
    status = role_store_remove(tx, scope.enterprise_id, role.id);
    return strcmp(status.reason, DB_REFERENCED.reason) == 0 ? ROLE_IN_USE : status;
}

/* ---- The matrix -------------------------------------------------------------------------------------------------- */

static sp_status permission_describe(rpc_call *call, const char *name, Permission *permission)
{
    arena *a = rpc_call_arena(call);
    const char *dot = strchr(name, '.');

    *permission = (Permission)PERMISSION_INIT;
    permission->name = (char *)name;
    permission->module = arena_copy(a, name, dot ? (size_t)(dot - name) : strlen(name));
    permission->operation = dot ? (char *)dot + 1 : (char *)"";
    permission->methods = permission_methods(name, a, &permission->n_methods);
    permission->held = permission_is_held(call_caller(call), name);
    return permission->module && permission->methods ? SP_DONE : OUT_OF_MEMORY;
}

sp_status permission_matrix(rpc_call *call, const ListPermissionsRequest *request, ListPermissionsResponse *reply)
{
    arena *a = rpc_call_arena(call);
    sp_status status = SP_DONE;
    Permission *permissions;
    size_t count = 0;
    char **names = permission_list_all(a, &count);

    (void)request;
    permissions = arena_array(a, count, sizeof *permissions);
    reply->permissions = arena_array(a, count, sizeof *reply->permissions);
    if (!names || !permissions || !reply->permissions)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count && !sp_failed(status); i++) {
        status = permission_describe(call, names[i], &permissions[i]);
        reply->permissions[i] = &permissions[i];
    }
    reply->n_permissions = count;
    return status;
}
