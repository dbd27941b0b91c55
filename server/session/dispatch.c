/* What every call passes through: who is calling, may he, one transaction, one audit row, one log line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "context.h"
#include "log.h"
#include "text.h"

enum {
    REFUSED_ROWS_A_MINUTE = 100, /* of one caller, in the audit log */
    CROWD_RATE = 5,              /* a second */
    CROWD_BURST = 20,
    CROWD_PLACES = 65536,
};

/* ---- May he? ----------------------------------------------------------------------------------------------------- */

static bool is_for_people_alone(const rpc_method *method)
{
    return method->caller == RPC_CALLER_SUPER || method->caller == RPC_CALLER_ENTERPRISE_ADMIN ||
           (method->caller == RPC_CALLER_SIGNED_IN && *method->audit);
}

sp_status caller_may_call(const caller *who, const rpc_method *method)
{
    if (who->must_change_password && (who->token_id != 0 || !method->before_password_change))
        return PASSWORD_CHANGE_REQUIRED;
    if (who->token_id != 0 && is_for_people_alone(method))
        return TOKEN_NOT_ACCEPTED;
    if ((method->caller == RPC_CALLER_SUPER && !who->super_admin) ||
        (method->caller == RPC_CALLER_ENTERPRISE_ADMIN && !who->enterprise_administrator))
        return PERMISSION_MISSING;
    if (method->caller == RPC_CALLER_PERMITTED && !permission_is_held(who, method->permission))
        return PERMISSION_MISSING;
    return SP_DONE;
}

static sp_status user_admit(call_context *context, const rpc_method *method)
{
    sp_status status = caller_find_user(context);

    if (sp_failed(status))
        return status;
    status = caller_may_call(&context->who, method);
    if (sp_failed(status) && *method->permission && strcmp(status.reason, PERMISSION_MISSING.reason) == 0)
        rpc_call_error_fact(context->call, "permission", method->permission);
    return status;
}

static sp_status admit(call_context *context, const rpc_method *method)
{
    switch (method->caller) {
    case RPC_CALLER_ANYONE:
        return SP_DONE;
    case RPC_CALLER_SIGNED_IN:
    case RPC_CALLER_PERMITTED:
    case RPC_CALLER_SUPER:
    case RPC_CALLER_ENTERPRISE_ADMIN:
        return user_admit(context, method);
    case RPC_CALLER_TERMINAL:
        return caller_find_terminal(context, /* may_be_expired= */ false);
    case RPC_CALLER_FORMER_TERMINAL:
        return caller_find_terminal(context, /* may_be_expired= */ true);
    case RPC_CALLER_UNSTATED:
        break;
    }
    return PERMISSION_MISSING;
}

static sp_status dispatch_begin(void *self, rpc_call *call)
{
    call_context *context = arena_alloc(rpc_call_arena(call), sizeof *context);
    sp_status status;

    if (!context)
        return OUT_OF_MEMORY;
    *context = (call_context){
        .sessions = self,
        .call = call,
        .who = {.kind = CALLER_NOBODY, .username = "", .token_name = "", .certificate_serial = "", .address = ""},
        .now_ms = clock_now_ms(),
    };
    rpc_call_set_context(call, context);
    caller_find_address(context);
    status = admit(context, rpc_call_method(call));
    if (sp_failed(status)) {
        /* Strangers at the door are logged; a row for each would let them fill the disk. */
        context->audit_quiet = context->who.kind == CALLER_NOBODY;
        audit_failure(context, status);
    }
    return status;
}

/* ---- The end of it ----------------------------------------------------------------------------------------------- */

static void transaction_keep_words(call_context *context)
{
    if (*db_sqlstate(context->tx) || *db_message(context->tx))
        snprintf(context->db_words, sizeof context->db_words, "%s %s", db_sqlstate(context->tx),
                 db_message(context->tx));
}

static void transaction_abandon(call_context *context)
{
    if (!context->tx)
        return;
    rpc_call_on_cancel(context->call, NULL, NULL);
    transaction_keep_words(context);
    db_rollback(context->tx);
    context->tx = NULL;
}

static sp_status dispatch_finish(void *self, rpc_call *call, sp_status outcome)
{
    call_context *context = context_of(call);

    (void)self;
    if (!sp_failed(outcome))
        outcome = audit_success(context);
    if (!sp_failed(outcome))
        outcome = call_commit(call);
    transaction_abandon(context);
    if (sp_failed(outcome))
        audit_failure(context, outcome);
    else if (context->after_commit)
        context->after_commit(context->after_commit_arg);
    return outcome;
}

/* The trace id of a W3C traceparent, as the gateway and others send it. */
static const char *trace_of(const rpc_call *call)
{
    enum { ID_AT = 3, ID_END = 35 };
    const char *parent = rpc_call_metadata(call, "traceparent");

    if (!parent || strlen(parent) <= ID_END || parent[ID_END] != '-')
        return NULL;
    return arena_copy(rpc_call_arena((rpc_call *)call), parent + ID_AT, ID_END - ID_AT);
}

static void outcome_log(const call_context *context, sp_status outcome)
{
    const caller *who = &context->who;
    log_level level = LOG_INFO;
    char device[24] = "";

    if (outcome.code == SP_INTERNAL || outcome.code == SP_UNKNOWN || outcome.code == SP_DATA_LOSS)
        level = LOG_ERROR;
    else if (outcome.code == SP_UNAVAILABLE || outcome.code == SP_UNAUTHENTICATED ||
             outcome.code == SP_PERMISSION_DENIED)
        level = LOG_WARNING;
    if (who->kind == CALLER_DEVICE)
        snprintf(device, sizeof device, "%lld", (long long)who->device_id);
    log_write(level, "call failed", "method", rpc_call_method(context->call)->path, "code", sp_code_name(outcome.code),
              "reason", outcome.reason, "user", who->username, "device", device, "address", who->address, "database",
              context->db_words, "request", rpc_call_metadata(context->call, "x-request-id"), "trace",
              trace_of(context->call), NULL);
}

static void dispatch_end(void *self, rpc_call *call, sp_status outcome)
{
    call_context *context = context_of(call);

    (void)self;
    if (!context)
        return;
    transaction_abandon(context);
    if (!context->audited && sp_failed(outcome))
        audit_failure(context, outcome);
    else if (!context->audited && sp_failed(audit_success(context)))
        log_write(LOG_ERROR, "an audit row was lost", "method", rpc_call_method(call)->path, NULL);
    if (sp_failed(outcome))
        outcome_log(context, outcome);
}

rpc_interceptor session_interceptor(session_server *sessions)
{
    return (rpc_interceptor){.self = sessions, .begin = dispatch_begin, .finish = dispatch_finish, .end = dispatch_end};
}

/* ---- What handlers ask ------------------------------------------------------------------------------------------- */

const caller *call_caller(const rpc_call *call)
{
    return &context_of(call)->who;
}

void call_tree_changes(rpc_call *call)
{
    context_of(call)->who.tree_version = 0;
}

int64_t call_now_ms(const rpc_call *call)
{
    return context_of(call)->now_ms;
}

static void on_cancel(void *tx)
{
    db_cancel(tx);
}

static sp_status tx_of(rpc_call *call, db_pool *pool, db_tx **ret_tx)
{
    call_context *context = context_of(call);
    sp_status status;

    if (!context->tx) {
        if (rpc_call_cancelled(call))
            return DB_CANCELLED;
        status = db_begin(pool, context->tx_enterprise_id, rpc_call_arena(call), &context->tx);
        if (sp_failed(status)) {
            context->tx = NULL;
            return status;
        }
        rpc_call_on_cancel(call, on_cancel, context->tx);
    }
    *ret_tx = context->tx;
    return SP_DONE;
}

sp_status call_tx(rpc_call *call, db_tx **ret_tx)
{
    return tx_of(call, context_of(call)->sessions->options.app, ret_tx);
}

sp_status call_system_tx(rpc_call *call, db_tx **ret_tx)
{
    return tx_of(call, context_of(call)->sessions->options.system, ret_tx);
}

sp_status call_commit(rpc_call *call)
{
    call_context *context = context_of(call);
    db_tx *tx = context->tx;

    if (!tx)
        return SP_DONE;
    rpc_call_on_cancel(call, NULL, NULL);
    context->tx = NULL;
    return db_commit(tx);
}

void call_after_commit(rpc_call *call, void (*run)(void *arg), void *arg)
{
    call_context *context = context_of(call);

    context->after_commit = run;
    context->after_commit_arg = arg;
}

void call_audit_object(rpc_call *call, const char *format, ...)
{
    call_context *context = context_of(call);
    size_t n;
    va_list args;

    va_start(args, format);
    vsnprintf(context->audit_object, sizeof context->audit_object, format, args);
    va_end(args);
    /* Cut where a character begins: half a one would make the row unacceptable. */
    for (n = strlen(context->audit_object); n > 0 && !utf8_is_valid(context->audit_object, n); n--)
        context->audit_object[n - 1] = '\0';
}

int64_t session_idle_ms(const rpc_call *call)
{
    return context_of(call)->sessions->options.idle_ms;
}

/* ---- The server of sessions -------------------------------------------------------------------------------------- */

session_server *session_new(const session_options *options)
{
    session_server *sessions = calloc(1, sizeof *sessions);

    if (!sessions)
        return NULL;
    sessions->options = *options;
    if (sessions->options.idle_ms == 0)
        sessions->options.idle_ms = 30 * 60 * 1000;
    if (sessions->options.total_ms == 0)
        sessions->options.total_ms = 12 * 60 * 60 * 1000;
    if (sessions->options.logins_at_once == 0)
        sessions->options.logins_at_once = 12;
    for (int i = 0; i < LOGIN_LANES; i++)
        pthread_mutex_init(&sessions->login_lanes[i], NULL);
    sessions->refusals = refusals_new();
    sessions->refused_rows = audit_limiter_new(REFUSED_ROWS_A_MINUTE);
    sessions->crowd = rate_limit_new(CROWD_RATE, CROWD_BURST, CROWD_PLACES);
    if (!sessions->refusals || !sessions->refused_rows || !sessions->crowd) {
        session_free(sessions);
        return NULL;
    }
    return sessions;
}

void session_free(session_server *sessions)
{
    if (!sessions)
        return;
    for (int i = 0; i < LOGIN_LANES; i++)
        pthread_mutex_destroy(&sessions->login_lanes[i]);
    refusals_free(sessions->refusals);
    audit_limiter_free(sessions->refused_rows);
    rate_limit_free(sessions->crowd);
    free(sessions);
}
