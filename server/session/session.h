/* Who is calling: sessions of users, certificates of terminals, what they may do, and what the audit log says of it.
 *
 * This is what every call of the server passes through (session_interceptor), and the SessionService. */
#pragma once

#include "authority.h"
#include "call.h"
#include "password.h"

typedef struct session_server session_server;
typedef struct identity_client identity_client;

typedef struct {
    db_pool *app;
    db_pool *system;
    const authority *ca;  /* whose certificates terminals show; NULL: no terminal is let in */
    const char *gateways; /* fingerprints of the certificates of gateways on other machines; NULL: none */
    password_policy passwords;
    const uint8_t
        *master_key; /* SEAL_KEY_SIZE bytes, borrowed: seals secrets of second factors and of the identity provider */
    identity_client *identity; /* asks the identity provider; borrowed */
    int64_t idle_ms;           /* a session that nobody used for so long is over; 0: 30 minutes */
    int64_t total_ms;          /* and one of this age, whatever happened; 0: 12 hours */
    int logins_at_once; /* that may wait for each other and for the hash, further ones are told PASSWORD_BUSY; fewer
                         * than the server has workers, so that others are served meanwhile; 0: 12 */
} session_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out. */
session_server *session_new(const session_options *options);
void session_free(session_server *sessions); /* after the rpc server has stopped */

/* Goes into rpc_server_options. */
rpc_interceptor session_interceptor(session_server *sessions);

/* The SessionService. */
void session_register(session_server *sessions, rpc_server *server);

/* Removes sessions that are over and failures that no longer count. Run it now and then. */
sp_status session_sweep(session_server *sessions) SP_MUST_USE;

SP_STATUS(BAD_CREDENTIALS, SP_UNAUTHENTICATED, "User name and password do not fit.");
SP_STATUS(PASSWORD_EXPIRED, SP_UNAUTHENTICATED,
          "This one-time password is no longer good; an administrator gives a new one.");
SP_STATUS(LOGIN_LOCKED, SP_RESOURCE_EXHAUSTED, "Too many wrong passwords; try again later.");
SP_STATUS(FIRST_LOGIN_LOOPBACK_ONLY, SP_PERMISSION_DENIED,
          "The first password is well known, so it is accepted on the server's own machine alone.");

/* After which time without a call a session is over. */
int64_t session_idle_ms(const rpc_call *call);

/* Checks an account's name and password as a login does, with its lockout, for a method of RPC_CALLER_ANYONE that makes
 * a terminal one of ours. When they fit, the call's audit row names the account. Refused are accounts that must change
 * their password, may not edit devices, or have a second factor: whoever asks this way has no place for a code. No
 * transaction of the call may be open. arg is the session_server. */
sp_status session_check_account(void *arg, rpc_call *call, const char *username, const char *password,
                                int64_t *ret_enterprise_id, int64_t *ret_group_id) SP_MUST_USE;

/* Whether it is the caller's own password, with the lockout of a login, so that a stolen session cannot be used to find
 * it; otherwise a violation of field. No transaction of the call may be open. */
sp_status session_check_own_password(rpc_call *call, const char *field, const char *password) SP_MUST_USE;

/* Forgets the wrong passwords that were tried for an account, from everywhere, for somebody who has been given a new
 * one: he may sign in at once. In a transaction of its own; none of the call may be open. */
sp_status session_lift_lockout(rpc_call *call, const char *username) SP_MUST_USE;

/* ---- Accounts, for the first start and for maintenance ----------------------------------------------------------- */

SP_STATUS(ACCOUNT_NAME_TAKEN, SP_ALREADY_EXISTS, "There is an account with this name already.");

typedef struct {
    int64_t enterprise_id;
    int64_t group_id;
    const char *username;
    const char *password;
    bool super_admin, must_change_password, loopback_only;
    int64_t password_expires_ms; /* 0: never */
} new_account;

/* With a hash that was made before; the account's password is not looked at. tx is of the role system. */
sp_status session_insert_account(db_tx *tx, const new_account *account, const char *phc) SP_MUST_USE;

/* Hashes the password and adds the account in a transaction of its own. */
sp_status session_add_account(db_pool *system, const password_policy *passwords,
                              const new_account *account) SP_MUST_USE;
