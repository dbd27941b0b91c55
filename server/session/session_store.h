/* The SQL of sessions and accounts that handlers run for their caller. */
#pragma once

#include "context.h"
#include "preferences.h"

/* A new session in the call's transaction; tells the gateway about it. The token is in the call's arena. */
sp_status session_store_add(rpc_call *call, const login_account *who, const char **ret_token, int64_t *ret_expires_ms);

/* Ends the caller's own session. */
sp_status session_store_remove(rpc_call *call);

/* Ends all of the caller's sessions but this one. */
sp_status session_store_remove_others(rpc_call *call);

/* What a session tells of its user beyond what the caller is known by. Texts are in the call's arena. */
typedef struct {
    const char *enterprise_name, *time_zone, *display_name, *group_name;
    int64_t group_id;
    bool group_administrator, in_root;
    text_list role_permissions;
} session_user;

sp_status session_store_user(rpc_call *call, const caller *who, session_user *ret_user);

sp_status session_store_preferences(rpc_call *call, const caller *who, Smartpass__V1__Preferences **ret_preferences);

sp_status session_store_password(rpc_call *call, const char **ret_phc);
sp_status session_store_set_password(rpc_call *call, const char *phc);
