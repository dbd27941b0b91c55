/* The settings of several terminals: the handlers. */
#include "settings_service.h"

#include <stdlib.h>

#include "call.h"
#include "org.h"
#include "settings.h"
#include "settings_view.h"
#include "smartpass/v1/settings.names.h"
#include "smartpass/v1/settings.rpc.h"

/* ---- Which terminals --------------------------------------------------------------------------------------------- */

/* As a request names them. */
typedef struct {
    const int64_t *ids;
    size_t count;
    int64_t group_id;
} wanted_devices;

static sp_status check_wanted(rpc_call *call, const wanted_devices *wanted)
{
    if (wanted->count == 0 && wanted->group_id == 0)
        return rpc_call_violation(call, "device_ids", "FIELD_REQUIRED", "Name terminals, or a group.");
    if (wanted->count > 0 && wanted->group_id != 0)
        return rpc_call_violation(call, "group_id", "VALUE_INVALID", "Name terminals or a group, not both.");
    return SP_DONE;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* How many there are, each once. */
static size_t count_distinct(int64_t *ids, size_t count)
{
    size_t distinct = 0;

    qsort(ids, count, sizeof *ids, compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            distinct++;
    return distinct;
}

static sp_status choose(rpc_call *call, const wanted_devices *wanted, db_tx **ret_tx, settings_chosen *ret)
{
    const caller *who = call_caller(call);
    arena *a = rpc_call_arena(call);
    int64_t *ids = arena_array(a, wanted->count + 1, sizeof *ids);
    db_arg groups, devices = db_null();

    if (!ids)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < wanted->count; i++)
        ids[i] = wanted->ids[i];
    sp_status st = check_wanted(call, wanted);
    if (!sp_failed(st))
        st = call_tx(call, ret_tx);
    if (!sp_failed(st))
        st = org_scope(*ret_tx, who, wanted->group_id, &groups);
    if (sp_failed(st))
        return st;
    if (wanted->group_id == 0)
        devices = db_int64_array(a, ids, wanted->count);
    ret->now_ms = call_now_ms(call);
    st = settings_choose(*ret_tx, who->enterprise_id, groups, devices, ret);
    if (!sp_failed(st) && wanted->group_id == 0 && ret->count != count_distinct(ids, wanted->count))
        return rpc_call_violation(call, "device_ids", "DEVICE_UNKNOWN", "One of these terminals does not exist.");
    return st;
}

/* ---- Methods ----------------------------------------------------------------------------------------------------- */

static sp_status get_settings(rpc_call *call, const GetSettingsRequest *request, SettingsView *reply)
{
    const wanted_devices wanted = {request->device_ids, request->n_device_ids, request->group_id};
    settings_chosen chosen;
    db_tx *tx;
    sp_status st = choose(call, &wanted, &tx, &chosen);

    return sp_failed(st) ? st : settings_view(tx, &chosen, reply);
}

static sp_status check_name(rpc_call *call, const setting_changes *changes, size_t devices)
{
    if (devices > 1 && settings_find_change(changes, SETTING_KEY_device_name))
        return rpc_call_violation(call, "settings.device_name", "ONE_DEVICE_ONLY",
                                  "Several terminals cannot have one name.");
    return SP_DONE;
}

static sp_status give(rpc_call *call, db_tx *tx, const settings_chosen *chosen, const setting_changes *changes,
                      SettingsView *reply)
{
    SettingsView *before = arena_alloc(rpc_call_arena(call), sizeof *before);

    if (!before)
        return OUT_OF_MEMORY;
    smartpass__v1__settings_view__init(before);
    sp_status st = settings_view(tx, chosen, before);
    if (!sp_failed(st))
        st = settings_write(tx, chosen->enterprise_id, chosen->ids, chosen->count, changes);
    if (!sp_failed(st))
        st = settings_view(tx, chosen, reply);
    if (sp_failed(st))
        return st;
    call_audit_before(call, &before->base);
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

static sp_status update_settings(rpc_call *call, const UpdateSettingsRequest *request, SettingsView *reply)
{
    const wanted_devices wanted = {request->device_ids, request->n_device_ids, request->group_id};
    settings_chosen chosen;
    setting_changes changes;
    db_tx *tx;

    sp_status st = check_wanted(call, &wanted);
    if (!sp_failed(st))
        st = settings_take(call, request->settings, request->update_mask, &changes);
    if (!sp_failed(st))
        st = choose(call, &wanted, &tx, &chosen);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "%zu devices: %s", chosen.count, settings_names(rpc_call_arena(call), &changes));
    if (chosen.count == 0)
        return NO_DEVICE;
    st = check_name(call, &changes, chosen.count);
    return sp_failed(st) ? st : give(call, tx, &chosen, &changes, reply);
}

void settings_register(rpc_server *server)
{
    static const settings_service handlers = {
        .size = sizeof handlers,
        .get_settings = get_settings,
        .update_settings = update_settings,
    };
    settings_service_register(server, &handlers, NULL);
}
