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

sp_status session_store_enterprise(rpc_call *call, int64_t enterprise_id, const char **ret_name,
                                   const char **ret_time_zone);

sp_status session_store_preferences(rpc_call *call, const caller *who, Smartpass__V1__Preferences **ret_preferences);

sp_status session_store_password(rpc_call *call, const char **ret_phc);
sp_status session_store_set_password(rpc_call *call, const char *phc);
