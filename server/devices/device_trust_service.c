/* Accepting a terminal, cutting one off, and putting another in its place. */
#include <string.h>

#include "device_handlers.h"

SP_STATUS(DEVICE_NOT_WAITING, SP_FAILED_PRECONDITION,
          "The terminal was accepted already; only one that waits can replace.");

/* Locked, and as it was before. */
static sp_status take(rpc_call *call, int64_t device_id, db_tx **ret_tx, device_scope *ret_scope,
                      device_locked *ret_locked)
{
    Device *before;
    sp_status st = device_scope_find(call, 0, ret_tx, ret_scope);

    if (!sp_failed(st))
        st = device_lock_one(*ret_tx, ret_scope, device_id, ret_locked);
    if (!sp_failed(st))
        st = device_store_get(*ret_tx, ret_scope, device_id, &before);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", before->name);
    call_audit_before(call, &before->base);
    return SP_DONE;
}

static sp_status answer(rpc_call *call, db_tx *tx, const device_scope *scope, int64_t device_id, Device *reply)
{
    Device *after;
    sp_status st = device_store_get(tx, scope, device_id, &after);

    if (sp_failed(st))
        return st;
    *reply = *after;
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

sp_status approve_device(rpc_call *call, const ApproveDeviceRequest *request, Device *reply)
{
    device_locked device;
    device_scope scope;
    db_tx *tx;

    sp_status st = take(call, request->id, &tx, &scope, &device);
    if (!sp_failed(st) && device.waiting)
        st = device_approve(tx, &scope, device.id, call_caller(call)->user_id);
    return sp_failed(st) ? st : answer(call, tx, &scope, device.id, reply);
}

sp_status revoke_device(rpc_call *call, const RevokeDeviceRequest *request, Device *reply)
{
    device_locked device;
    device_scope scope;
    db_tx *tx;

    sp_status st = take(call, request->id, &tx, &scope, &device);
    if (!sp_failed(st))
        st = device_revoke(tx, &scope, device.id);
    return sp_failed(st) ? st : answer(call, tx, &scope, device.id, reply);
}

/* ---- Another in its place ---------------------------------------------------------------------------------------- */

/* The broken one as the console knows it, and its place, which the new one is about to enter. */
static sp_status find_former(rpc_call *call, int64_t id, db_tx *tx, const device_scope *scope, Device **ret_former)
{
    sp_status st = device_store_get(tx, scope, id, ret_former);

    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", (*ret_former)->name);
    call_audit_before(call, &(*ret_former)->base);
    return device_place_hold(call, tx, (*ret_former)->group_id, (*ret_former)->section_id);
}

static sp_status judge(rpc_call *call, const ReplaceDeviceRequest *request, const Device *former,
                       const device_locks *locks)
{
    const device_locked *old = device_locks_find(locks, request->id), *new = device_locks_find(locks, request->by_id);

    if (!old)
        return DEVICE_NOT_FOUND;
    if (!new || new == old)
        return rpc_call_violation(call, "by_id", "DEVICE_UNKNOWN", "There is no such other terminal.");
    if (old->online)
        return DEVICE_STILL_ONLINE;
    if (!new->waiting)
        return DEVICE_NOT_WAITING;
    /* Moved since it was looked at: the place that is held is not its own any more. */
    return old->group_id != former->group_id || old->section_id != former->section_id ? DB_CONFLICT : SP_DONE;
}

sp_status replace_device(rpc_call *call, const ReplaceDeviceRequest *request, Device *reply)
{
    const int64_t both[] = {request->id, request->by_id};
    device_scope scope;
    device_locks locks;
    Device *former;
    db_tx *tx;

    sp_status st = device_scope_find(call, 0, &tx, &scope);
    if (!sp_failed(st))
        st = find_former(call, request->id, tx, &scope, &former);
    if (!sp_failed(st))
        st = device_lock(tx, &scope, both, 2, &locks);
    if (!sp_failed(st))
        st = judge(call, request, former, &locks);
    if (!sp_failed(st))
        st = device_replace(tx, &scope, request->id, request->by_id, call_caller(call)->user_id);
    return sp_failed(st) ? st : answer(call, tx, &scope, request->by_id, reply);
}
