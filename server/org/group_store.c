#include "group_store.h"

#include <string.h>

#include "server_org_sql.h"

typedef Smartpass__V1__Group Group;
typedef Smartpass__V1__GroupContent GroupContent;

static void group_from_row(const db_rows *rows, int row, Group *group)
{
    smartpass__v1__group__init(group);
    group->id = db_row_int(rows, row, 0);
    group->parent_id = db_row_int(rows, row, 1);
    group->name = (char *)db_row_text(rows, row, 2);
}

sp_status group_store_list(db_tx *tx, int64_t enterprise_id, int64_t top_id, Group ***ret_groups, size_t *ret_count)
{
    Group *groups, **pointers;
    db_rows rows;
    sp_status status = db_query(tx, SQL_GROUP_LIST, DB_ARGS(db_int64(enterprise_id), db_int64(top_id)), &rows);

    if (sp_failed(status))
        return status;
    groups = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *groups);
    pointers = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *pointers);
    if (!groups || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        group_from_row(&rows, i, &groups[i]);
        pointers[i] = &groups[i];
    }
    *ret_groups = pointers;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status group_store_read_tree(db_tx *tx, int64_t enterprise_id, org_tree *ret_tree, int64_t *ret_version)
{
    org_node *nodes;
    db_rows rows;
    sp_status status = db_query(tx, SQL_TREE_READ, DB_ARGS(db_int64(enterprise_id)), &rows);

    if (sp_failed(status))
        return status;
    nodes = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *nodes);
    if (!nodes)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++)
        nodes[i] = (org_node){db_row_int(&rows, i, 0), db_row_int(&rows, i, 1), db_row_bool(&rows, i, 2)};
    *ret_tree = (org_tree){nodes, (size_t)rows.count};
    *ret_version = rows.count > 0 ? db_row_int(&rows, 0, 3) : 0;
    return SP_DONE;
}

sp_status group_store_lock_tree(db_tx *tx, int64_t enterprise_id, org_tree *ret_tree)
{
    int64_t version;
    sp_status status = db_query(tx, SQL_TREE_LOCK, DB_ARGS(db_int64(enterprise_id)), NULL);

    return sp_failed(status) ? status : group_store_read_tree(tx, enterprise_id, ret_tree, &version);
}

sp_status group_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Group *ret_group)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_GROUP_GET, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return GROUP_NOT_FOUND;
    group_from_row(&rows, 0, ret_group);
    return SP_DONE;
}

static sp_status group_write(db_tx *tx, const db_statement *statement, int64_t enterprise_id, const Group *group,
                             bool *ret_taken)
{
    sp_status status = db_query_n(
        tx, statement,
        DB_ARGS(db_int64(enterprise_id), db_int64(group->id), db_int64_or_null(group->parent_id), db_text(group->name)),
        NULL);

    *ret_taken = strcmp(db_constraint(tx), "org_group_name") == 0;
    return status;
}

sp_status group_store_add(db_tx *tx, int64_t enterprise_id, const Group *group, bool *ret_taken)
{
    return group_write(tx, &SQL_GROUP_ADD, enterprise_id, group, ret_taken);
}

sp_status group_store_set(db_tx *tx, int64_t enterprise_id, const Group *group, bool *ret_taken)
{
    return group_write(tx, &SQL_GROUP_SET, enterprise_id, group, ret_taken);
}

sp_status group_store_content(db_tx *tx, int64_t enterprise_id, int64_t id, GroupContent *ret_content)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_GROUP_CONTENT, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    smartpass__v1__group_content__init(ret_content);
    ret_content->groups = (int32_t)db_row_int(&rows, 0, 0);
    ret_content->users = (int32_t)db_row_int(&rows, 0, 1);
    ret_content->devices = (int32_t)db_row_int(&rows, 0, 2);
    ret_content->sections = (int32_t)db_row_int(&rows, 0, 3);
    ret_content->administrators = (int32_t)db_row_int(&rows, 0, 4);
    ret_content->employees = (int32_t)db_row_int(&rows, 0, 5);
    ret_content->visitors = (int32_t)db_row_int(&rows, 0, 6);
    ret_content->blacklist = (int32_t)db_row_int(&rows, 0, 7);
    return SP_DONE;
}

static sp_status content_move(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t above)
{
    static const db_statement *const MOVES[] = {
        &SQL_GROUP_MOVE_GROUPS,
        &SQL_GROUP_MOVE_USERS,
        &SQL_GROUP_MOVE_DEVICES,
        &SQL_GROUP_MOVE_PEOPLE,
    };
    sp_status status = SP_DONE;

    for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES && !sp_failed(status); i++)
        status = db_query_n(tx, MOVES[i], DB_ARGS(db_int64(enterprise_id), db_int64(id), db_int64(above)), NULL);
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_GROUP_REMOVE_SECTIONS, DB_ARGS(db_int64(enterprise_id), db_int64(id)), NULL);
}

sp_status group_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t above, int64_t now_ms,
                             GroupContent *ret_content, const char **ret_collision)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_GROUP_BURY, DB_ARGS(db_int64(enterprise_id), db_int64(id), db_time(now_ms)), NULL);

    *ret_collision = NULL;
    if (!sp_failed(status))
        status = db_query(tx, SQL_GROUP_FIND_COLLISION, DB_ARGS(db_int64(enterprise_id), db_int64(id), db_int64(above)),
                          &rows);
    if (!sp_failed(status) && rows.count > 0) {
        *ret_collision = db_row_text(&rows, 0, 0);
        return SP_DONE;
    }
    if (!sp_failed(status))
        status = group_store_content(tx, enterprise_id, id, ret_content);
    if (!sp_failed(status) && ret_content->administrators > 0)
        status = GROUP_HAS_ADMINISTRATORS;
    return sp_failed(status) ? status : content_move(tx, enterprise_id, id, above);
}
