/* Monitoring: the handlers. */
#include "alarm_rules.h"
#include "alarm_store.h"
#include "call.h"
#include "device_log_store.h"
#include "fleet_store.h"
#include "org.h"
#include "smartpass/v1/monitor.names.h"
#include "smartpass/v1/monitor.rpc.h"

/* ---- Alarms ------------------------------------------------------------------------------------------------------ */

static sp_status scope_find(rpc_call *call, db_tx **ret_tx, alarm_scope *ret_scope)
{
    const caller *who = call_caller(call);
    sp_status st = call_tx(call, ret_tx);

    if (sp_failed(st))
        return st;
    ret_scope->enterprise_id = who->enterprise_id;
    return org_scope(*ret_tx, who, 0, &ret_scope->groups);
}

static sp_status list_alarms(rpc_call *call, const ListAlarmsRequest *request, ListAlarmsResponse *reply)
{
    const alarm_filter filter = {request->filter, alarm_kind_word(request->kind), request->device_id};
    const alarm_filter open = {SMARTPASS__V1__ALARM_FILTER__ALARM_FILTER_OPEN, "", 0};
    alarm_scope scope;
    int64_t last_us = 0;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, request->skip, &p);
    if (!sp_failed(st))
        st = scope_find(call, &tx, &scope);
    if (!sp_failed(st))
        st = alarm_store_list(tx, &scope, &filter, &p, &reply->alarms, &reply->n_alarms, &last_us);
    if (!sp_failed(st))
        st = alarm_store_count(tx, &scope, &filter, &reply->total_size);
    if (!sp_failed(st))
        st = alarm_store_count(tx, &scope, &open, &reply->open_count);
    if (sp_failed(st) || reply->n_alarms <= (size_t)p.size)
        return st;

    reply->n_alarms = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", last_us, reply->alarms[p.size - 1]->id);
    return SP_DONE;
}

static sp_status acknowledge_alarms(rpc_call *call, const AcknowledgeAlarmsRequest *request,
                                    AcknowledgeAlarmsResponse *reply)
{
    const alarm_acknowledgement how = {call_now_ms(call), call_caller(call)->username};
    alarm_scope scope;
    db_tx *tx;

    sp_status st = scope_find(call, &tx, &scope);
    if (!sp_failed(st))
        st = alarm_store_acknowledge(tx, &scope, request->ids, request->n_ids, &how, &reply->acknowledged_count);
    call_audit_object(call, "%d alarms", (int)reply->acknowledged_count);
    return st;
}

/* ---- The fleet --------------------------------------------------------------------------------------------------- */

static sp_status get_fleet_health(rpc_call *call, const GetFleetHealthRequest *request, FleetHealth *reply)
{
    const caller *who = call_caller(call);
    db_arg groups;
    db_tx *tx;

    sp_status st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = org_scope(tx, who, request->group_id, &groups);
    if (!sp_failed(st))
        st = fleet_store_health(tx, who->enterprise_id, groups, call_now_ms(call), reply);
    return st;
}

/* ---- Logs of terminals ------------------------------------------------------------------------------------------- */

static sp_status log_filter_read(rpc_call *call, const ListDeviceLogRequest *request, device_log_filter *ret_filter)
{
    if (request->after < 0)
        return rpc_call_violation(call, "after", "OUT_OF_RANGE", "This is the id of no line.");
    *ret_filter = (device_log_filter){
        .device_id = request->device_id,
        .at_least = (int)request->at_least,
        .query = request->query,
        .after_id = request->after,
    };
    return SP_DONE;
}

static sp_status list_device_log(rpc_call *call, const ListDeviceLogRequest *request, ListDeviceLogResponse *reply)
{
    const caller *who = call_caller(call);
    device_log_filter filter;
    bool online = false;
    db_arg groups;
    page p;
    db_tx *tx;

    sp_status st = page_read(call, request->page_size, request->page_token, 0, &p);
    if (!sp_failed(st))
        st = log_filter_read(call, request, &filter);
    if (!sp_failed(st))
        st = call_tx(call, &tx);
    if (!sp_failed(st))
        st = org_scope(tx, who, 0, &groups);
    if (!sp_failed(st))
        st = device_log_store_device(tx, who->enterprise_id, groups, request->device_id, call_now_ms(call), &online);
    if (!sp_failed(st))
        st = device_log_store_list(tx, who->enterprise_id, &filter, &p, &reply->lines, &reply->n_lines);
    if (sp_failed(st))
        return st;

    reply->device_state =
        online ? SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_ONLINE : SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_OFFLINE;
    if (reply->n_lines <= (size_t)p.size)
        return SP_DONE;
    reply->n_lines = (size_t)p.size;
    reply->next_page_token = page_token(rpc_call_arena(call), "", 0, reply->lines[p.size - 1]->id);
    return SP_DONE;
}

void monitor_register(rpc_server *server)
{
    static const monitor_service handlers = {
        .size = sizeof handlers,
        .list_alarms = list_alarms,
        .acknowledge_alarms = acknowledge_alarms,
        .get_fleet_health = get_fleet_health,
        .list_device_log = list_device_log,
    };
    monitor_service_register(server, &handlers, NULL);
}
