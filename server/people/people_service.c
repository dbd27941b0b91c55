/* Employees: the handlers. */
#include <string.h>

#include "field.h"
#include "id.h"
#include "org.h"
#include "people_parts.h"
#include "people_rules.h"
#include "people_store.h"
#include "photo_store.h"
#include "smartpass/v1/org.pb-c.h"
#include "smartpass/v1/people.names.h"

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, people_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    if (sp_failed(status))
        return status;
    ret_scope->enterprise_id = who->enterprise_id;
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

static sp_status list_employees(rpc_call *call, const ListEmployeesRequest *request, ListEmployeesResponse *reply)
{
    const people_filter filter = {request->query, request->section_id};
    people_scope scope;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, request->page_size, request->page_token, request->skip, &p);

    if (!sp_failed(status))
        status = scope_find(call, request->group_id, &tx, &scope);
    if (!sp_failed(status))
        status = employee_store_list(tx, &scope, &filter, &p, &reply->employees, &reply->n_employees);
    if (!sp_failed(status))
        status = employee_store_count(tx, &scope, &filter, &reply->total_size);
    if (sp_failed(status) || reply->n_employees <= (size_t)p.size)
        return status;
    reply->n_employees = (size_t)p.size;
    reply->next_page_token =
        page_token(rpc_call_arena(call), reply->employees[p.size - 1]->number, 0, reply->employees[p.size - 1]->id);
    return SP_DONE;
}

static sp_status get_employee(rpc_call *call, const GetEmployeeRequest *request, Employee *reply)
{
    people_scope scope;
    db_tx *tx;
    sp_status status = scope_find(call, 0, &tx, &scope);

    return sp_failed(status) ? status : employee_store_get(tx, &scope, request->id, reply);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* A copy in the call's arena. All faults at once, so that a form can show them together. */
static sp_status employee_take(rpc_call *call, const Employee *from, Employee **ret_employee)
{
    Employee *employee;
    sp_status status;

    if (!from)
        return rpc_call_violation(call, "employee", "FIELD_REQUIRED", "The employee is missing.");
    employee = arena_alloc(rpc_call_arena(call), sizeof *employee);
    if (!employee)
        return OUT_OF_MEMORY;
    *employee = *from;
    *ret_employee = employee;
    status = field_take_line(call, "employee.number", &employee->number, true);
    status = sp_first_failure(status, field_take_line(call, "employee.name", &employee->name, true));
    status = sp_first_failure(status, field_take_line(call, "employee.phone", &employee->phone, false));
    status = sp_first_failure(status, field_take_line(call, "employee.card_number", &employee->card_number, false));
    return sp_first_failure(status, field_take_lines(call, "employee.notes", &employee->notes));
}

static sp_status taken_violations(rpc_call *call, const person_taken *taken, sp_status otherwise)
{
    sp_status status = SP_DONE;

    if (taken->number)
        status = rpc_call_violation(call, "employee.number", "NUMBER_TAKEN", "Another employee has this number.");
    if (taken->card)
        status = sp_first_failure(
            status, rpc_call_violation(call, "employee.card_number", "CARD_TAKEN", "Another person has this card."));
    return sp_failed(status) ? status : otherwise;
}

/* Group and section, held until the employee is in them. earlier (NULL: none) is where he was: a section that he left
 * with its group is none. */
static sp_status place_hold(rpc_call *call, db_tx *tx, const Employee *earlier, Employee *employee)
{
    const caller *who = call_caller(call);
    sp_status status;

    if (employee->group_id == 0)
        employee->group_id = who->group_id;
    if (earlier && employee->group_id != earlier->group_id && employee->section_id == earlier->section_id)
        employee->section_id = 0;
    status = org_hold_group(tx, who, employee->group_id);
    if (strcmp(status.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "employee.group_id", "GROUP_UNKNOWN", "There is no such group.");
    if (!sp_failed(status))
        status = org_hold_section(tx, who->enterprise_id, employee->group_id, SMARTPASS__V1__MODULE__MODULE_EMPLOYEES,
                                  employee->section_id);
    if (strcmp(status.reason, SECTION_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "employee.section_id", "SECTION_UNKNOWN",
                                  "The group has no such section for employees.");
    return status;
}

static sp_status photo_take(rpc_call *call, db_tx *tx, const Employee *employee, int64_t before_id)
{
    const server_people *people = rpc_call_self(call);
    const caller *who = call_caller(call);
    sp_status status = SP_DONE;

    if (employee->photo_id == before_id)
        return SP_DONE;
    if (employee->photo_id != 0)
        status = photo_store_claim(people->options.blobs, tx, who->enterprise_id, employee->photo_id, employee->id,
                                   who->user_id, call_now_ms(call));
    if (strcmp(status.reason, PHOTO_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "employee.photo_id", "PHOTO_UNKNOWN",
                                  "The photo does not exist, has expired or is another person's.");
    if (sp_failed(status))
        return status;
    return photo_store_replace(tx, who->enterprise_id, employee->id, before_id, employee->photo_id);
}

typedef sp_status (*employee_writer)(db_tx *tx, int64_t enterprise_id, const Employee *employee, int64_t now_ms,
                                     person_taken *ret_taken);

/* What creating and updating have in common, once the place is held; before_photo is 0 for a new employee. */
static sp_status employee_write(rpc_call *call, db_tx *tx, Employee *employee, int64_t before_photo,
                                employee_writer write)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    person_taken taken = {false, false};
    sp_status status = person_store_taken(tx, enterprise_id, employee, &taken);

    if (!sp_failed(status))
        status = taken_violations(call, &taken, SP_DONE);
    if (sp_failed(status))
        return status;
    status = write(tx, enterprise_id, employee, call_now_ms(call), &taken);
    if (sp_failed(status))
        return taken_violations(call, &taken, status);
    return photo_take(call, tx, employee, before_photo);
}

static sp_status create_employee(rpc_call *call, const CreateEmployeeRequest *request, Employee *reply)
{
    Employee *employee;
    people_scope scope;
    db_tx *tx;
    sp_status status = employee_take(call, request->employee, &employee);

    if (sp_failed(status))
        return status;
    employee->id = id_next();
    call_audit_object(call, "employee %s %s", employee->number, employee->name);
    call_audit_person(call, employee->id);
    status = scope_find(call, 0, &tx, &scope);
    if (!sp_failed(status))
        status = place_hold(call, tx, NULL, employee);
    if (!sp_failed(status))
        status = employee_write(call, tx, employee, 0, employee_store_add);
    if (!sp_failed(status))
        status = employee_store_get(tx, &scope, employee->id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

static sp_status tell_terminals(rpc_call *call, db_tx *tx, const person_at_terminals *before, const Employee *employee)
{
    const people_hooks *hooks = &((const server_people *)rpc_call_self(call))->options.hooks;
    const person_at_terminals after = {employee->photo_id, employee->name, employee->number, employee->card_number};

    if (!hooks->person_changed || !person_differs_at_terminals(before, &after))
        return SP_DONE;
    return hooks->person_changed(tx, call_caller(call)->enterprise_id, employee->id, call_now_ms(call));
}

static sp_status update_employee(rpc_call *call, const UpdateEmployeeRequest *request, Employee *reply)
{
    Employee earlier = EMPLOYEE_INIT;
    person_at_terminals before;
    Employee *employee;
    people_scope scope;
    db_tx *tx;
    sp_status status = employee_take(call, request->employee, &employee);

    if (sp_failed(status))
        return status;
    call_audit_object(call, "employee %s %s", employee->number, employee->name);
    call_audit_person(call, employee->id);
    status = scope_find(call, 0, &tx, &scope);
    if (!sp_failed(status))
        status = employee_store_get(tx, &scope, employee->id, &earlier);
    if (!sp_failed(status))
        status = place_hold(call, tx, &earlier, employee);
    if (!sp_failed(status))
        status = employee_store_lock(tx, &scope, employee->id, &before);
    if (!sp_failed(status))
        status = employee_store_get(tx, &scope, employee->id, &earlier);
    if (!sp_failed(status))
        call_audit_before(call, &earlier.base);
    if (!sp_failed(status))
        status = employee_write(call, tx, employee, before.photo_id, employee_store_set);
    if (!sp_failed(status))
        status = tell_terminals(call, tx, &before, employee);
    if (!sp_failed(status))
        status = employee_store_get(tx, &scope, employee->id, reply);
    if (!sp_failed(status))
        call_audit_after(call, &reply->base);
    return status;
}

static const people_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_employees = list_employees,
    .get_employee = get_employee,
    .create_employee = create_employee,
    .update_employee = update_employee,
    .upload_photo = &PHOTO_UPLOAD,
    .download_photo = &PHOTO_DOWNLOAD,
};

void people_register(server_people *people, rpc_server *server)
{
    people_service_register(server, &HANDLERS, people);
}
