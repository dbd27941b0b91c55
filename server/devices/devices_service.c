/* Terminals: the handlers. */
#include <string.h>

#include "device_handlers.h"
#include "field.h"
#include "org.h"
#include "settings.h"
#include "smartpass/v1/org.pb-c.h"

sp_status device_scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, device_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status st = call_tx(call, ret_tx);

    if (sp_failed(st))
        return st;
    ret_scope->enterprise_id = who->enterprise_id;
    ret_scope->now_ms = call_now_ms(call);
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

static sp_status list_devices(rpc_call *call, const ListDevicesRequest *request, ListDevicesResponse *reply)
{
    const device_filter filter = {request->query,   request->state,     request->section_id,
                                  request->waiting, request->condition, request->software_version};
    device_scope scope;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (sp_failed(st))
        return st;
    st = device_scope_find(call, request->group_id, &tx, &scope);
    if (!sp_failed(st))
        st = device_store_list(tx, &scope, &filter, &p, &reply->devices, &reply->n_devices);
    if (!sp_failed(st))
        st = device_store_count(tx, &scope, &filter, &reply->total_size, &reply->online_count);
    if (sp_failed(st) || reply->n_devices <= (size_t)p.size)
        return st;

    reply->n_devices = (size_t)p.size;
    const Device *last = reply->devices[p.size - 1];
    reply->next_page_token = page_token(rpc_call_arena(call), last->name, 0, last->id);
    return SP_DONE;
}

static sp_status get_device(rpc_call *call, const GetDeviceRequest *request, Device *reply)
{
    device_scope scope;
    Device *device;
    db_tx *tx;

    sp_status st = device_scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, request->id, &device);
    if (!sp_failed(st))
        *reply = *device;
    return st;
}

sp_status device_place_hold(rpc_call *call, db_tx *tx, int64_t group_id, int64_t section_id)
{
    const caller *who = call_caller(call);
    sp_status st = org_hold_group(tx, who, group_id);

    if (strcmp(st.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "group_id", "GROUP_UNKNOWN", "There is no such group.");
    if (!sp_failed(st))
        st = org_hold_section(tx, who->enterprise_id, group_id, SMARTPASS__V1__MODULE__MODULE_DEVICES, section_id);
    if (strcmp(st.reason, SECTION_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "section_id", "SECTION_UNKNOWN",
                                  "The group has no such section for terminals.");
    return st;
}

/* A section that the terminal leaves with its group is none. */
static sp_status place_hold(rpc_call *call, db_tx *tx, const Device *earlier, UpdateDeviceRequest *wanted)
{
    if (wanted->group_id == 0)
        wanted->group_id = call_caller(call)->group_id;
    if (wanted->group_id != earlier->group_id && wanted->section_id == earlier->section_id)
        wanted->section_id = 0;
    return device_place_hold(call, tx, wanted->group_id, wanted->section_id);
}

static sp_status update_device(rpc_call *call, const UpdateDeviceRequest *request, Device *reply)
{
    UpdateDeviceRequest wanted = *request;
    device_scope scope;
    Device *device;
    db_tx *tx;

    sp_status st = field_take_line(call, "name", &wanted.name, true);
    if (!sp_failed(st))
        st = field_take_line(call, "place", &wanted.place, false);
    if (!sp_failed(st))
        st = device_scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, wanted.id, &device);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", device->name);
    call_audit_before(call, &device->base);
    st = place_hold(call, tx, device, &wanted);
    if (!sp_failed(st))
        st = device_store_place(tx, &scope, &wanted);
    if (!sp_failed(st) && strcmp(wanted.name, device->name) != 0)
        st = settings_rename(tx, scope.enterprise_id, wanted.id, wanted.name);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, wanted.id, &device);
    if (sp_failed(st))
        return st;
    *reply = *device;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

static sp_status delete_device(rpc_call *call, const DeleteDeviceRequest *request, DeleteDeviceResponse *reply)
{
    const char *name = "";
    device_scope scope;
    Device *device;
    db_tx *tx;

    (void)reply;
    sp_status st = device_scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, request->id, &device);
    if (!sp_failed(st))
        call_audit_before(call, &device->base);
    if (!sp_failed(st))
        st = device_store_delete(tx, &scope, request->id, &name);
    call_audit_object(call, "device %s", name);
    return st;
}

static sp_status update_device_settings(rpc_call *call, const UpdateDeviceSettingsRequest *request,
                                        DeviceSettings *reply)
{
    setting_changes changes;
    device_scope scope;
    Device *device;
    db_tx *tx;

    sp_status st = settings_take(call, request->settings, request->update_mask, &changes);
    if (!sp_failed(st))
        st = device_scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, request->id, &device);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s: %s", device->name, settings_names(rpc_call_arena(call), &changes));
    call_audit_before(call, &device->settings->base);
    st = settings_write(tx, scope.enterprise_id, &request->id, 1, &changes);
    if (!sp_failed(st))
        st = device_store_get(tx, &scope, request->id, &device);
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
        .update_device = update_device,
        .delete_device = delete_device,
        .batch_delete_devices = batch_delete_devices,
        .batch_move_devices = batch_move_devices,
        .approve_device = approve_device,
        .replace_device = replace_device,
        .revoke_device = revoke_device,
        .get_device_policy = get_device_policy,
        .update_device_policy = update_device_policy,
        .update_device_settings = update_device_settings,
    };
    devices_service_register(server, &handlers, NULL);
}
