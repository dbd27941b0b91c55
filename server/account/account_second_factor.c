/* The own second factor: the handlers. */
#include <string.h>

#include "account_rules.h"
#include "account_store.h"
#include "second_factor.h"
#include "session.h"

/* The row is read first and let go again, because comparing a password takes its time. */
static sp_status password_check(rpc_call *call, const char *password, bool *ret_has_factor)
{
    Profile profile = PROFILE_INIT;
    sp_status status = account_store_get(call, &profile);

    call_audit_object(call, "user %s", call_caller(call)->username);
    if (!sp_failed(status))
        status = call_commit(call);
    if (sp_failed(status))
        return status;
    *ret_has_factor = profile.second_factor;
    return profile.external ? ACCOUNT_EXTERNAL : session_check_own_password(call, "password", password);
}

sp_status account_start_second_factor(rpc_call *call, const StartSecondFactorRequest *request,
                                      StartSecondFactorResponse *reply)
{
    arena *a = rpc_call_arena(call);
    char secret[SECOND_FACTOR_SECRET_TEXT];
    bool has_factor;
    sp_status status = password_check(call, request->password, &has_factor);

    if (!sp_failed(status) && has_factor)
        status = SECOND_FACTOR_EXISTS;
    if (!sp_failed(status))
        status = second_factor_start(call, secret);
    if (sp_failed(status))
        return status;
    reply->secret = arena_text(a, secret);
    reply->uri = totp_uri(a, call_caller(call)->username, secret);
    return reply->secret && reply->uri ? SP_DONE : OUT_OF_MEMORY;
}

sp_status account_finish_second_factor(rpc_call *call, const FinishSecondFactorRequest *request,
                                       FinishSecondFactorResponse *reply)
{
    sp_status status = second_factor_finish(call, request->code, &reply->recovery_codes);

    call_audit_object(call, "user %s", call_caller(call)->username);
    if (strcmp(status.reason, SECOND_FACTOR_WRONG.reason) == 0)
        return rpc_call_violation(call, "code", "CODE_WRONG", "This is not the present code.");
    if (!sp_failed(status))
        reply->n_recovery_codes = RECOVERY_CODES;
    return status;
}

sp_status account_remove_second_factor(rpc_call *call, const RemoveSecondFactorRequest *request,
                                       RemoveSecondFactorResponse *reply)
{
    const caller *who = call_caller(call);
    bool has_factor;
    db_tx *tx;
    sp_status status = password_check(call, request->password, &has_factor);

    (void)reply;
    if (!sp_failed(status))
        status = call_tx(call, &tx);
    return sp_failed(status) ? status : second_factor_remove(tx, who->enterprise_id, who->user_id);
}
