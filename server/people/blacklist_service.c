/* The blacklist: the handlers. */
#include "people_calls.h"
#include "people_parts.h"
#include "smartpass/v1/blacklist.names.h"
#include "smartpass/v1/blacklist.rpc.h"

static sp_status list_blacklist_entries(rpc_call *call, const ListBlacklistEntriesRequest *request,
                                        ListBlacklistEntriesResponse *reply)
{
    const people_wanted wanted = {
        PERSON_BLACKLIST_ENTRY, request->page_size,  request->page_token, request->skip,  request->query,
        request->group_id,      request->section_id, request->photo,      request->grant,
    };
    people_page found;
    sp_status status = people_list(call, &wanted, &found);

    if (sp_failed(status))
        return status;
    reply->blacklist_entries = (BlacklistEntry **)found.people;
    reply->n_blacklist_entries = found.count;
    reply->next_page_token = found.next_page_token;
    reply->total_size = found.total_size;
    return SP_DONE;
}

static sp_status get_blacklist_entry(rpc_call *call, const GetBlacklistEntryRequest *request, BlacklistEntry *reply)
{
    return people_get(call, PERSON_BLACKLIST_ENTRY, request->id, &reply->base);
}

static sp_status create_blacklist_entry(rpc_call *call, const CreateBlacklistEntryRequest *request,
                                        BlacklistEntry *reply)
{
    return people_create(call, PERSON_BLACKLIST_ENTRY, (const ProtobufCMessage *)request->blacklist_entry, false,
                         &reply->base);
}

static sp_status update_blacklist_entry(rpc_call *call, const UpdateBlacklistEntryRequest *request,
                                        BlacklistEntry *reply)
{
    return people_update(call, PERSON_BLACKLIST_ENTRY, (const ProtobufCMessage *)request->blacklist_entry, false,
                         &reply->base);
}

static const blacklist_service HANDLERS = {
    .size = sizeof HANDLERS,
    .list_blacklist_entries = list_blacklist_entries,
    .get_blacklist_entry = get_blacklist_entry,
    .create_blacklist_entry = create_blacklist_entry,
    .update_blacklist_entry = update_blacklist_entry,
    .delete_blacklist_entry = erasure_delete_blacklist_entry,
    .batch_delete_blacklist_entries = erasure_batch_delete_blacklist_entries,
};

void blacklist_handlers_register(server_people *people, rpc_server *server)
{
    blacklist_service_register(server, &HANDLERS, people);
}
