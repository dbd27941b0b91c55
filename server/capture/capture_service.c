/* Register from device: the handlers. */
#include <string.h>

#include "call.h"
#include "capture_store.h"
#include "devices.h"
#include "org.h"
#include "smartpass/v1/capture.names.h"
#include "smartpass/v1/capture.rpc.h"

static capture_owner owner_of(const rpc_call *call)
{
    const caller *who = call_caller(call);

    return (capture_owner){who->enterprise_id, who->user_id, call_now_ms(call)};
}

static sp_status create_capture(rpc_call *call, const CreateCaptureRequest *request, Capture *reply)
{
    const caller *who = call_caller(call);
    const capture_owner owner = owner_of(call);
    const char *name = "";
    int64_t id = 0;
    db_arg groups;
    db_tx *tx;

    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = org_scope(tx, who, 0, &groups);
    if (!sp_failed(st))
        st = capture_store_add(tx, &owner, groups, request->device_id, &id, &name);
    call_audit_object(call, "device %s", name);
    if (strcmp(st.reason, DEVICE_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "device_id", "DEVICE_UNKNOWN", "There is no such terminal.");
    return sp_failed(st) ? st : capture_store_get(tx, &owner, id, reply);
}

static sp_status get_capture(rpc_call *call, const GetCaptureRequest *request, Capture *reply)
{
    const capture_owner owner = owner_of(call);
    db_tx *tx;
    sp_status st = call_tx(call, &tx);

    if (!sp_failed(st))
        st = capture_store_get(tx, &owner, request->id, reply);
    if (!sp_failed(st) && reply->photo)
        people_note_duplicates(rpc_call_self(call), call, reply->photo);
    return st;
}

static sp_status cancel_capture(rpc_call *call, const CancelCaptureRequest *request, Capture *reply)
{
    const capture_owner owner = owner_of(call);
    db_tx *tx;
    sp_status st = call_tx(call, &tx);

    if (!sp_failed(st))
        st = capture_store_cancel(tx, &owner, request->id, reply);
    if (!sp_failed(st))
        call_audit_object(call, "device %s", reply->device_name);
    return st;
}

void capture_register(server_people *people, rpc_server *server)
{
    static const capture_service handlers = {
        .size = sizeof handlers,
        .create_capture = create_capture,
        .get_capture = get_capture,
        .cancel_capture = cancel_capture,
    };
    capture_service_register(server, &handlers, people);
}
