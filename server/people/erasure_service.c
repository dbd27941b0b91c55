/* Deleting people, one or many, and the receipts: the handlers of three services. */
#include "erasure_parts.h"
#include "erasure_store.h"
#include "operations_service.h"
#include "org.h"
#include "smartpass/v1/blacklist.names.h"
#include "smartpass/v1/operations.names.h"
#include "smartpass/v1/people.names.h"
#include "smartpass/v1/visitors.names.h"

static sp_status scope_find(rpc_call *call, db_tx **ret_tx, db_arg *ret_groups)
{
    const caller *who = call_caller(call);
    sp_status status = call_tx(call, ret_tx);

    return sp_failed(status) ? status : org_scope(*ret_tx, who, 0, ret_groups);
}

/* ---- One --------------------------------------------------------------------------------------------------------- */

/* The audit row names no one: it stays. */
static sp_status erase(rpc_call *call, person_kind kind, int64_t id, Erasure *reply)
{
    const server_people *people = rpc_call_self(call);
    const caller *who = call_caller(call);
    erasure_order order = {
        .enterprise_id = who->enterprise_id,
        .kind = kind,
        .person_id = id,
        .operator_name = who->username,
        .erased_ms = call_now_ms(call),
        .now_ms = call_now_ms(call),
    };
    db_tx *tx;
    sp_status status;

    call_audit_object(call, "person %lld", (long long)id);
    status = scope_find(call, &tx, &order.groups);
    if (!sp_failed(status))
        status = erasure_store_erase(&people->options.hooks, tx, &order);
    if (!sp_failed(status))
        status = erasure_store_get(tx, order.enterprise_id, order.groups, id, reply);
    if (!sp_failed(status))
        call_after_commit(call, erasure_note_or_log, rpc_call_self(call));
    return status;
}

sp_status erasure_delete_employee(rpc_call *call, const DeleteEmployeeRequest *request, Erasure *reply)
{
    return erase(call, PERSON_EMPLOYEE, request->id, reply);
}

sp_status erasure_delete_visitor(rpc_call *call, const DeleteVisitorRequest *request, Erasure *reply)
{
    return erase(call, PERSON_VISITOR, request->id, reply);
}

sp_status erasure_delete_blacklist_entry(rpc_call *call, const DeleteBlacklistEntryRequest *request, Erasure *reply)
{
    return erase(call, PERSON_BLACKLIST_ENTRY, request->id, reply);
}

/* ---- Many -------------------------------------------------------------------------------------------------------- */

static sp_status batch_start(rpc_call *call, size_t count, const char *what, const ProtobufCMessage *request,
                             Operation *reply)
{
    const char *object = arena_printf(rpc_call_arena(call), "%zu %s", count, what);

    if (!object)
        return OUT_OF_MEMORY;
    call_audit_object(call, "%s", object);
    return operation_answer(call, object, request, reply);
}

sp_status erasure_batch_delete_employees(rpc_call *call, const BatchDeleteEmployeesRequest *request, Operation *reply)
{
    return batch_start(call, request->n_ids, "employees", &request->base, reply);
}

sp_status erasure_batch_delete_visitors(rpc_call *call, const BatchDeleteVisitorsRequest *request, Operation *reply)
{
    return batch_start(call, request->n_ids, "visitors", &request->base, reply);
}

sp_status erasure_batch_delete_blacklist_entries(rpc_call *call, const BatchDeleteBlacklistEntriesRequest *request,
                                                 Operation *reply)
{
    return batch_start(call, request->n_ids, "blacklist entries", &request->base, reply);
}

bool people_add_kinds(server_people *people, server_operations *operations)
{
    const operation_kind kinds[] = {
        {.name = "delete employees", .resumable = true, .run = erasure_batch_employees, .arg = people},
        {.name = "delete visitors", .resumable = true, .run = erasure_batch_visitors, .arg = people},
        {.name = "delete blacklist entries", .resumable = true, .run = erasure_batch_blacklist_entries, .arg = people},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!operations_add_kind(operations, &kinds[i]))
            return false;
    return true;
}

/* ---- Receipts ---------------------------------------------------------------------------------------------------- */

sp_status erasure_list_erasures(rpc_call *call, const ListErasuresRequest *request, ListErasuresResponse *reply)
{
    erasure_filter filter = {
        .enterprise_id = call_caller(call)->enterprise_id,
        .query = request->query,
        .pending_only = request->pending_only,
    };
    int64_t last_ms;
    page p;
    db_tx *tx;
    sp_status status = page_read(call, request->page_size, request->page_token, request->skip, &p);

    if (!sp_failed(status))
        status = scope_find(call, &tx, &filter.groups);
    if (!sp_failed(status))
        status = erasure_store_list(tx, &filter, &p, &reply->erasures, &reply->n_erasures, &last_ms);
    if (!sp_failed(status))
        status = erasure_store_count(tx, &filter, &reply->total_size);
    if (sp_failed(status) || reply->n_erasures <= (size_t)p.size)
        return status;
    reply->n_erasures = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", last_ms, reply->erasures[p.size - 1]->id);
    return SP_DONE;
}

sp_status erasure_get_erasure(rpc_call *call, const GetErasureRequest *request, Erasure *reply)
{
    db_arg groups;
    db_tx *tx;
    sp_status status = scope_find(call, &tx, &groups);

    return sp_failed(status) ? status
                             : erasure_store_get(tx, call_caller(call)->enterprise_id, groups, request->id, reply);
}
