#include "org.h"

#include "server_org_sql.h"

/* Whether a group lies in the subtree so far. */
static bool contains(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

sp_status org_scope(db_tx *tx, int64_t enterprise_id, int64_t top_id, int64_t group_id, db_arg *ret_ids)
{
    int64_t *ids;
    size_t count = 0;
    db_rows rows;
    sp_status status = db_query(tx, SQL_ORG_GROUPS_LIST, DB_ARGS(db_int64(enterprise_id), db_int64(top_id)), &rows);

    if (sp_failed(status))
        return status;
    ids = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *ids);
    if (!ids)
        return OUT_OF_MEMORY;
    /* Parents come before their children, so one pass finds the subtree. */
    for (int i = 0; i < rows.count; i++) {
        int64_t id = db_row_int(&rows, i, 0);

        if (group_id == 0 || id == group_id || contains(ids, count, db_row_int(&rows, i, 1)))
            ids[count++] = id;
    }
    if (group_id != 0 && count == 0)
        return GROUP_NOT_FOUND;
    *ret_ids = db_int64_array(db_tx_arena(tx), ids, count);
    return SP_DONE;
}
