/* One row for everything that changes something, and for every attempt that failed. */
#include <stdio.h>

#include "context.h"
#include "id.h"
#include "log.h"
#include "server_session_sql.h"

static const char *operator_of(const call_context *context, char room[96])
{
    const caller *who = &context->who;

    if (context->audit_operator)
        return context->audit_operator;
    if (who->kind == CALLER_USER)
        return who->username;
    if (who->kind == CALLER_DEVICE)
        snprintf(room, 96, "device:%lld", (long long)who->device_id);
    else
        room[0] = '\0';
    return room;
}

static sp_status row_add(call_context *context, db_tx *tx, const db_statement *statement, sp_status outcome)
{
    char room[96];

    return db_query_n(tx, statement,
                      DB_ARGS(db_int64(context->tx_enterprise_id), db_int64(id_next()), db_time(context->now_ms),
                              db_text(operator_of(context, room)), db_text(context->who.address),
                              db_text(rpc_call_method(context->call)->audit), db_text(context->audit_object),
                              db_int16((int16_t)outcome.code), db_text(outcome.reason)),
                      NULL);
}

/* By the role system: the caller may belong to no enterprise. */
static sp_status row_add_alone(call_context *context, sp_status outcome)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, 64 * 1024);
    status = db_begin(context->sessions->options.system, context->tx_enterprise_id, &memory, &tx);
    if (!sp_failed(status)) {
        status = row_add(context, tx, &SQL_SESSION_AUDIT_ADD_SYSTEM, outcome);
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return status;
}

sp_status audit_success(call_context *context)
{
    context->audited = true;
    if (*rpc_call_method(context->call)->audit == '\0')
        return SP_DONE;
    if (context->tx)
        return row_add(context, context->tx, &SQL_SESSION_AUDIT_ADD, SP_DONE);
    return row_add_alone(context, SP_DONE);
}

void audit_failure(call_context *context, sp_status outcome)
{
    sp_status status;

    context->audited = true;
    if (context->audit_quiet || *rpc_call_method(context->call)->audit == '\0')
        return;
    status = row_add_alone(context, outcome);
    if (sp_failed(status))
        log_write(LOG_ERROR, "an audit row was lost", "method", rpc_call_method(context->call)->name, "reason",
                  status.reason, NULL);
}
