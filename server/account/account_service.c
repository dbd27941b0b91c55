/* The own account: the handlers' table, profile and sessions. */
#include "account_rules.h"
#include "account_store.h"
#include "line.h"

/* ---- Profile ----------------------------------------------------------------------------------------------------- */

static sp_status get_profile(rpc_call *call, const GetProfileRequest *request, Profile *reply)
{
    (void)request;
    return account_store_get(call, reply);
}

/* All faults at once, so that a form can show them together. */
static sp_status profile_check(rpc_call *call, const char *display_name, const Preferences *preferences)
{
    sp_status status = SP_DONE;
    account_fault fault;
    char *field;

    if (!line_is_plain(display_name))
        status = rpc_call_violation(call, "profile.display_name", "VALUE_INVALID", "This holds control characters.");
    if (!preferences)
        return status;
    fault = preferences_fault(preferences);
    if (!fault.reason)
        return status;
    field = arena_printf(rpc_call_arena(call), "profile.preferences.%s", fault.field);
    return field ? rpc_call_violation(call, field, fault.reason, fault.sentence) : OUT_OF_MEMORY;
}

static sp_status update_profile(rpc_call *call, const UpdateProfileRequest *request, Profile *reply)
{
    const Profile *given = request->profile;
    Profile earlier = PROFILE_INIT;
    char *display_name;
    sp_status status;

    call_audit_object(call, "user %s", call_caller(call)->username);
    if (!given)
        return rpc_call_violation(call, "profile", "FIELD_REQUIRED", "The profile is missing.");
    display_name = arena_text(rpc_call_arena(call), given->display_name);
    if (!display_name)
        return OUT_OF_MEMORY;
    display_name = line_trim(display_name);
    status = profile_check(call, display_name, given->preferences);
    if (!sp_failed(status))
        status = account_store_get(call, &earlier);
    if (!sp_failed(status))
        status = account_store_set(call, display_name, given->preferences);
    if (!sp_failed(status))
        status = account_store_get(call, reply);
    if (sp_failed(status))
        return status;
    call_audit_before(call, &earlier.base);
    call_audit_after(call, &reply->base);
    return SP_DONE;
}

/* ---- Sessions ---------------------------------------------------------------------------------------------------- */

static sp_status list_sessions(rpc_call *call, const ListSessionsRequest *request, ListSessionsResponse *reply)
{
    (void)request;
    return account_store_sessions(call, &reply->sessions, &reply->n_sessions);
}

static sp_status revoke_session(rpc_call *call, const RevokeSessionRequest *request, RevokeSessionResponse *reply)
{
    const char *address;
    sp_status status;

    (void)reply;
    call_audit_object(call, "session %lld", (long long)request->id);
    status = account_store_end_session(call, request->id, &address);
    if (!sp_failed(status))
        call_audit_object(call, "session of %s from %s", call_caller(call)->username, address);
    return status;
}

static const account_service HANDLERS = {
    .size = sizeof HANDLERS,
    .get_profile = get_profile,
    .update_profile = update_profile,
    .list_sessions = list_sessions,
    .revoke_session = revoke_session,
    .start_second_factor = account_start_second_factor,
    .finish_second_factor = account_finish_second_factor,
    .remove_second_factor = account_remove_second_factor,
    .list_tokens = account_list_tokens,
    .create_token = account_create_token,
    .delete_token = account_delete_token,
};

void account_register(rpc_server *server)
{
    account_service_register(server, &HANDLERS, NULL);
}
