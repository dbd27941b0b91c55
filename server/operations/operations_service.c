/* Operations: the handlers. */
#include "operations_service.h"

#include "call.h"
#include "operation_store.h"
#include "smartpass/v1/operations.names.h"
#include "smartpass/v1/operations.rpc.h"

static operation_filter filter_of(const rpc_call *call)
{
    const caller *who = call_caller(call);

    return (operation_filter){
        .enterprise_id = who->enterprise_id,
        .viewer = {.user_id = who->user_id, .sees_all = who->enterprise_administrator},
    };
}

static sp_status list_operations(rpc_call *call, const ListOperationsRequest *request, ListOperationsResponse *reply)
{
    operation_filter filter = filter_of(call);
    page p;
    db_tx *tx;

    filter.state = request->state;
    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = operation_store_list(tx, &filter, &p, &reply->operations, &reply->n_operations);
    if (!sp_failed(st))
        st = operation_store_count(tx, &filter, &reply->total_size);
    if (sp_failed(st) || reply->n_operations <= (size_t)p.size)
        return st;

    reply->n_operations = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", 0, reply->operations[p.size - 1]->id);
    return SP_DONE;
}

/* The store's predicate and the rule say the same; the rule has the last word. */
static sp_status read_visible(rpc_call *call, int64_t id, db_tx **ret_tx, Operation **ret_operation)
{
    const operation_filter filter = filter_of(call);
    int64_t operator_user_id = 0;

    sp_status st = call_tx(call, ret_tx);
    if (!sp_failed(st))
        st = operation_store_get(*ret_tx, &filter, id, ret_operation, &operator_user_id);
    if (!sp_failed(st) && !operation_visible(&filter.viewer, operator_user_id))
        st = OPERATION_NOT_FOUND;
    return st;
}

static sp_status get_operation(rpc_call *call, const GetOperationRequest *request, Operation *reply)
{
    Operation *operation;
    db_tx *tx;

    sp_status st = read_visible(call, request->id, &tx, &operation);
    if (!sp_failed(st))
        *reply = *operation;
    return st;
}

static sp_status cancel_operation(rpc_call *call, const CancelOperationRequest *request, Operation *reply)
{
    const operation_filter filter = filter_of(call);
    Operation *operation;
    db_tx *tx;

    sp_status st = read_visible(call, request->id, &tx, &operation);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "%s: %s", operation->kind, operation->object);
    st = operation_store_cancel(tx, &filter, request->id, call_now_ms(call));
    if (!sp_failed(st))
        st = read_visible(call, request->id, &tx, &operation);
    if (!sp_failed(st))
        *reply = *operation;
    return st;
}

static sp_status delete_operation(rpc_call *call, const DeleteOperationRequest *request, DeleteOperationResponse *reply)
{
    const operation_filter filter = filter_of(call);
    Operation *operation;
    bool removed = false;
    db_tx *tx;

    (void)reply;
    sp_status st = read_visible(call, request->id, &tx, &operation);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "%s: %s", operation->kind, operation->object);
    st = operation_store_remove(tx, &filter, request->id, &removed);
    return sp_failed(st) || removed ? st : OPERATION_NOT_ENDED;
}

sp_status operation_answer(rpc_call *call, const char *object, const ProtobufCMessage *request, Operation *reply)
{
    const caller *who = call_caller(call);
    const operation_order order = {
        .enterprise_id = who->enterprise_id,
        .kind = rpc_call_method(call)->audit,
        .object = object,
        .request = request,
        .operator_user_id = who->user_id,
        .operator= who->username,
        .group_id = who->group_id,
        .now_ms = call_now_ms(call),
    };
    int64_t id = 0, operator_user_id;
    Operation *operation;
    db_tx *tx;

    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = operation_start(tx, &order, &id);
    if (!sp_failed(st))
        st = operation_read(tx, order.enterprise_id, id, &operation, &operator_user_id);
    if (!sp_failed(st))
        *reply = *operation;
    return st;
}

void operations_register(rpc_server *server)
{
    static const operations_service handlers = {
        .size = sizeof handlers,
        .list_operations = list_operations,
        .get_operation = get_operation,
        .cancel_operation = cancel_operation,
        .delete_operation = delete_operation,
    };
    operations_service_register(server, &handlers, NULL);
}
