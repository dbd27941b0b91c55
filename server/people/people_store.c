#include "people_store.h"

#include <string.h>

#include "server_people_sql.h"
#include "timestamp.h"

typedef Smartpass__V1__Employee Employee;

static void employee_from_row(arena *a, const db_rows *rows, int row, Employee *employee)
{
    smartpass__v1__employee__init(employee);
    employee->id = db_row_int(rows, row, 0);
    employee->number = (char *)db_row_text(rows, row, 1);
    employee->name = (char *)db_row_text(rows, row, 2);
    employee->group_id = db_row_int(rows, row, 3);
    employee->phone = (char *)db_row_text(rows, row, 4);
    employee->card_number = (char *)db_row_text(rows, row, 5);
    employee->notes = (char *)db_row_text(rows, row, 6);
    employee->photo_id = db_row_int(rows, row, 7);
    employee->create_time = timestamp_or_null(a, db_row_time_ms(rows, row, 8));
    employee->update_time = timestamp_or_null(a, db_row_time_ms(rows, row, 9));
    employee->device_count = (int32_t)db_row_int(rows, row, 10);
    employee->section_id = db_row_int(rows, row, 11);
}

sp_status employee_store_list(db_tx *tx, const people_scope *scope, const people_filter *filter, const page *p,
                              Employee ***ret_employees, size_t *ret_count)
{
    arena *a = db_tx_arena(tx);
    Employee *employees, **pointers;
    db_rows rows;
    sp_status status = db_query(tx, SQL_EMPLOYEE_LIST,
                                DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(filter->query),
                                        db_int64(filter->section_id), db_bool(p->first), db_text(p->text),
                                        db_int64(p->id), db_int32(p->size + 1), db_int32(p->skip)),
                                &rows);

    if (sp_failed(status))
        return status;
    employees = arena_array(a, (size_t)rows.count, sizeof *employees);
    pointers = arena_array(a, (size_t)rows.count, sizeof *pointers);
    if (!employees || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        employee_from_row(a, &rows, i, &employees[i]);
        pointers[i] = &employees[i];
    }
    *ret_employees = pointers;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status employee_store_count(db_tx *tx, const people_scope *scope, const people_filter *filter, int32_t *ret_count)
{
    db_rows rows;
    sp_status status;

    if (*filter->query || filter->section_id != 0)
        status = db_query(tx, SQL_EMPLOYEE_COUNT,
                          DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_text(filter->query),
                                  db_int64(filter->section_id)),
                          &rows);
    else if (scope->groups.is_null)
        status = db_query(tx, SQL_EMPLOYEE_COUNT_ALL, DB_ARGS(db_int64(scope->enterprise_id)), &rows);
    else
        status = db_query(tx, SQL_EMPLOYEE_COUNT_GROUPS, DB_ARGS(db_int64(scope->enterprise_id), scope->groups), &rows);
    if (!sp_failed(status))
        *ret_count = (int32_t)db_row_int(&rows, 0, 0);
    return status;
}

sp_status employee_store_get(db_tx *tx, const people_scope *scope, int64_t id, Employee *ret_employee)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_EMPLOYEE_GET, DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return EMPLOYEE_NOT_FOUND;
    employee_from_row(db_tx_arena(tx), &rows, 0, ret_employee);
    return SP_DONE;
}

sp_status employee_store_lock(db_tx *tx, const people_scope *scope, int64_t id, person_at_terminals *ret_before)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_EMPLOYEE_LOCK, DB_ARGS(db_int64(scope->enterprise_id), scope->groups, db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return EMPLOYEE_NOT_FOUND;
    *ret_before = (person_at_terminals){.photo_id = db_row_int(&rows, 0, 0),
                                        .name = db_row_text(&rows, 0, 1),
                                        .number = db_row_text(&rows, 0, 2),
                                        .card_number = db_row_text(&rows, 0, 3)};
    return SP_DONE;
}

sp_status person_store_taken(db_tx *tx, int64_t enterprise_id, const Employee *employee, person_taken *ret_taken)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_PERSON_TAKEN,
                                DB_ARGS(db_int64(enterprise_id), db_text(employee->number),
                                        db_text(employee->card_number), db_int64(employee->id)),
                                &rows);

    if (!sp_failed(status))
        *ret_taken = (person_taken){db_row_bool(&rows, 0, 0), db_row_bool(&rows, 0, 1)};
    return status;
}

static sp_status employee_write(db_tx *tx, const db_statement *statement, int64_t enterprise_id,
                                const Employee *employee, int64_t now_ms, person_taken *ret_taken)
{
    sp_status status = db_query_n(tx, statement,
                                  DB_ARGS(db_int64(enterprise_id), db_int64(employee->id), db_int64(employee->group_id),
                                          db_text(employee->number), db_text(employee->name), db_text(employee->phone),
                                          db_text(employee->card_number), db_text(employee->notes), db_time(now_ms),
                                          db_int64_or_null(employee->section_id)),
                                  NULL);

    *ret_taken =
        (person_taken){strcmp(db_constraint(tx), "person_number") == 0, strcmp(db_constraint(tx), "person_card") == 0};
    return status;
}

sp_status employee_store_add(db_tx *tx, int64_t enterprise_id, const Employee *employee, int64_t now_ms,
                             person_taken *ret_taken)
{
    return employee_write(tx, &SQL_EMPLOYEE_ADD, enterprise_id, employee, now_ms, ret_taken);
}

sp_status employee_store_set(db_tx *tx, int64_t enterprise_id, const Employee *employee, int64_t now_ms,
                             person_taken *ret_taken)
{
    return employee_write(tx, &SQL_EMPLOYEE_SET, enterprise_id, employee, now_ms, ret_taken);
}
