/* The SQL of sessions and accounts that handlers run for their caller. */
#pragma once

#include "context.h"
#include "preferences.h"

/* Comes before the session of a sign-in: takes the account's lock, so that whoever disables it or resets its password
 * meanwhile either ends the session too or makes this DB_CONFLICT: tried again, it tells the truth. */
sp_status session_store_note_login(rpc_call *call, const login_account *who);

/* A new session in the call's transaction; tells the gateway about it. The token is in the call's arena. */
sp_status session_store_add(rpc_call *call, const login_account *who, const char **ret_token, int64_t *ret_expires_ms);

/* That the account has signed in from here: the lockout spares it in this place. */
sp_status session_store_note_place(rpc_call *call, const login_account *who);

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

/* Gives the caller the rights that the user has now: somebody who has just signed in is known by his name alone. A
 * token's are fewer than its owner's, so it keeps what it came with. */
void session_rights_take(caller *who, const session_user *user);

sp_status session_store_password(rpc_call *call, const char **ret_phc);

/* DB_CONFLICT when the password is no longer the one of earlier_phc: an administrator has reset it meanwhile. */
sp_status session_store_set_password(rpc_call *call, const char *earlier_phc, const char *phc);
