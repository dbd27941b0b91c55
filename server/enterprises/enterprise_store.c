#include "enterprise_store.h"

#include <string.h>

#include "org.h"
#include "server_enterprises_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Enterprise Enterprise;

static Enterprise *enterprise_from_row(arena *a, const db_rows *rows, int row)
{
    Enterprise *e = arena_alloc(a, sizeof *e);

    if (!e)
        return NULL;
    smartpass__v1__enterprise__init(e);
    e->id = db_row_int(rows, row, 0);
    e->name = (char *)db_row_text(rows, row, 1);
    e->time_zone = (char *)db_row_text(rows, row, 2);
    e->home = db_row_bool(rows, row, 3);
    e->deleting = db_row_bool(rows, row, 4);
    e->administrator = (char *)db_row_text(rows, row, 5);
    e->user_count = (int32_t)db_row_int(rows, row, 6);
    e->device_count = (int32_t)db_row_int(rows, row, 7);
    e->person_count = (int32_t)db_row_int(rows, row, 8);
    e->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 9));
    return e->create_time ? e : NULL;
}

/* With id not 0, that one alone. */
static sp_status list(db_tx *tx, const char *query, int64_t id, const page *p, Enterprise ***ret_enterprises,
                      size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    Enterprise **enterprises;
    db_rows rows;
    sp_status status = db_query(tx, SQL_ENTERPRISE_LIST,
                                DB_ARGS(db_text(query), db_int64(id), db_bool(p->first), db_text(p->text),
                                        db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                                &rows);

    if (sp_failed(status))
        return status;
    enterprises = arena_array(a, (size_t)rows.count + 1, sizeof *enterprises);
    for (int i = 0; i < rows.count; i++)
        if (!enterprises || !(enterprises[i] = enterprise_from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    *ret_enterprises = enterprises;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status enterprise_store_list(db_tx *tx, const char *query, const page *p, Enterprise ***ret_enterprises,
                                size_t *ret_count)
{
    return list(tx, query, 0, p, ret_enterprises, ret_count);
}

sp_status enterprise_store_count(db_tx *tx, const char *query, int32_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ENTERPRISE_COUNT, DB_ARGS(db_text(query)), &rows);

    if (!sp_failed(status))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}

sp_status enterprise_store_get(db_tx *tx, int64_t id, Enterprise **ret_enterprise)
{
    const page one = {.size = 1, .first = true, .text = ""};
    Enterprise **enterprises;
    size_t count;
    sp_status status;

    if (id == 0)
        return ENTERPRISE_NOT_FOUND;
    status = list(tx, "", id, &one, &enterprises, &count);
    if (sp_failed(status))
        return status;
    if (count == 0)
        return ENTERPRISE_NOT_FOUND;
    *ret_enterprise = enterprises[0];
    return SP_DONE;
}

sp_status enterprise_store_objections(db_tx *tx, const Enterprise *enterprise, const char *username,
                                      enterprise_objections *ret_objections)
{
    db_rows rows;
    sp_status status = db_query(
        tx, SQL_ENTERPRISE_OBJECTIONS,
        DB_ARGS(db_int64(enterprise->id), db_text(enterprise->name), db_text(enterprise->time_zone), db_text(username)),
        &rows);

    if (!sp_failed(status))
        *ret_objections =
            (enterprise_objections){db_row_bool(&rows, 0, 0), db_row_bool(&rows, 0, 1), db_row_bool(&rows, 0, 2)};
    return status;
}

sp_status enterprise_store_lock(db_tx *tx, int64_t id, enterprise_locked *ret_enterprise)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_ENTERPRISE_LOCK, DB_ARGS(db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return ENTERPRISE_NOT_FOUND;
    *ret_enterprise = (enterprise_locked){
        .name = db_row_text(&rows, 0, 0),
        .deleting = db_row_bool(&rows, 0, 1),
        .home = db_row_bool(&rows, 0, 2),
        .deletion = db_row_int(&rows, 0, 3),
    };
    return SP_DONE;
}

sp_status enterprise_store_update(db_tx *tx, const Enterprise *enterprise, const char *former_name)
{
    sp_status status =
        db_query(tx, SQL_ENTERPRISE_UPDATE,
                 DB_ARGS(db_int64(enterprise->id), db_text(enterprise->name), db_text(enterprise->time_zone)), NULL);

    if (strcmp(db_constraint(tx), "enterprise_name_key") == 0)
        return ENTERPRISE_NAME_TAKEN;
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_ENTERPRISE_RENAME_ROOT,
                    DB_ARGS(db_int64(enterprise->id), db_text(former_name), db_text(enterprise->name)), NULL);
}
