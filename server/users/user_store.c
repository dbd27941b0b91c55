#include "user_store.h"

#include <string.h>

#include "server_users_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__User User;

sp_status user_store_lock(db_tx *tx, int64_t enterprise_id)
{
    return db_query(tx, SQL_USER_LOCK_ENTERPRISE, DB_ARGS(db_int64(enterprise_id)), NULL);
}

static void user_from_row(arena *a, const db_rows *rows, int row, User *user)
{
    smartpass__v1__user__init(user);
    user->id = db_row_int(rows, row, 0);
    user->username = (char *)db_row_text(rows, row, 1);
    user->display_name = (char *)db_row_text(rows, row, 2);
    user->group_id = db_row_int(rows, row, 3);
    user->group_administrator = db_row_bool(rows, row, 4);
    user->role_id = db_row_int(rows, row, 5);
    user->disabled = db_row_bool(rows, row, 6);
    user->group_name = (char *)db_row_text(rows, row, 7);
    user->role_name = (char *)db_row_text(rows, row, 8);
    user->enterprise_administrator = user->group_administrator && db_row_bool(rows, row, 9);
    user->must_change_password = db_row_bool(rows, row, 10);
    user->second_factor = db_row_bool(rows, row, 11);
    user->external = db_row_bool(rows, row, 12);
    user->last_login_time = timestamp_or_null(a, db_row_time_ms(rows, row, 13));
    user->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 14));
}

static sp_status standing_from_row(arena *a, const db_rows *rows, int row, user_standing *standing)
{
    *standing = (user_standing){
        .id = db_row_int(rows, row, 0),
        .group_id = db_row_int(rows, row, 3),
        .group_administrator = db_row_bool(rows, row, 4),
        .role_id = db_row_int(rows, row, 5),
        .disabled = db_row_bool(rows, row, 6),
        .enterprise_administrator = db_row_bool(rows, row, 4) && db_row_bool(rows, row, 9),
        .super_admin = db_row_bool(rows, row, 15),
    };
    return db_row_texts(rows, row, 16, a, &standing->permissions);
}

sp_status user_store_list(db_tx *tx, const user_scope *scope, const user_filter *filter, const page *p,
                          User ***ret_users, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    User *users, **pointers;
    db_rows rows;
    sp_status status = db_query(tx, SQL_USER_LIST,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(filter->query),
                                        db_int64(filter->role_id), db_bool(filter->disabled), db_bool(p->first),
                                        db_text(p->text), db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                                &rows);

    if (sp_failed(status))
        return status;
    users = arena_array(a, (size_t)rows.count, sizeof *users);
    pointers = arena_array(a, (size_t)rows.count, sizeof *pointers);
    if (!users || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        user_from_row(a, &rows, i, &users[i]);
        pointers[i] = &users[i];
    }
    *ret_users = pointers;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status user_store_count(db_tx *tx, const user_scope *scope, const user_filter *filter, int32_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_USER_COUNT,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(filter->query),
                                        db_int64(filter->role_id), db_bool(filter->disabled)),
                                &rows);

    if (!sp_failed(status))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}

sp_status user_store_get(db_tx *tx, const user_scope *scope, int64_t id, User *ret_user, user_standing *ret_standing)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_USER_GET, DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return USER_NOT_FOUND;
    user_from_row(db_tx_arena(tx), &rows, 0, ret_user);
    return ret_standing ? standing_from_row(db_tx_arena(tx), &rows, 0, ret_standing) : SP_DONE;
}

sp_status user_store_has_group(db_tx *tx, const user_scope *scope, int64_t group_id, bool *ret_has)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_USER_GROUP_FIND,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(group_id)), &rows);

    *ret_has = !sp_failed(status) && rows.count > 0;
    return status;
}

sp_status user_store_add(db_tx *tx, int64_t enterprise_id, const User *user, const first_password *password,
                         int64_t now_ms, bool *ret_taken)
{
    sp_status status =
        db_query(tx, SQL_USER_ADD,
                 DB_ARGS(db_int64(enterprise_id), db_int64(user->id), db_int64(user->group_id), db_text(user->username),
                         db_text(password->phc), db_time(now_ms), db_text(user->display_name),
                         db_bool(user->group_administrator), db_int64_or_null(user->role_id), db_bool(user->disabled),
                         db_time_or_null(password->expires_ms)),
                 NULL);

    *ret_taken = strcmp(db_constraint(tx), "app_user_username_key") == 0;
    return status;
}

sp_status user_store_set(db_tx *tx, int64_t enterprise_id, const User *user, int64_t now_ms)
{
    return db_query(tx, SQL_USER_SET,
                    DB_ARGS(db_int64(enterprise_id), db_int64(user->id), db_int64(user->group_id),
                            db_text(user->display_name), db_bool(user->group_administrator),
                            db_int64_or_null(user->role_id), db_bool(user->disabled), db_time(now_ms)),
                    NULL);
}

sp_status user_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id)
{
    return db_query(tx, SQL_USER_REMOVE, DB_ARGS(db_int64(enterprise_id), db_int64(id)), NULL);
}

sp_status user_store_end_sessions(db_tx *tx, int64_t enterprise_id, int64_t id)
{
    return db_query(tx, SQL_USER_END_SESSIONS, DB_ARGS(db_int64(enterprise_id), db_int64(id)), NULL);
}

sp_status user_store_set_password(db_tx *tx, int64_t enterprise_id, int64_t id, const first_password *password)
{
    return db_query(
        tx, SQL_USER_SET_PASSWORD,
        DB_ARGS(db_int64(enterprise_id), db_int64(id), db_text(password->phc), db_time_or_null(password->expires_ms)),
        NULL);
}

sp_status user_store_has_administrator(db_tx *tx, int64_t enterprise_id, bool *ret_has)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_USER_ENTERPRISE_HAS_ADMINISTRATOR, DB_ARGS(db_int64(enterprise_id)), &rows);

    *ret_has = !sp_failed(status) && db_row_bool(&rows, 0, 0);
    return status;
}

sp_status user_store_role_of(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t *ret_role_id)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_USER_ROLE_OF, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    *ret_role_id = sp_failed(status) || rows.count == 0 ? 0 : db_row_int(&rows, 0, 0);
    return status;
}
