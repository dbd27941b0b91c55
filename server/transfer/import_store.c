#include "import_store.h"

#include <stdlib.h>

#include "clock.h"
#include "server_transfer_sql.h"

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

static int id_order(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

bool import_groups_have(const import_groups *groups, int64_t id)
{
    return bsearch(&id, groups->ids, groups->count, sizeof id, id_order) != NULL;
}

sp_status import_store_hold_groups(db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count,
                                   import_groups *ret_groups)
{
    arena *a = db_tx_arena(tx);
    db_rows rows;
    sp_status status = db_query(tx, SQL_IMPORT_BEGIN, DB_ARGS(db_int64(enterprise_id)), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_IMPORT_HOLD_GROUPS, DB_ARGS(db_int64(enterprise_id), db_int64_array(a, ids, count)),
                          &rows);
    if (sp_failed(status))
        return status;
    *ret_groups = (import_groups){arena_array(a, (size_t)rows.count, sizeof *ret_groups->ids), (size_t)rows.count};
    if (!ret_groups->ids)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++)
        ret_groups->ids[i] = db_row_int(&rows, i, 0);
    return SP_DONE;
}

/* ---- What is there ----------------------------------------------------------------------------------------------- */

static db_arg texts_of(arena *a, const import_row *rows, size_t count, person_text text)
{
    db_column column;

    db_column_init(&column, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < count; i++)
        if (*rows[i].person.texts[text])
            db_column_text(&column, rows[i].person.texts[text]);
    return db_column_arg(&column);
}

static void person_from_row(const db_rows *rows, int row, person *p)
{
    *p = (person){
        .kind = PERSON_EMPLOYEE,
        .id = db_row_int(rows, row, 0),
        .group_id = db_row_int(rows, row, 1),
        .section_id = db_row_int(rows, row, 2),
        .photo_id = db_row_int(rows, row, 3),
        .gender = (int)db_row_int(rows, row, 4),
    };
    for (int i = 0; i < PERSON_TEXTS; i++)
        p->texts[i] = (char *)db_row_text(rows, row, 5 + i);
}

sp_status import_store_existing(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                text_map *ret_people)
{
    arena *a = db_tx_arena(tx);
    person *people;
    db_rows found;
    sp_status status = db_query(tx, SQL_IMPORT_EXISTING,
                                DB_ARGS(db_int64(enterprise_id), texts_of(a, rows, count, PERSON_NUMBER)), &found);

    if (sp_failed(status))
        return status;
    people = arena_array(a, (size_t)found.count, sizeof *people);
    if (!people)
        return OUT_OF_MEMORY;
    for (int i = 0; i < found.count; i++) {
        person_from_row(&found, i, &people[i]);
        if (!text_map_put(ret_people, people[i].texts[PERSON_NUMBER], &people[i]))
            return OUT_OF_MEMORY;
    }
    return SP_DONE;
}

static sp_status owners_find(db_tx *tx, const db_statement *statement, int64_t enterprise_id, db_arg values,
                             text_map *ret_owners)
{
    int64_t *ids;
    db_rows found;
    sp_status status = db_query_n(tx, statement, DB_ARGS(db_int64(enterprise_id), values), &found);

    if (sp_failed(status))
        return status;
    ids = arena_array(db_tx_arena(tx), (size_t)found.count, sizeof *ids);
    if (!ids)
        return OUT_OF_MEMORY;
    for (int i = 0; i < found.count; i++) {
        ids[i] = db_row_int(&found, i, 0);
        if (!text_map_put(ret_owners, db_row_text(&found, i, 1), &ids[i]))
            return OUT_OF_MEMORY;
    }
    return SP_DONE;
}

sp_status import_store_card_owners(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                   text_map *ret_owners)
{
    return owners_find(tx, &SQL_IMPORT_CARD_OWNERS, enterprise_id,
                       texts_of(db_tx_arena(tx), rows, count, PERSON_CARD_NUMBER), ret_owners);
}

sp_status import_store_identity_owners(db_tx *tx, int64_t enterprise_id, const import_row *rows, size_t count,
                                       text_map *ret_owners)
{
    return owners_find(tx, &SQL_IMPORT_IDENTITY_OWNERS, enterprise_id,
                       texts_of(db_tx_arena(tx), rows, count, PERSON_IDENTITY_NUMBER), ret_owners);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* The texts of imported_person, in its order. */
static const person_text TEXTS[] = {
    PERSON_NUMBER,         PERSON_NAME,         PERSON_PHONE,        PERSON_CARD_NUMBER, PERSON_IDENTITY_NUMBER,
    PERSON_NATIONALITY,    PERSON_BIRTHPLACE,   PERSON_BIRTH_DATE,   PERSON_ADDRESS,     PERSON_EMPLOYED_FROM,
    PERSON_EMPLOYED_UNTIL, PERSON_CONSENT_DATE, PERSON_CONSENT_NOTE, PERSON_NOTES,
};
enum { TEXTS_COUNT = sizeof TEXTS / sizeof *TEXTS };

static const db_column_type IMPORTED[] = {
    DB_COLUMN_INT64, DB_COLUMN_INT64, DB_COLUMN_INT16, DB_COLUMN_TEXT, DB_COLUMN_TEXT, DB_COLUMN_TEXT,
    DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT, DB_COLUMN_TEXT, DB_COLUMN_TEXT,
    DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT, DB_COLUMN_TEXT,
};
_Static_assert(sizeof IMPORTED / sizeof *IMPORTED == 3 + TEXTS_COUNT, "as many columns as imported_person has");

static void person_add_to(db_tuples *t, const person *p)
{
    db_tuples_int(t, p->id);
    db_tuples_int(t, p->group_id);
    db_tuples_int(t, p->gender);
    for (int i = 0; i < TEXTS_COUNT; i++)
        db_tuples_text(t, p->texts[TEXTS[i]]);
}

/* Those of one sort, by one statement. */
static sp_status write_those(db_tx *tx, const db_statement *statement, int64_t enterprise_id, int64_t now_ms,
                             const import_row *rows, const import_decision *decisions, size_t count, bool are_new)
{
    db_tuples people;
    size_t written = 0;

    db_tuples_init(&people, db_tx_arena(tx), IMPORTED, sizeof IMPORTED / sizeof *IMPORTED);
    for (size_t i = 0; i < count; i++)
        if (rows[i].fault_count == 0 && decisions[i].is_new == are_new) {
            person_add_to(&people, &decisions[i].whole);
            written++;
        }
    if (written == 0)
        return SP_DONE;
    return db_query_n(tx, statement, DB_ARGS(db_int64(enterprise_id), db_tuples_arg(&people), db_time(now_ms)), NULL);
}

db_arg import_store_people(arena *a, const import_decision *decisions, size_t count)
{
    db_tuples people;

    db_tuples_init(&people, a, IMPORTED, sizeof IMPORTED / sizeof *IMPORTED);
    for (size_t i = 0; i < count; i++)
        person_add_to(&people, &decisions[i].whole);
    return db_tuples_arg(&people);
}

sp_status import_store_add(const import_job *job, db_tx *tx, db_arg people)
{
    return db_query(tx, SQL_IMPORT_ADD,
                    DB_ARGS(db_int64(operation_enterprise_id(job->run)), people, db_time(clock_now_ms())), NULL);
}

sp_status import_store_write(const import_job *job, db_tx *tx, const import_row *rows, const import_decision *decisions,
                             size_t count, import_changes *ret_changes)
{
    int64_t enterprise_id = operation_enterprise_id(job->run), now_ms = clock_now_ms();
    sp_status status;

    *ret_changes = (import_changes){arena_array(db_tx_arena(tx), count, sizeof *ret_changes->ids), 0, now_ms};
    if (!ret_changes->ids)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (rows[i].fault_count == 0 && decisions[i].at_terminals)
            ret_changes->ids[ret_changes->count++] = decisions[i].whole.id;
    /* Changes first: what they let go of may be what is added. */
    status = write_those(tx, &SQL_IMPORT_SET, enterprise_id, now_ms, rows, decisions, count, false);
    if (!sp_failed(status))
        status = write_those(tx, &SQL_IMPORT_ADD, enterprise_id, now_ms, rows, decisions, count, true);
    return status;
}

/* ---- Problems ---------------------------------------------------------------------------------------------------- */

enum { PROBLEM_COLUMNS = 7 };

static const char *header_of(const import_job *job, int column)
{
    int cell = column >= 0 ? job->columns->cell_of[column] : -1;
    size_t count;

    if (column < 0)
        return "";
    return cell >= 0 ? job->columns->headers[cell]
                     : columns_of(job->columns->kind, &count)[column].headers[job->columns->language];
}

static bool problem_add(const import_job *job, arena *a, const import_row *row, size_t position,
                        db_column columns[PROBLEM_COLUMNS])
{
    const import_fault *fault = &row->faults[position];
    const char *value = import_cut(a, fault->value, IMPORT_VALUE_MAX);
    size_t count;

    if (!value)
        return false;
    db_column_int(&columns[0], row->number);
    db_column_int(&columns[1], (int64_t)position);
    db_column_text(&columns[2], header_of(job, fault->column));
    db_column_text(&columns[3], fault->column >= 0 ? columns_of(job->columns->kind, &count)[fault->column].field : "");
    db_column_text(&columns[4], fault->reason);
    db_column_text(&columns[5], fault->sentence);
    db_column_text(&columns[6], value);
    return true;
}

sp_status import_store_problems(const import_job *job, db_tx *tx, const import_row *rows, size_t count, int32_t *stored)
{
    static const db_column_type types[PROBLEM_COLUMNS] = {DB_COLUMN_INT32, DB_COLUMN_INT16, DB_COLUMN_TEXT,
                                                          DB_COLUMN_TEXT,  DB_COLUMN_TEXT,  DB_COLUMN_TEXT,
                                                          DB_COLUMN_TEXT};
    arena *a = db_tx_arena(tx);
    db_column columns[PROBLEM_COLUMNS];
    db_arg args[2 + PROBLEM_COLUMNS] = {db_int64(operation_enterprise_id(job->run)), db_int64(operation_id(job->run))};
    int32_t before = *stored;

    for (int i = 0; i < PROBLEM_COLUMNS; i++)
        db_column_init(&columns[i], a, types[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < rows[i].fault_count && (n == 0 || *stored < IMPORT_PROBLEMS_MAX); n++, (*stored)++)
            if (!problem_add(job, a, &rows[i], n, columns))
                return OUT_OF_MEMORY;
    if (*stored == before)
        return SP_DONE;
    for (int i = 0; i < PROBLEM_COLUMNS; i++)
        args[2 + i] = db_column_arg(&columns[i]);
    return db_query_n(tx, &SQL_IMPORT_PROBLEM_ADD, args, sizeof args / sizeof *args, NULL);
}

sp_status import_store_list(db_tx *tx, int64_t enterprise_id, int64_t operation_id, const page *p,
                            Smartpass__V1__ImportProblem ***ret_problems, int64_t *ret_last_position, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    Smartpass__V1__ImportProblem *problems, **pointers;
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_IMPORT_PROBLEM_LIST,
                 DB_ARGS(db_int64(enterprise_id), db_int64(operation_id), db_int32(p->first ? -1 : (int32_t)p->number),
                         db_int16((int16_t)p->id), db_int32(p->size + 1), db_int32(p->skip)),
                 &rows);

    if (sp_failed(status))
        return status;
    problems = arena_array(a, (size_t)rows.count, sizeof *problems);
    pointers = arena_array(a, (size_t)rows.count, sizeof *pointers);
    if (!problems || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        smartpass__v1__import_problem__init(&problems[i]);
        problems[i].row = (int32_t)db_row_int(&rows, i, 0);
        problems[i].column = (char *)db_row_text(&rows, i, 2);
        problems[i].field = (char *)db_row_text(&rows, i, 3);
        problems[i].reason = (char *)db_row_text(&rows, i, 4);
        problems[i].message = (char *)db_row_text(&rows, i, 5);
        problems[i].value = (char *)db_row_text(&rows, i, 6);
        pointers[i] = &problems[i];
        if (i < p->size)
            *ret_last_position = db_row_int(&rows, i, 1);
    }
    *ret_problems = pointers;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status import_store_count(db_tx *tx, int64_t enterprise_id, int64_t operation_id, int32_t *ret_count)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_IMPORT_PROBLEM_COUNT, DB_ARGS(db_int64(enterprise_id), db_int64(operation_id)), &rows);

    if (!sp_failed(status))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}
