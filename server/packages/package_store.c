#include "package_store.h"

#include "server_packages_sql.h"
#include "text.h"
#include "timestamp.h"

enum { SHA256_BYTES = 32 };

static Package *from_row(arena *a, const db_rows *rows, int row)
{
    Package *p = arena_alloc(a, sizeof *p);
    char *hex = arena_alloc(a, 2 * SHA256_BYTES + 1);
    size_t size;
    const uint8_t *sha256 = db_row_bytes(rows, row, 5, &size);

    if (!p || !hex)
        return NULL;
    hex[0] = '\0';
    if (size == SHA256_BYTES)
        hex_encode(sha256, size, hex);
    smartpass__v1__package__init(p);
    p->id = db_row_int(rows, row, 0);
    p->version = (char *)db_row_text(rows, row, 1);
    p->model = (char *)db_row_text(rows, row, 2);
    p->notes = (char *)db_row_text(rows, row, 3);
    p->size = db_row_int(rows, row, 4);
    p->sha256 = hex;
    p->key_name = (char *)db_row_text(rows, row, 6);
    p->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 7));
    p->uploaded_by = (char *)db_row_text(rows, row, 8);
    p->in_use = db_row_bool(rows, row, 10);
    return p;
}

static sp_status list(db_tx *tx, int64_t enterprise_id, const char *query, const page *p, int64_t id, package_rows *ret)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status st = db_query(tx, SQL_PACKAGE_LIST,
                            DB_ARGS(db_int64(enterprise_id), db_text(query), db_bool(p->first), db_int64(p->number),
                                    db_int64(p->id), db_int32(p->size + 1), db_int64(id), db_int32(p->skip)),
                            &rows);

    if (sp_failed(st))
        return st;
    Package **packages = arena_array(a, (size_t)rows.count + 1, sizeof *packages);
    for (int i = 0; i < rows.count; i++)
        if (!packages || !(packages[i] = from_row(a, &rows, i)))
            return DB_NO_MEMORY;
    ret->packages = packages;
    ret->count = (size_t)rows.count;
    ret->last_number = rows.count >= p->size ? db_row_int(&rows, p->size - 1, 9) : 0;
    return SP_DONE;
}

sp_status package_store_list(db_tx *tx, int64_t enterprise_id, const char *query, const page *p, package_rows *ret_rows)
{
    return list(tx, enterprise_id, query, p, 0, ret_rows);
}

sp_status package_store_count(db_tx *tx, int64_t enterprise_id, const char *query, int32_t *ret_total)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_PACKAGE_COUNT, DB_ARGS(db_int64(enterprise_id), db_text(query)), &rows);

    if (!sp_failed(st))
        *ret_total = (int32_t)db_row_int(&rows, 0, 0);
    return st;
}

sp_status package_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Package **ret_package)
{
    const page one = {.size = 1, .first = true};
    package_rows rows;
    sp_status st = id == 0 ? PACKAGE_NOT_FOUND : list(tx, enterprise_id, "", &one, id, &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return PACKAGE_NOT_FOUND;
    *ret_package = rows.packages[0];
    return SP_DONE;
}

sp_status package_store_add(db_tx *tx, const new_package *p)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_PACKAGE_ADD,
                 DB_ARGS(db_int64(p->enterprise_id), db_int64(p->id), db_text(p->version), db_int64(p->version_number),
                         db_text(p->model), db_text(p->notes), db_int64(p->size), db_bytes(p->sha256, SHA256_BYTES),
                         db_int64(p->file_size), db_bytes(p->file_sha256, SHA256_BYTES), db_text(p->key_name),
                         db_time(p->now_ms), db_text(p->uploaded_by)),
                 &rows);

    if (sp_failed(st))
        return st;
    return rows.affected > 0 ? SP_DONE : VERSION_EXISTS;
}

sp_status package_store_hold(db_tx *tx, int64_t enterprise_id, int64_t id, held_package *ret)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_PACKAGE_HOLD, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return PACKAGE_NOT_FOUND;
    *ret = (held_package){db_row_text(&rows, 0, 0), db_row_int(&rows, 0, 1), db_row_text(&rows, 0, 2)};
    return SP_DONE;
}

sp_status package_store_delete(db_tx *tx, int64_t enterprise_id, int64_t id, const char **ret_version)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_PACKAGE_LOCK, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return PACKAGE_NOT_FOUND;
    *ret_version = db_row_text(&rows, 0, 0);
    st = db_query(tx, SQL_PACKAGE_DELETE, DB_ARGS(db_int64(enterprise_id), db_int64(id)), &rows);
    if (sp_failed(st))
        return st;
    return rows.affected > 0 ? SP_DONE : PACKAGE_IN_USE;
}
