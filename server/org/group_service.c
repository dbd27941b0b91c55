/* The tree of groups: the handlers. */
#include "group_store.h"
#include "field.h"
#include "id.h"
#include "org_parts.h"
#include "smartpass/v1/org.names.h"

SP_STATUS(GROUP_IS_ROOT, SP_FAILED_PRECONDITION, "The default group is the root of the tree and stays it.");
SP_STATUS(GROUPS_TOO_MANY, SP_RESOURCE_EXHAUSTED, "An enterprise has at most 10 000 groups.");
SP_STATUS(GROUP_NAMES_COLLIDE, SP_FAILED_PRECONDITION,
          "A group in it has the name of one that lies beside it; rename one of them first.");

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

sp_status list_groups(rpc_call *call, const ListGroupsRequest *request, ListGroupsResponse *reply)
{
    const caller *who = call_caller(call);
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    (void)request;
    if (!sp_failed(status))
        status = group_store_list(tx, who->enterprise_id, who->group_id, &reply->groups, &reply->n_groups);
    if (!sp_failed(status) && reply->n_groups > 0)
        reply->groups[0]->parent_id = 0; /* the top of what he sees; what is above is not for him */
    return status;
}

sp_status get_group_content(rpc_call *call, const GetGroupContentRequest *request, GroupContent *reply)
{
    const caller *who = call_caller(call);
    db_arg groups;
    db_tx *tx;
    sp_status status = request->id ? call_tx(call, &tx) : GROUP_NOT_FOUND;

    if (!sp_failed(status))
        status = org_scope(tx, who, request->id, &groups);
    return sp_failed(status) ? status : group_store_content(tx, who->enterprise_id, request->id, reply);
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

static sp_status verdict_answer(rpc_call *call, org_verdict verdict)
{
    switch (verdict) {
    case ORG_FITS:
        return SP_DONE;
    case ORG_PARENT_UNKNOWN:
        return rpc_call_violation(call, "group.parent_id", "GROUP_UNKNOWN", "There is no such group.");
    case ORG_CIRCLE:
        return rpc_call_violation(call, "group.parent_id", "GROUP_CIRCLE",
                                  "A group cannot lie in itself or in what is below it.");
    case ORG_TOO_DEEP:
        return rpc_call_violation(call, "group.parent_id", "GROUP_TOO_DEEP", "The tree has at most 16 levels.");
    case ORG_TOO_MANY:
        break;
    }
    return GROUPS_TOO_MANY;
}

static sp_status taken_answer(rpc_call *call, bool taken, sp_status otherwise)
{
    if (!taken)
        return otherwise;
    return rpc_call_violation(call, "group.name", "NAME_TAKEN", "A group beside it has this name already.");
}

/* The call's transaction, in which nobody else changes the tree. */
static sp_status tree_begin(rpc_call *call, db_tx **ret_tx, org_tree *ret_tree)
{
    sp_status status = call_tx(call, ret_tx);

    call_tree_changes(call);
    return sp_failed(status) ? status : group_store_lock_tree(*ret_tx, call_caller(call)->enterprise_id, ret_tree);
}

/* What it is to be, checked as far as that needs no other groups. */
static sp_status group_take(rpc_call *call, const Group *from, Group *ret_group)
{
    sp_status status;

    if (!from)
        return rpc_call_violation(call, "group", "FIELD_REQUIRED", "The group is missing.");
    *ret_group = *from;
    status = field_take_line(call, "group.name", &ret_group->name, true);
    if (!sp_failed(status))
        call_audit_object(call, "group %s", ret_group->name);
    return status;
}

sp_status create_group(rpc_call *call, const CreateGroupRequest *request, Group *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    bool taken = false;
    org_tree tree;
    Group group;
    db_tx *tx;
    sp_status status = group_take(call, request->group, &group);

    if (!sp_failed(status))
        status = tree_begin(call, &tx, &tree);
    if (sp_failed(status))
        return status;
    group.id = id_next();
    if (group.parent_id == 0)
        group.parent_id = org_tree_root_id(&tree);
    status = verdict_answer(call, org_tree_admits(&tree, group.parent_id));
    if (sp_failed(status))
        return status;
    status = group_store_add(tx, enterprise_id, &group, &taken);
    status = taken_answer(call, taken, status);
    if (!sp_failed(status))
        status = group_store_get(tx, enterprise_id, group.id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

/* The root stays where it is, whatever lies below another parent goes there; 0 stands for the root here too. */
static sp_status place_check(rpc_call *call, const org_tree *tree, Group *group)
{
    int64_t root_id = org_tree_root_id(tree);

    if (!org_tree_find(tree, group->id))
        return GROUP_NOT_FOUND;
    if (group->id == root_id)
        return group->parent_id == 0
                   ? SP_DONE
                   : rpc_call_violation(call, "group.parent_id", GROUP_IS_ROOT.reason, GROUP_IS_ROOT.message);
    if (group->parent_id == 0)
        group->parent_id = root_id;
    return verdict_answer(call, org_tree_moves(tree, group->id, group->parent_id));
}

sp_status update_group(rpc_call *call, const UpdateGroupRequest *request, Group *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    Group group, earlier;
    bool taken = false;
    org_tree tree;
    db_tx *tx;
    sp_status status = group_take(call, request->group, &group);

    if (!sp_failed(status))
        status = tree_begin(call, &tx, &tree);
    if (!sp_failed(status))
        status = place_check(call, &tree, &group);
    if (!sp_failed(status))
        status = group_store_get(tx, enterprise_id, group.id, &earlier);
    if (sp_failed(status))
        return status;
    call_audit_before(call, &earlier.base);
    status = group_store_set(tx, enterprise_id, &group, &taken);
    status = taken_answer(call, taken, status);
    if (!sp_failed(status))
        status = group_store_get(tx, enterprise_id, group.id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

sp_status delete_group(rpc_call *call, const DeleteGroupRequest *request, GroupContent *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    const char *collision = NULL;
    org_tree tree;
    Group group;
    db_tx *tx;
    sp_status status = tree_begin(call, &tx, &tree);

    if (!sp_failed(status))
        status = group_store_get(tx, enterprise_id, request->id, &group);
    if (sp_failed(status))
        return status;
    call_audit_object(call, "group %s", group.name);
    call_audit_before(call, &group.base);
    if (group.parent_id == 0)
        return GROUP_IS_ROOT;
    status = group_store_remove(tx, enterprise_id, group.id, group.parent_id, call_now_ms(call), reply, &collision);
    if (!sp_failed(status) && collision) {
        rpc_call_error_fact(call, "name", collision);
        status = GROUP_NAMES_COLLIDE;
    }
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}
