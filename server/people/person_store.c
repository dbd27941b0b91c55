#include "person_store.h"

#include <string.h>

#include "server_people_sql.h"

sp_status person_not_found(person_kind kind)
{
    switch (kind) {
    case PERSON_EMPLOYEE:
        return EMPLOYEE_NOT_FOUND;
    case PERSON_VISITOR:
        return VISITOR_NOT_FOUND;
    case PERSON_BLACKLIST_ENTRY:
        break;
    }
    return BLACKLIST_ENTRY_NOT_FOUND;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

enum { FIRST_TEXT = 12 }; /* of the columns */

static void row_read(const db_rows *rows, int i, person_row *ret_row)
{
    *ret_row = (person_row){
        .who = {.id = db_row_int(rows, i, 0),
                .kind = (person_kind)db_row_int(rows, i, 1),
                .group_id = db_row_int(rows, i, 2),
                .section_id = db_row_int(rows, i, 3),
                .photo_id = db_row_int(rows, i, 4),
                .host_id = db_row_int(rows, i, 5),
                .gender = (int)db_row_int(rows, i, 6)},
        .created_ms = db_row_time_ms(rows, i, 7),
        .updated_ms = db_row_time_ms(rows, i, 8),
        .device_count = (int32_t)db_row_int(rows, i, 9),
        .blacklisted = db_row_bool(rows, i, 10),
        .host_name = db_row_text(rows, i, 11),
    };
    for (int text = 0; text < PERSON_TEXTS; text++)
        ret_row->who.texts[text] = (char *)db_row_text(rows, i, FIRST_TEXT + text);
}

sp_status person_store_list(db_tx *tx, const people_scope *scope, const people_filter *filter, const page *p,
                            person_row **ret_rows, size_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PERSON_LIST,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int32(filter->kind),
                                        db_text(filter->query), db_int64(filter->section_id), db_int32(filter->photo),
                                        db_int32(filter->grant), db_bool(p->first), db_text(p->text), db_int64(p->id),
                                        db_int32(p->size + 1), db_int32(p->skip)),
                                &rows);

    if (sp_failed(status))
        return status;
    *ret_rows = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof **ret_rows);
    if (!*ret_rows)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++)
        row_read(&rows, i, &(*ret_rows)[i]);
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

static bool is_narrowed(const people_filter *filter)
{
    return *filter->query || filter->section_id != 0 || filter->photo != 0 || filter->grant != 0;
}

sp_status person_store_count(db_tx *tx, const people_scope *scope, const people_filter *filter, int32_t *ret_count)
{
    const db_arg enterprise = db_int64(scope->enterprise_id), kind = db_int32(filter->kind);
    db_rows rows;
    sp_status status;

    if (is_narrowed(filter))
        status = db_query(tx, SQL_PERSON_COUNT,
                          DB_ARGS(enterprise, scope->groups, kind, db_text(filter->query), db_int64(filter->section_id),
                                  db_int32(filter->photo), db_int32(filter->grant)),
                          &rows);
    else if (scope->groups.is_null)
        status = db_query(tx, SQL_PERSON_COUNT_ALL, DB_ARGS(enterprise, kind), &rows);
    else
        status = db_query(tx, SQL_PERSON_COUNT_GROUPS, DB_ARGS(enterprise, kind, scope->groups), &rows);
    if (!sp_failed(status))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}

sp_status person_store_find(db_tx *tx, const people_scope *scope, person_kind kind, int64_t id, person_row *ret_row)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_PERSON_FIND,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int32(kind), db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return person_not_found(kind);
    row_read(&rows, 0, ret_row);
    return SP_DONE;
}

/* ---- Locks ------------------------------------------------------------------------------------------------------- */

sp_status person_store_lock_blacklist(db_tx *tx, int64_t enterprise_id, person_kind changed)
{
    return db_query(tx, SQL_PERSON_DENY_LOCK,
                    DB_ARGS(db_int64(enterprise_id), db_bool(changed == PERSON_BLACKLIST_ENTRY)), NULL);
}

sp_status person_store_hold_host(db_tx *tx, const people_scope *scope, int64_t host_id, bool *ret_held)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PERSON_HOLD_HOST,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(host_id)), &rows);

    if (!sp_failed(status))
        *ret_held = rows.count > 0;
    return status;
}

sp_status person_store_lock(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count)
{
    return db_query(tx, SQL_PERSON_LOCK, DB_ARGS(db_int64(enterprise_id), db_int64_array(db_tx_arena(tx), ids, count)),
                    NULL);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

sp_status person_store_taken(db_tx *tx, int64_t enterprise_id, const person *p, person_taken *ret_taken)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PERSON_TAKEN,
                                DB_ARGS(db_int64(enterprise_id), db_int32(p->kind), db_text(p->texts[PERSON_NUMBER]),
                                        db_text(p->texts[PERSON_IDENTITY_NUMBER]), db_int64(p->id)),
                                &rows);

    if (!sp_failed(status))
        *ret_taken = (person_taken){.number = db_row_bool(&rows, 0, 0), .identity = db_row_bool(&rows, 0, 1)};
    return status;
}

sp_status person_store_card_holder(db_tx *tx, const people_scope *scope, const person *p, card_holder *ret_holder)
{
    db_rows rows;
    sp_status status = db_query(
        tx, SQL_PERSON_CARD_HOLDER,
        DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(p->texts[PERSON_CARD_NUMBER]), db_int64(p->id)),
        &rows);

    *ret_holder = (card_holder){0};
    if (!sp_failed(status) && rows.count > 0)
        *ret_holder =
            (card_holder){db_row_int(&rows, 0, 0), (person_kind)db_row_int(&rows, 0, 1), db_row_bool(&rows, 0, 2)};
    return status;
}

static db_arg text_of(const person *p, person_text text)
{
    return db_text(p ? p->texts[text] : "");
}

sp_status person_store_named(db_tx *tx, int64_t enterprise_id, const person *entry, const person *or_entry,
                             int64_t **ret_ids, size_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PERSON_NAMED,
                                DB_ARGS(db_int64(enterprise_id), text_of(entry, PERSON_IDENTITY_NUMBER),
                                        text_of(or_entry, PERSON_IDENTITY_NUMBER), text_of(entry, PERSON_CARD_NUMBER),
                                        text_of(or_entry, PERSON_CARD_NUMBER)),
                                &rows);

    if (sp_failed(status))
        return status;
    *ret_ids = db_rows_ints(&rows, 0, db_tx_arena(tx));
    *ret_count = (size_t)rows.count;
    return *ret_ids ? SP_DONE : DB_NO_MEMORY;
}

enum { VALUES = 8 }; /* before the texts */

static sp_status person_put(db_tx *tx, const db_statement *statement, int64_t enterprise_id, const person *p,
                            int64_t now_ms, person_taken *ret_taken)
{
    db_arg args[VALUES + PERSON_TEXTS] = {
        db_int64(enterprise_id),
        db_int64(p->id),
        db_int32(p->kind),
        db_int64(p->group_id),
        db_int64_or_null(p->section_id),
        db_int64_or_null(p->host_id),
        db_int32(p->gender),
        db_time(now_ms),
    };
    sp_status status;

    for (int i = 0; i < PERSON_TEXTS; i++)
        args[VALUES + i] = db_text(p->texts[i]);
    status = db_query_n(tx, statement, args, VALUES + PERSON_TEXTS, NULL);
    *ret_taken = (person_taken){.number = strcmp(db_constraint(tx), "person_number") == 0,
                                .identity = strcmp(db_constraint(tx), "person_identity") == 0,
                                .card = strcmp(db_constraint(tx), "person_card") == 0};
    return status;
}

sp_status person_store_add(db_tx *tx, int64_t enterprise_id, const person *p, int64_t now_ms, person_taken *ret_taken)
{
    return person_put(tx, &SQL_PERSON_ADD, enterprise_id, p, now_ms, ret_taken);
}

sp_status person_store_set(db_tx *tx, int64_t enterprise_id, const person *p, int64_t now_ms, person_taken *ret_taken)
{
    return person_put(tx, &SQL_PERSON_SET, enterprise_id, p, now_ms, ret_taken);
}

sp_status person_store_lose_card(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t now_ms)
{
    return db_query(tx, SQL_PERSON_LOSE_CARD, DB_ARGS(db_int64(enterprise_id), db_int64(id), db_time(now_ms)), NULL);
}
