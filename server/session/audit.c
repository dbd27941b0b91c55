/* One row for everything that changes something, and for every attempt that was refused. */
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "context.h"
#include "log.h"
#include "text.h"

enum { OPERATOR_ROOM = 136 };

/* The end of a long name goes, but never half a character. */
static const char *token_operator(const caller *who, char room[OPERATOR_ROOM])
{
    size_t kept = strlen(who->token_name), most = OPERATOR_ROOM - sizeof " (token )" - strlen(who->username);

    if (kept > most)
        kept = most;
    while (!utf8_is_valid(who->token_name, kept))
        kept--;
    snprintf(room, OPERATOR_ROOM, "%s (token %.*s)", who->username, (int)kept, who->token_name);
    return room;
}

static const char *operator_of(const call_context *context, char room[OPERATOR_ROOM])
{
    const caller *who = &context->who;

    if (context->audit_operator)
        return context->audit_operator;
    if (who->kind == CALLER_USER && who->token_id != 0)
        return token_operator(who, room);
    if (who->kind == CALLER_USER)
        return who->username;
    if (who->kind == CALLER_DEVICE)
        snprintf(room, OPERATOR_ROOM, "device:%lld", (long long)who->device_id);
    else
        room[0] = '\0';
    return room;
}

static int64_t operator_id_of(const call_context *context)
{
    const caller *who = &context->who;

    return who->kind == CALLER_USER ? who->user_id : who->kind == CALLER_DEVICE ? who->device_id : 0;
}

static audit_entry entry_of(const call_context *context, db_tx *tx, char room[OPERATOR_ROOM])
{
    return (audit_entry){
        .enterprise_id = context->tx_enterprise_id,
        .now_ms = context->now_ms,
        .operator_name = operator_of(context, room),
        .operator_id = operator_id_of(context),
        .address = context->who.address,
        .module = audit_module(db_tx_arena(tx), rpc_call_method(context->call)->path),
    };
}

/* A method that only reads has no verb; its refusals go by its name. */
static sp_status row_add(call_context *context, db_tx *tx, sp_status outcome)
{
    const rpc_method *method = rpc_call_method(context->call);
    bool refused = sp_failed(outcome);
    char room[OPERATOR_ROOM];
    audit_entry entry = entry_of(context, tx, room);

    entry.action = *method->audit ? method->audit : method->name;
    entry.object = context->audit_object;
    entry.outcome = outcome;
    entry.person_id = context->audit_person_id;
    entry.before = refused ? NULL : context->audit_before;
    entry.after = refused ? NULL : context->audit_after;
    return audit_add(tx, &entry);
}

sp_status call_audit_beside(rpc_call *call, const char *action, int64_t person_id, const char *object,
                            const ProtobufCMessage *before, const ProtobufCMessage *after)
{
    call_context *context = context_of(call);
    char room[OPERATOR_ROOM];
    audit_entry entry = entry_of(context, context->tx, room);

    entry.outcome = SP_DONE;
    entry.action = action;
    entry.object = object;
    entry.person_id = person_id;
    entry.before = audit_json(db_tx_arena(context->tx), before);
    entry.after = audit_json(db_tx_arena(context->tx), after);
    return audit_add(context->tx, &entry);
}

/* By the role system: the caller may belong to no enterprise. */
static sp_status row_add_alone(call_context *context, sp_status outcome)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, 128 * 1024);
    status = db_begin(context->sessions->options.system, context->tx_enterprise_id, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, row_add(context, tx, outcome));
    arena_done(&memory);
    return status;
}

sp_status audit_success(call_context *context)
{
    context->audited = true;
    if (*rpc_call_method(context->call)->audit == '\0')
        return SP_DONE;
    if (context->tx)
        return row_add(context, context->tx, SP_DONE);
    return row_add_alone(context, SP_DONE);
}

/* ---- Refusals ---------------------------------------------------------------------------------------------------- */

SP_STATUS(TOO_MANY_REFUSALS, SP_RESOURCE_EXHAUSTED, "Further refusals of this caller were counted, not kept.");

static sp_status swallowed_add(session_server *sessions, const audit_swallowed *swallowed, int64_t now_ms)
{
    char object[48];
    const audit_entry entry = {
        .enterprise_id = swallowed->enterprise_id,
        .now_ms = now_ms,
        .operator_name = swallowed->operator_name,
        .module = "session",
        .action = "refused calls",
        .object = object,
        .outcome = TOO_MANY_REFUSALS,
    };
    arena memory;
    db_tx *tx;
    sp_status status;

    snprintf(object, sizeof object, "and %lld more", (long long)swallowed->count);
    arena_init(&memory, 64 * 1024);
    status = db_begin(sessions->options.system, swallowed->enterprise_id, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, audit_add(tx, &entry));
    arena_done(&memory);
    return status;
}

sp_status audit_sweep(session_server *sessions, int64_t now_ms)
{
    audit_swallowed swallowed;
    sp_status status = SP_DONE;

    while (!sp_failed(status) && audit_limiter_next(sessions->refused_rows, now_ms, &swallowed))
        status = swallowed_add(sessions, &swallowed, now_ms);
    return status;
}

/* Whatever was to change something; of what only reads, what somebody was not allowed or not meant to see. */
static bool is_worth_a_row(const call_context *context, sp_status outcome)
{
    const rpc_method *method = rpc_call_method(context->call);

    if (context->audit_quiet)
        return false;
    if (*method->audit)
        return true;
    if (context->who.kind != CALLER_USER ||
        (method->caller != RPC_CALLER_PERMITTED && method->caller != RPC_CALLER_SUPER &&
         method->caller != RPC_CALLER_ENTERPRISE_ADMIN))
        return false;
    return outcome.code == SP_PERMISSION_DENIED || outcome.code == SP_UNAUTHENTICATED || outcome.code == SP_NOT_FOUND;
}

void audit_failure(call_context *context, sp_status outcome)
{
    session_server *sessions = context->sessions;
    audit_swallowed earlier;
    char room[OPERATOR_ROOM];
    sp_status status = SP_DONE;

    context->audited = true;
    if (!is_worth_a_row(context, outcome))
        return;
    if (audit_limiter_admits(sessions->refused_rows, context->tx_enterprise_id, operator_of(context, room),
                             context->now_ms, &earlier))
        status = row_add_alone(context, outcome);
    if (!sp_failed(status) && earlier.count > 0)
        status = swallowed_add(sessions, &earlier, context->now_ms);
    if (sp_failed(status))
        log_write(LOG_ERROR, "an audit row was lost", "method", rpc_call_method(context->call)->name, "reason",
                  status.reason, NULL);
}

/* ---- What handlers state ----------------------------------------------------------------------------------------- */

void call_audit_person(rpc_call *call, int64_t person_id)
{
    context_of(call)->audit_person_id = person_id;
}

void call_audit_before(rpc_call *call, const ProtobufCMessage *message)
{
    context_of(call)->audit_before = audit_json(rpc_call_arena(call), message);
}

void call_audit_after(rpc_call *call, const ProtobufCMessage *message)
{
    context_of(call)->audit_after = audit_json(rpc_call_arena(call), message);
}
