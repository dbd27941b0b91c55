#include "org.h"

#include "server_org_sql.h"

sp_status org_scope_ids(db_tx *tx, int64_t enterprise_id, int64_t top_id, int64_t group_id, const int64_t **ret_ids,
                        size_t *ret_count)
{
    int64_t *ids;
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_ORG_SCOPE,
                 DB_ARGS(db_int64(enterprise_id), db_int64(top_id), db_int64(group_id ? group_id : top_id)), &rows);

    *ret_ids = NULL;
    *ret_count = 0;
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return GROUP_NOT_FOUND;
    if (db_row_bool(&rows, 0, 1))
        return SP_DONE;
    ids = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *ids);
    if (!ids)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++)
        ids[i] = db_row_int(&rows, i, 0);
    *ret_ids = ids;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status org_scope(db_tx *tx, int64_t enterprise_id, int64_t top_id, int64_t group_id, db_arg *ret_ids)
{
    const int64_t *ids;
    size_t count;
    sp_status status = org_scope_ids(tx, enterprise_id, top_id, group_id, &ids, &count);

    if (!sp_failed(status))
        *ret_ids = ids ? db_int64_array(db_tx_arena(tx), ids, count) : db_null();
    return status;
}

sp_status org_hold_group(db_tx *tx, int64_t enterprise_id, int64_t top_id, int64_t group_id)
{
    db_arg groups;
    db_rows rows;
    sp_status status = org_scope(tx, enterprise_id, top_id, group_id, &groups);

    if (!sp_failed(status))
        status = db_query(tx, SQL_GROUP_HOLD, DB_ARGS(db_int64(enterprise_id), db_int64(group_id ? group_id : top_id)),
                          &rows);
    if (sp_failed(status))
        return status;
    return rows.count > 0 ? SP_DONE : GROUP_NOT_FOUND;
}

sp_status org_hold_section(db_tx *tx, int64_t enterprise_id, int64_t group_id, int module, int64_t section_id)
{
    db_rows rows;
    sp_status status;

    if (section_id == 0)
        return SP_DONE;
    status = db_query(
        tx, SQL_SECTION_IS_THERE,
        DB_ARGS(db_int64(enterprise_id), db_int64(group_id), db_int64(section_id), db_int16((int16_t)module)), &rows);
    if (sp_failed(status))
        return status;
    return rows.count > 0 ? SP_DONE : SECTION_NOT_FOUND;
}
