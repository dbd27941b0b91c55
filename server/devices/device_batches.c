/* What is done to many terminals at once: one transaction, and what became of each in the order of the request. */
#include "device_handlers.h"

typedef struct {
    db_tx *tx;
    device_scope scope;
    device_locks locks;
    int64_t *ids; /* of those that it is done to */
    size_t count;
} batch;

static sp_status begin(rpc_call *call, const int64_t *ids, size_t count, batch *b)
{
    sp_status st = device_lock(b->tx, &b->scope, ids, count, &b->locks);

    b->count = 0;
    b->ids = arena_array(rpc_call_arena(call), count + 1, sizeof *b->ids);
    return !sp_failed(st) && !b->ids ? DB_NO_MEMORY : st;
}

/* Who is named twice is told twice. */
static sp_status tell(rpc_call *call, const batch *b, const int64_t *ids, size_t count,
                      sp_status (*judge)(const device_locked *), BatchDevicesResponse *reply)
{
    arena *a = rpc_call_arena(call);

    reply->outcomes = arena_array(a, count + 1, sizeof *reply->outcomes);
    if (!reply->outcomes)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const device_locked *device = device_locks_find(&b->locks, ids[i]);
        const sp_status fate = device ? judge(device) : DEVICE_NOT_FOUND;
        DeviceOutcome *outcome = arena_alloc(a, sizeof *outcome);

        if (!outcome)
            return DB_NO_MEMORY;
        *outcome = (DeviceOutcome)DEVICE_OUTCOME_INIT;
        outcome->id = ids[i];
        outcome->name = (char *)(device ? device->name : "");
        outcome->reason = (char *)fate.reason;
        reply->outcomes[reply->n_outcomes++] = outcome;
    }
    call_audit_object(call, "%zu devices", b->count);
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

static sp_status judge_deletion(const device_locked *device)
{
    return device->online ? DEVICE_STILL_ONLINE : SP_DONE;
}

static sp_status judge_move(const device_locked *device)
{
    (void)device;
    return SP_DONE;
}

static void choose(batch *b, sp_status (*judge)(const device_locked *))
{
    for (size_t i = 0; i < b->locks.count; i++)
        if (!sp_failed(judge(&b->locks.devices[i])))
            b->ids[b->count++] = b->locks.devices[i].id;
}

sp_status batch_delete_devices(rpc_call *call, const BatchDeleteDevicesRequest *request, BatchDevicesResponse *reply)
{
    batch b;
    sp_status st = device_scope_find(call, 0, &b.tx, &b.scope);

    if (!sp_failed(st))
        st = begin(call, request->ids, request->n_ids, &b);
    if (sp_failed(st))
        return st;
    choose(&b, judge_deletion);
    st = device_delete(b.tx, &b.scope, b.ids, b.count);
    return sp_failed(st) ? st : tell(call, &b, request->ids, request->n_ids, judge_deletion, reply);
}

sp_status batch_move_devices(rpc_call *call, const BatchMoveDevicesRequest *request, BatchDevicesResponse *reply)
{
    const int64_t group_id = request->group_id ? request->group_id : call_caller(call)->group_id;
    batch b;
    sp_status st = device_scope_find(call, 0, &b.tx, &b.scope);

    if (!sp_failed(st))
        st = device_place_hold(call, b.tx, group_id, request->section_id);
    if (!sp_failed(st))
        st = begin(call, request->ids, request->n_ids, &b);
    if (sp_failed(st))
        return st;
    choose(&b, judge_move);
    st = device_move(b.tx, &b.scope, b.ids, b.count, group_id, request->section_id);
    return sp_failed(st) ? st : tell(call, &b, request->ids, request->n_ids, judge_move, reply);
}
