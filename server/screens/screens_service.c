/* The live screen: the handlers. Every one of them looks anew whether the caller sees the terminal. */
#include "call.h"
#include "devices.h"
#include "org.h"
#include "screen_store.h"
#include "screens.h"
#include "smartpass/v1/screens.names.h"
#include "smartpass/v1/screens.rpc.h"

static sp_status find(rpc_call *call, int64_t device_id, db_tx **ret_tx, screen_viewer *ret_viewer,
                      screen_device *ret_device)
{
    const caller *who = call_caller(call);
    screen_viewer viewer = {.enterprise_id = who->enterprise_id,
                            .user_id = who->user_id,
                            .device_id = device_id,
                            .now_ms = call_now_ms(call)};
    sp_status st = call_tx(call, ret_tx);

    if (!sp_failed(st))
        st = org_scope(*ret_tx, who, 0, &viewer.groups);
    if (!sp_failed(st))
        st = screen_store_device(*ret_tx, &viewer, ret_device);
    if (!sp_failed(st))
        *ret_viewer = viewer;
    return st;
}

static sp_status watch_screen(rpc_call *call, const WatchScreenRequest *request, Screen *reply)
{
    screen_viewer viewer;
    screen_device device;
    db_tx *tx;
    sp_status st = find(call, request->device_id, &tx, &viewer, &device);

    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", device.name);
    if (!device.online)
        return DEVICE_OFFLINE;
    if (device.waiting)
        return DEVICE_WAITING;
    st = screen_store_look(tx, &viewer);
    if (!sp_failed(st))
        st = screen_store_frame(tx, rpc_call_self(call), &viewer, 0, reply);
    reply->device_id = request->device_id;
    reply->online = true;
    return st;
}

static sp_status get_screen(rpc_call *call, const GetScreenRequest *request, Screen *reply)
{
    screen_viewer viewer;
    screen_device device;
    db_tx *tx;
    sp_status st = find(call, request->device_id, &tx, &viewer, &device);

    if (!sp_failed(st))
        st = screen_store_look_on(tx, &viewer);
    if (!sp_failed(st))
        st = screen_store_frame(tx, rpc_call_self(call), &viewer, request->after, reply);
    if (sp_failed(st))
        return st;
    reply->device_id = request->device_id;
    reply->online = device.online;
    return SP_DONE;
}

static sp_status leave_screen(rpc_call *call, const LeaveScreenRequest *request, LeaveScreenResponse *reply)
{
    screen_viewer viewer;
    screen_device device;
    db_tx *tx;
    sp_status st = find(call, request->device_id, &tx, &viewer, &device);

    (void)reply;
    return sp_failed(st) ? st : screen_store_leave(tx, &viewer);
}

void screens_register(blob_store *blobs, rpc_server *server)
{
    static const screens_service handlers = {
        .size = sizeof handlers,
        .watch_screen = watch_screen,
        .get_screen = get_screen,
        .leave_screen = leave_screen,
    };
    screens_service_register(server, &handlers, blobs);
}
