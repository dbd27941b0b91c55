#include <string.h>

#include "clock.h"
#include "id.h"
#include "org.h"
#include "server_org_sql.h"

sp_status org_add_enterprise(db_tx *tx, const char *name, const char *time_zone, int64_t *ret_enterprise_id,
                             int64_t *ret_group_id)
{
    int64_t enterprise_id = id_next(), group_id = id_next();
    sp_status status =
        db_query(tx, SQL_ORG_ENTERPRISE_ADD,
                 DB_ARGS(db_int64(enterprise_id), db_text(name), db_text(time_zone), db_time(clock_now_ms())), NULL);

    if (strcmp(db_constraint(tx), "enterprise_name_key") == 0)
        return ENTERPRISE_NAME_TAKEN;
    if (!sp_failed(status))
        status = db_query(tx, SQL_ORG_GROUP_ADD_ROOT,
                          DB_ARGS(db_int64(enterprise_id), db_int64(group_id), db_text(name)), NULL);
    if (sp_failed(status))
        return status;
    *ret_enterprise_id = enterprise_id;
    *ret_group_id = group_id;
    return SP_DONE;
}

sp_status org_find_root(db_tx *tx, int64_t *enterprise_id, int64_t *ret_group_id)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ORG_ROOT_FIND, DB_ARGS(db_int64(*enterprise_id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return ENTERPRISE_NOT_FOUND;
    *enterprise_id = db_row_int(&rows, 0, 0);
    *ret_group_id = db_row_int(&rows, 0, 1);
    return SP_DONE;
}
