/* Visitors: the handlers. */
#include "people_calls.h"
#include "people_parts.h"
#include "smartpass/v1/visitors.names.h"
#include "smartpass/v1/visitors.rpc.h"

static sp_status list_visitors(rpc_call *call, const ListVisitorsRequest *request, ListVisitorsResponse *reply)
{
    const people_wanted wanted = {
        PERSON_VISITOR,    request->page_size,  request->page_token, request->skip,  request->query,
        request->group_id, request->section_id, request->photo,      request->grant,
    };
    people_page found;
    sp_status status = people_list(call, &wanted, &found);

    if (sp_failed(status))
        return status;
    reply->visitors = (Visitor **)found.people;
    reply->n_visitors = found.count;
    reply->next_page_token = found.next_page_token;
    reply->total_size = found.total_size;
    return SP_DONE;
}

static sp_status get_visitor(rpc_call *call, const GetVisitorRequest *request, Visitor *reply)
{
    return people_get(call, PERSON_VISITOR, request->id, &reply->base);
}

static sp_status create_visitor(rpc_call *call, const CreateVisitorRequest *request, Visitor *reply)
{
    return people_create(call, PERSON_VISITOR, (const ProtobufCMessage *)request->visitor, request->take_card,
                         &reply->base);
}

static sp_status update_visitor(rpc_call *call, const UpdateVisitorRequest *request, Visitor *reply)
{
    return people_update(call, PERSON_VISITOR, (const ProtobufCMessage *)request->visitor, request->take_card,
                         &reply->base);
}

static const visitors_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_visitors = list_visitors,
    .get_visitor = get_visitor,
    .create_visitor = create_visitor,
    .update_visitor = update_visitor,
    .delete_visitor = erasure_delete_visitor,
    .batch_delete_visitors = erasure_batch_delete_visitors,
};

void visitors_handlers_register(server_people *people, rpc_server *server)
{
    visitors_service_register(server, &HANDLERS, people);
}
