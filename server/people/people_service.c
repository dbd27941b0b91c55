/* Employees: the handlers. */
#include "people_calls.h"
#include "people_parts.h"
#include "smartpass/v1/people.names.h"

static sp_status list_employees(rpc_call *call, const ListEmployeesRequest *request, ListEmployeesResponse *reply)
{
    const people_wanted wanted = {
        PERSON_EMPLOYEE,   request->page_size,  request->page_token, request->skip,  request->query,
        request->group_id, request->section_id, request->photo,      request->grant,
    };
    people_page found;
    sp_status status = people_list(call, &wanted, &found);

    if (sp_failed(status))
        return status;
    reply->employees = (Employee **)found.people;
    reply->n_employees = found.count;
    reply->next_page_token = found.next_page_token;
    reply->total_size = found.total_size;
    return SP_DONE;
}

static sp_status get_employee(rpc_call *call, const GetEmployeeRequest *request, Employee *reply)
{
    return people_get(call, PERSON_EMPLOYEE, request->id, &reply->base);
}

static sp_status create_employee(rpc_call *call, const CreateEmployeeRequest *request, Employee *reply)
{
    return people_create(call, PERSON_EMPLOYEE, (const ProtobufCMessage *)request->employee, request->take_card,
                         &reply->base);
}

static sp_status update_employee(rpc_call *call, const UpdateEmployeeRequest *request, Employee *reply)
{
    return people_update(call, PERSON_EMPLOYEE, (const ProtobufCMessage *)request->employee, request->take_card,
                         &reply->base);
}

static const people_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_employees = list_employees,
    .get_employee = get_employee,
    .create_employee = create_employee,
    .update_employee = update_employee,
    .delete_employee = erasure_delete_employee,
    .batch_delete_employees = erasure_batch_delete_employees,
    .list_erasures = erasure_list_erasures,
    .get_erasure = erasure_get_erasure,
    .upload_photo = &PHOTO_UPLOAD,
    .download_photo = &PHOTO_DOWNLOAD,
};

void people_register(server_people *people, rpc_server *server)
{
    people_service_register(server, &HANDLERS, people);
    visitors_handlers_register(people, server);
    blacklist_handlers_register(people, server);
}
