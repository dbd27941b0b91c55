#include "people_export.h"

#include "server_people_sql.h"

enum { FIRST_TEXT = 4 }; /* of the columns */

static void listed_read(const db_rows *rows, int i, person_kind kind, listed_person *ret_person)
{
    *ret_person = (listed_person){
        .who = {.kind = kind,
                .id = db_row_int(rows, i, 0),
                .group_id = db_row_int(rows, i, 1),
                .gender = (int)db_row_int(rows, i, 2)},
        .host_number = db_row_text(rows, i, 3),
    };
    for (int text = 0; text < PERSON_TEXTS; text++)
        ret_person->who.texts[text] = (char *)db_row_text(rows, i, FIRST_TEXT + text);
}

sp_status people_export_batch(db_tx *tx, const people_scope *scope, const people_filter *filter,
                              const listed_person *after, int max, listed_person **ret_people, size_t *ret_count)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_PERSON_EXPORT,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int32(filter->kind), db_text(filter->query),
                         db_int64(filter->section_id), db_int32(filter->photo), db_int32(filter->grant),
                         db_bool(!after), db_text(after ? after->who.texts[PERSON_NUMBER] : ""),
                         db_int64(after ? after->who.id : 0), db_int32(max)),
                 &rows);

    if (sp_failed(status))
        return status;
    *ret_people = arena_array(db_tx_arena(tx), (size_t)rows.count + 1, sizeof **ret_people);
    if (!*ret_people)
        return DB_NO_MEMORY;
    for (int i = 0; i < rows.count; i++)
        listed_read(&rows, i, filter->kind, &(*ret_people)[i]);
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status people_export_count(db_tx *tx, const people_scope *scope, const people_filter *filter, int64_t *ret_count)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_PERSON_EXPORT_COUNT,
                 DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int32(filter->kind), db_text(filter->query),
                         db_int64(filter->section_id), db_int32(filter->photo), db_int32(filter->grant)),
                 &rows);

    if (!sp_failed(status))
        *ret_count = db_row_int(&rows, 0, 0);
    return status;
}
