#include "role_store.h"

#include <string.h>

#include "server_users_sql.h"

typedef Smartpass__V1__Role Role;

static sp_status role_from_row(arena *a, const db_rows *rows, int row, Role *role)
{
    text_list permissions;
    sp_status status = db_row_texts(rows, row, 2, a, &permissions);

    if (sp_failed(status))
        return status;
    smartpass__v1__role__init(role);
    role->id = db_row_int(rows, row, 0);
    role->name = (char *)db_row_text(rows, row, 1);
    role->permissions = permissions.texts;
    role->n_permissions = permissions.count;
    role->user_count = (int32_t)db_row_int(rows, row, 3);
    return SP_DONE;
}

sp_status role_store_list(db_tx *tx, int64_t enterprise_id, Role ***ret_roles, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    Role *roles, **pointers;
    db_rows rows;
    sp_status status = db_query(tx, SQL_ROLE_LIST, DB_ARGS(db_int64(enterprise_id), db_int32(ROLES_MAX)), &rows);

    if (sp_failed(status))
        return status;
    roles = arena_array(a, (size_t)rows.count, sizeof *roles);
    pointers = arena_array(a, (size_t)rows.count, sizeof *pointers);
    if (!roles || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count && !sp_failed(status); i++) {
        status = role_from_row(a, &rows, i, &roles[i]);
        pointers[i] = &roles[i];
    }
    *ret_roles = pointers;
    *ret_count = (size_t)rows.count;
    return status;
}

sp_status role_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Role *ret_role)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ROLE_GET, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    return rows.count == 0 ? ROLE_NOT_FOUND : role_from_row(db_tx_arena(tx), &rows, 0, ret_role);
}

sp_status role_store_count(db_tx *tx, int64_t enterprise_id, int64_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ROLE_COUNT, DB_ARGS(db_int64(enterprise_id)), &rows);

    *ret_count = sp_failed(status) ? 0 : db_row_int(&rows, 0, 0);
    return status;
}

sp_status role_store_used_elsewhere(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id, bool *ret_used)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_ROLE_USED_ELSEWHERE, DB_ARGS(db_int64(enterprise_id), groups, db_int64(id)), &rows);

    *ret_used = !sp_failed(status) && db_row_bool(&rows, 0, 0);
    return status;
}

static db_arg permissions_arg(db_tx *tx, const Role *role)
{
    db_column column;

    db_column_init(&column, db_tx_arena(tx), DB_COLUMN_TEXT);
    for (size_t i = 0; i < role->n_permissions; i++)
        db_column_text(&column, role->permissions[i]);
    return db_column_arg(&column);
}

static bool name_was_taken(const db_tx *tx)
{
    return strcmp(db_constraint(tx), "role_name") == 0;
}

sp_status role_store_add(db_tx *tx, int64_t enterprise_id, const Role *role, int64_t now_ms, bool *ret_taken)
{
    sp_status status = db_query(tx, SQL_ROLE_ADD,
                                DB_ARGS(db_int64(enterprise_id), db_int64(role->id), db_text(role->name),
                                        permissions_arg(tx, role), db_time(now_ms)),
                                NULL);

    *ret_taken = name_was_taken(tx);
    return status;
}

sp_status role_store_set(db_tx *tx, int64_t enterprise_id, const Role *role, bool *ret_taken)
{
    sp_status status = db_query(
        tx, SQL_ROLE_SET,
        DB_ARGS(db_int64(enterprise_id), db_int64(role->id), db_text(role->name), permissions_arg(tx, role)), NULL);

    *ret_taken = name_was_taken(tx);
    return status;
}

sp_status role_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id)
{
    return db_query(tx, SQL_ROLE_REMOVE, DB_ARGS(db_int64(enterprise_id), db_int64(id)), NULL);
}
