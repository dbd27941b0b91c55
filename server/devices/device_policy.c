/* Whether new terminals wait, and from when on something about a terminal is alarming. */
#include "device_handlers.h"
#include "org.h"
#include "server_devices_sql.h"

SP_STATUS(DEVICE_POLICY_ELSEWHERE, SP_PERMISSION_DENIED,
          "The policy holds for the whole enterprise; only who sees all of it changes it.");

static sp_status policy_read(db_tx *tx, int64_t enterprise_id, DevicePolicy *ret)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_DEVICE_POLICY_GET, DB_ARGS(db_int64(enterprise_id)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return ENTERPRISE_NOT_FOUND;
    ret->approval = db_row_bool(&rows, 0, 0);
    ret->offline_alarm_seconds = (int32_t)db_row_int(&rows, 0, 1);
    ret->clock_alarm_seconds = (int32_t)db_row_int(&rows, 0, 2);
    ret->backlog_alarm_records = (int32_t)db_row_int(&rows, 0, 3);
    ret->certificate_alarm_days = (int32_t)db_row_int(&rows, 0, 4);
    return SP_DONE;
}

static sp_status policy_check(rpc_call *call, const DevicePolicy *p)
{
    const struct {
        const char *field, *says;
        int32_t value, from, to;
    } numbers[] = {
        {"policy.offline_alarm_seconds", "60 to 86400 seconds without a sign of life.", p->offline_alarm_seconds, 60,
         86400},
        {"policy.clock_alarm_seconds", "A clock may be 5 to 3600 seconds wrong.", p->clock_alarm_seconds, 5, 3600},
        {"policy.backlog_alarm_records", "1 to 1000000 records held back.", p->backlog_alarm_records, 1, 1000000},
        {"policy.certificate_alarm_days", "1 to 60 days before it expires.", p->certificate_alarm_days, 1, 60},
    };
    sp_status st = SP_DONE;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value < numbers[i].from || numbers[i].value > numbers[i].to)
            st = rpc_call_violation(call, numbers[i].field, "OUT_OF_RANGE", numbers[i].says);
    return st;
}

static sp_status policy_write(db_tx *tx, int64_t enterprise_id, const DevicePolicy *p)
{
    return db_query(tx, SQL_DEVICE_POLICY_SET,
                    DB_ARGS(db_int64(enterprise_id), db_bool(p->approval), db_int32(p->offline_alarm_seconds),
                            db_int32(p->clock_alarm_seconds), db_int32(p->backlog_alarm_records),
                            db_int32(p->certificate_alarm_days)),
                    NULL);
}

sp_status get_device_policy(rpc_call *call, const GetDevicePolicyRequest *request, DevicePolicy *reply)
{
    db_tx *tx;
    sp_status st = call_tx(call, &tx);

    (void)request;
    return sp_failed(st) ? st : policy_read(tx, call_caller(call)->enterprise_id, reply);
}

/* Somebody who sees a part of the enterprise decides nothing for the rest of it. */
static sp_status sees_all(rpc_call *call, db_tx *tx)
{
    const int64_t *groups;
    size_t count;
    sp_status st = org_scope_ids(tx, call_caller(call), 0, &groups, &count);

    return sp_failed(st) || !groups ? st : DEVICE_POLICY_ELSEWHERE;
}

sp_status update_device_policy(rpc_call *call, const UpdateDevicePolicyRequest *request, DevicePolicy *reply)
{
    const int64_t enterprise_id = call_caller(call)->enterprise_id;
    DevicePolicy *before = arena_alloc(rpc_call_arena(call), sizeof *before);
    db_tx *tx;

    sp_status st = before ? policy_check(call, request->policy) : DB_NO_MEMORY;
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = sees_all(call, tx);
    if (sp_failed(st))
        return st;
    *before = (DevicePolicy)DEVICE_POLICY_INIT;
    call_audit_object(call, "device policy");
    st = policy_read(tx, enterprise_id, before);
    if (!sp_failed(st))
        st = policy_write(tx, enterprise_id, request->policy);
    if (!sp_failed(st))
        st = policy_read(tx, enterprise_id, reply);
    if (sp_failed(st))
        return st;
    call_audit_before(call, &before->base);
    call_audit_after(call, &reply->base);
    return SP_DONE;
}
