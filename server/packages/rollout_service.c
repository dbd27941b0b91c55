/* Rollouts: the handlers. */
#include <stdlib.h>
#include <string.h>

#include "org.h"
#include "package_rules.h"
#include "rollout_driver.h"
#include "rollout_store.h"

static sp_status scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, rollout_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status st = call_tx(call, ret_tx);

    if (sp_failed(st))
        return st;
    ret_scope->enterprise_id = who->enterprise_id;
    ret_scope->now_ms = call_now_ms(call);
    return org_scope(*ret_tx, who, group_id, &ret_scope->groups);
}

/* ---- Creating ---------------------------------------------------------------------------------------------------- */

static sp_status check_request(rpc_call *call, const CreateRolloutRequest *request)
{
    if (request->n_stages > 0 && !rollout_stages_are_sound(request->stages, request->n_stages))
        return rpc_call_violation(call, "stages", "STAGES_INVALID",
                                  "Stages are percentages that rise, and the last one is 100.");
    if (request->stop_percent < 0 || request->stop_percent > 100)
        return rpc_call_violation(call, "stop_percent", "OUT_OF_RANGE", "It is a percentage.");
    if (request->n_device_ids > 0 && request->group_id != 0)
        return rpc_call_violation(call, "group_id", "TARGETS_CONTRADICT", "Name terminals or a group, not both.");
    if (request->n_device_ids == 0 && request->group_id == 0)
        return rpc_call_violation(call, "device_ids", "FIELD_REQUIRED", "Name terminals or a group.");
    return SP_DONE;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Each once. */
static size_t distinct_ids(int64_t *ids, size_t count)
{
    size_t kept = 0;

    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}

/* Of a group whatever there is; terminals that were named must all be there. */
static sp_status find_targets(rpc_call *call, db_tx *tx, const rollout_scope *scope,
                              const CreateRolloutRequest *request, new_rollout *r)
{
    size_t count = request->n_device_ids;
    int64_t *ids = arena_array(rpc_call_arena(call), count + 1, sizeof *ids);
    int64_t *devices = NULL;

    if (!ids)
        return DB_NO_MEMORY;
    if (count > 0)
        memcpy(ids, request->device_ids, count * sizeof *ids);
    count = distinct_ids(ids, count);
    sp_status st = rollout_store_targets(tx, scope, ids, count, &devices, &r->device_count);
    if (sp_failed(st))
        return st;
    r->devices = devices;
    if (r->device_count < count)
        return rpc_call_violation(call, "device_ids", "DEVICE_UNKNOWN", "There is no such terminal.");
    if (r->device_count == 0)
        return rpc_call_violation(call, "group_id", "NO_DEVICE",
                                  "There is no device under the selected group, please select again.");
    return SP_DONE;
}

static sp_status find_package(rpc_call *call, db_tx *tx, const CreateRolloutRequest *request, new_rollout *r)
{
    sp_status st = package_store_hold(tx, call_caller(call)->enterprise_id, request->package_id, &r->package);

    if (strcmp(st.reason, PACKAGE_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "package_id", "PACKAGE_UNKNOWN", "There is no such package.");
    return st;
}

static sp_status answer(db_tx *tx, const rollout_scope *scope, int64_t id, Rollout *reply)
{
    Rollout *rollout;
    sp_status st = rollout_store_get(tx, scope, id, &rollout);

    if (!sp_failed(st))
        *reply = *rollout;
    return st;
}

sp_status handle_create_rollout(rpc_call *call, const CreateRolloutRequest *request, Rollout *reply)
{
    static const int32_t at_once[] = {100};
    new_rollout r = {
        .package_id = request->package_id,
        .stages = request->n_stages > 0 ? request->stages : at_once,
        .stage_count = request->n_stages > 0 ? request->n_stages : 1,
        .stop_percent = request->stop_percent,
        .force = request->force,
        .operator_name = call_caller(call)->username,
    };
    rollout_scope scope;
    int64_t id = 0;
    db_tx *tx;

    sp_status st = check_request(call, request);
    if (!sp_failed(st))
        st = scope_find(call, request->group_id, &tx, &scope);
    if (strcmp(st.reason, GROUP_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "group_id", "GROUP_UNKNOWN", "There is no such group.");
    if (!sp_failed(st))
        st = find_package(call, tx, request, &r);
    if (!sp_failed(st))
        st = find_targets(call, tx, &scope, request, &r);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "%zu devices to %s", r.device_count, r.package.version);
    st = rollout_store_add(tx, &scope, &r, &id);
    if (!sp_failed(st))
        st = rollout_drive(tx, scope.enterprise_id, id, scope.now_ms, true);
    if (!sp_failed(st))
        st = answer(tx, &scope, id, reply);
    if (!sp_failed(st))
        call_audit_after(call, &reply->base);
    return st;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

sp_status handle_list_rollouts(rpc_call *call, const ListRolloutsRequest *request, ListRolloutsResponse *reply)
{
    rollout_scope scope;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = rollout_store_list(tx, &scope, &p, &reply->rollouts, &reply->n_rollouts);
    if (!sp_failed(st))
        st = rollout_store_count(tx, &scope, &reply->total_size);
    if (sp_failed(st) || reply->n_rollouts <= (size_t)p.size)
        return st;

    reply->n_rollouts = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", 0, reply->rollouts[p.size - 1]->id);
    return SP_DONE;
}

sp_status handle_get_rollout(rpc_call *call, const GetRolloutRequest *request, Rollout *reply)
{
    rollout_scope scope;
    db_tx *tx;
    sp_status st = scope_find(call, 0, &tx, &scope);

    return sp_failed(st) ? st : answer(tx, &scope, request->id, reply);
}

sp_status handle_list_rollout_devices(rpc_call *call, const ListRolloutDevicesRequest *request,
                                      ListRolloutDevicesResponse *reply)
{
    rollout_scope scope;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = rollout_store_devices(tx, &scope, request->rollout_id, request->state, &p, &reply->devices,
                                   &reply->n_devices);
    if (!sp_failed(st))
        st = rollout_store_device_count(tx, &scope, request->rollout_id, request->state, &reply->total_size);
    if (sp_failed(st) || reply->n_devices <= (size_t)p.size)
        return st;

    reply->n_devices = (size_t)p.size;
    const RolloutDevice *last = reply->devices[p.size - 1];
    reply->next_page_token = page_token(rpc_call_arena(call), "", last->stage, last->device_id);
    return SP_DONE;
}

/* ---- Going on, or not -------------------------------------------------------------------------------------------- */

#define STATE(name) SMARTPASS__V1__ROLLOUT_STATE__ROLLOUT_STATE_##name

static sp_status hold(rpc_call *call, int64_t id, db_tx **ret_tx, rollout_scope *ret_scope,
                      Smartpass__V1__RolloutState *ret_state)
{
    const char *version = "";
    sp_status st = scope_find(call, 0, ret_tx, ret_scope);

    if (!sp_failed(st))
        st = rollout_store_hold(*ret_tx, ret_scope, id, ret_state, &version);
    call_audit_object(call, "rollout of %s", version);
    return st;
}

sp_status handle_continue_rollout(rpc_call *call, const ContinueRolloutRequest *request, Rollout *reply)
{
    Smartpass__V1__RolloutState state;
    rollout_scope scope;
    db_tx *tx;
    sp_status st = hold(call, request->id, &tx, &scope, &state);

    if (sp_failed(st))
        return st;
    if (state != STATE(STOPPED))
        return ROLLOUT_NOT_STOPPED;
    st = rollout_store_go_on(tx, &scope, request->id);
    if (!sp_failed(st))
        st = rollout_drive(tx, scope.enterprise_id, request->id, scope.now_ms, true);
    return sp_failed(st) ? st : answer(tx, &scope, request->id, reply);
}

sp_status handle_cancel_rollout(rpc_call *call, const CancelRolloutRequest *request, Rollout *reply)
{
    Smartpass__V1__RolloutState state;
    rollout_scope scope;
    db_tx *tx;
    sp_status st = hold(call, request->id, &tx, &scope, &state);

    if (sp_failed(st))
        return st;
    if (state != STATE(RUNNING) && state != STATE(STOPPED))
        return ROLLOUT_ENDED;
    st = rollout_store_cancel(tx, &scope, request->id);
    if (!sp_failed(st))
        st = rollout_tell(tx, scope.enterprise_id, request->id, scope.now_ms);
    return sp_failed(st) ? st : answer(tx, &scope, request->id, reply);
}
