/* The groups that a caller sees. */
#include "call.h"
#include "org.h"
#include "server_org_sql.h"
#include "smartpass/v1/org.names.h"
#include "smartpass/v1/org.rpc.h"

static sp_status list_groups(rpc_call *call, const ListGroupsRequest *request, ListGroupsResponse *reply)
{
    static const Group empty = GROUP_INIT;
    const caller *who = call_caller(call);
    arena *a = rpc_call_arena(call);
    db_rows rows;
    Group *groups;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    (void)request;
    if (!sp_failed(status))
        status =
            db_query(tx, SQL_ORG_GROUPS_LIST, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->group_id)), &rows);
    if (sp_failed(status))
        return status;
    groups = arena_array(a, (size_t)rows.count, sizeof *groups);
    reply->groups = arena_array(a, (size_t)rows.count, sizeof *reply->groups);
    if (!groups || !reply->groups)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        groups[i] = empty;
        groups[i].id = db_row_int(&rows, i, 0);
        /* The caller's own group is the top of what he sees. */
        groups[i].parent_id = i == 0 ? 0 : db_row_int(&rows, i, 1);
        groups[i].name = (char *)db_row_text(&rows, i, 2);
        reply->groups[i] = &groups[i];
    }
    reply->n_groups = (size_t)rows.count;
    return SP_DONE;
}

static const org_service HANDLERS = {.size = sizeof HANDLERS, .list_groups = list_groups};

void org_register(rpc_server *server)
{
    org_service_register(server, &HANDLERS, NULL);
}
