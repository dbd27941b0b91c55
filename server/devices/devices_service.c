/* Terminals: the handlers. */
#include "call.h"
#include "device_store.h"
#include "smartpass/v1/devices.names.h"
#include "smartpass/v1/devices.rpc.h"

static device_filter filter_of(const rpc_call *call, const ListDevicesRequest *request)
{
    return (device_filter){
        .enterprise_id = call_caller(call)->enterprise_id,
        .group_id = request->group_id,
        .query = request->query,
        .state = request->state,
        .now_ms = call_now_ms(call),
    };
}

static sp_status list_devices(rpc_call *call, const ListDevicesRequest *request, ListDevicesResponse *reply)
{
    const device_filter filter = filter_of(call, request);
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (sp_failed(st))
        return st;
    st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = device_store_list(tx, &filter, &p, &reply->devices, &reply->n_devices);
    if (!sp_failed(st))
        st = device_store_count(tx, &filter, &reply->total_size, &reply->online_count);
    if (sp_failed(st) || reply->n_devices <= (size_t)p.size)
        return st;

    reply->n_devices = (size_t)p.size;
    const Device *last = reply->devices[p.size - 1];
    reply->next_page_token = page_token(rpc_call_arena(call), last->name, 0, last->id);
    return SP_DONE;
}

static sp_status get_device(rpc_call *call, const GetDeviceRequest *request, Device *reply)
{
    Device *device;
    db_tx *tx;

    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = device_read(tx, call_caller(call)->enterprise_id, request->id, call_now_ms(call), &device);
    if (!sp_failed(st))
        *reply = *device;
    return st;
}

static sp_status delete_device(rpc_call *call, const DeleteDeviceRequest *request, DeleteDeviceResponse *reply)
{
    const char *name = "";
    Device *device;
    db_tx *tx;

    (void)reply;
    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = device_read(tx, call_caller(call)->enterprise_id, request->id, call_now_ms(call), &device);
    if (!sp_failed(st))
        call_audit_before(call, &device->base);
    if (!sp_failed(st))
        st = device_store_delete(tx, call_caller(call)->enterprise_id, request->id, call_now_ms(call), &name);
    call_audit_object(call, "device %s", name);
    return st;
}

static sp_status check_settings(rpc_call *call, const DeviceSettings *s)
{
    if (s->alarm_threshold_centi < 3000 || s->alarm_threshold_centi > 4500 || s->alarm_threshold_centi % 10 != 0)
        return rpc_call_violation(call, "settings.alarm_threshold_centi", "OUT_OF_RANGE",
                                  "The threshold is 30.0 to 45.0 °C in steps of 0.1.");
    if (s->relay_seconds < 1 || s->relay_seconds > 63)
        return rpc_call_violation(call, "settings.relay_seconds", "OUT_OF_RANGE",
                                  "The relay stays active for 1 to 63 seconds.");
    return SP_DONE;
}

static sp_status update_device_settings(rpc_call *call, const UpdateDeviceSettingsRequest *request,
                                        DeviceSettings *reply)
{
    int64_t enterprise_id = call_caller(call)->enterprise_id;
    const char *name = "";
    Device *device;
    db_tx *tx;

    sp_status st = check_settings(call, request->settings);
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = device_read(tx, enterprise_id, request->id, call_now_ms(call), &device);
    if (!sp_failed(st))
        call_audit_before(call, &device->settings->base);
    if (!sp_failed(st))
        st = device_store_set_settings(tx, enterprise_id, request->id, request->settings, &name);
    call_audit_object(call, "device %s", name);
    if (!sp_failed(st))
        st = device_read(tx, enterprise_id, request->id, call_now_ms(call), &device);
    if (sp_failed(st))
        return st;
    *reply = *device->settings;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

void devices_register(rpc_server *server)
{
    static const devices_service handlers = {
        .size = sizeof handlers,
        .list_devices = list_devices,
        .get_device = get_device,
        .delete_device = delete_device,
        .update_device_settings = update_device_settings,
    };
    devices_service_register(server, &handlers, NULL);
}
