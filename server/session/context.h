/* Inside server/session: what dispatch keeps of one call, as the call's context. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "api_token.h"
#include "audit_limit.h"
#include "call.h"
#include "hash.h"
#include "permissions.h"
#include "rate_limit.h"
#include "session.h"

typedef struct {
    session_server *sessions;
    rpc_call *call;
    caller who;
    int64_t now_ms;
    db_tx *tx;                /* of call_tx; NULL: none is open */
    int64_t tx_enterprise_id; /* whose transaction call_tx begins: the caller's, or the one that a login found */
    bool has_session;         /* or a token: call_recheck looks it up again */
    uint8_t token_sha256[SHA256_SIZE]; /* of either */
    int64_t session_expires_ms;
    void (*after_commit)(void *arg); /* of call_after_commit; NULL: nothing */
    void *after_commit_arg;
    const char *audit_operator; /* instead of the caller, for methods of ANYONE */
    char audit_object[256];
    int64_t audit_person_id;
    const char *audit_before, *audit_after; /* JSON in the call's arena; NULL: none */
    bool audit_quiet;                       /* nobody known tried nothing new: no row */
    bool audited;
    char db_words[300]; /* what the database said of a failure, for the log */
} call_context;

enum { LOGIN_LANES = 64 };

struct session_server {
    session_options options;
    struct refusals *refusals;
    audit_limiter *refused_rows;
    pthread_mutex_t login_lanes[LOGIN_LANES];
    atomic_int logins; /* under way */
    rate_limit *crowd; /* how often a place may ask for room when there is little */
};

static inline call_context *context_of(const rpc_call *call)
{
    return rpc_call_context(call);
}

/* ---- authenticate.c, terminal.c: each fills context->who or says why not ----------------------------------------- */

SP_STATUS(SESSION_MISSING, SP_UNAUTHENTICATED, "This needs a session: sign in first.");
SP_STATUS(SESSION_EXPIRED, SP_UNAUTHENTICATED, "The session is over: sign in again.");
SP_STATUS(PASSWORD_CHANGE_REQUIRED, SP_PERMISSION_DENIED, "The password must be changed before anything else.");
SP_STATUS(PERMISSION_MISSING, SP_PERMISSION_DENIED, "The caller's role does not permit this.");
SP_STATUS(TOKEN_NOT_ACCEPTED, SP_PERMISSION_DENIED, "This is for people, not for tokens: sign in.");

SP_STATUS(CERTIFICATE_MISSING, SP_UNAUTHENTICATED, "This needs a terminal's certificate.");
SP_STATUS(CERTIFICATE_FOREIGN, SP_UNAUTHENTICATED, "The certificate is not of this installation.");
SP_STATUS(CERTIFICATE_IS_EXPIRED, SP_UNAUTHENTICATED, "The certificate has expired; it can be renewed.");
SP_STATUS(CERTIFICATE_UNKNOWN, SP_UNAUTHENTICATED, "The certificate is not known any more; enrol anew.");

void caller_find_address(call_context *context);
sp_status caller_find_user(call_context *context);

/* What method's policy says of a caller who is known. (dispatch.c) */
sp_status caller_may_call(const caller *who, const rpc_method *method);

sp_status caller_find_terminal(call_context *context, bool may_be_expired);

/* Certificates that were refused lately, so that one terminal cannot fill the alarms. */
struct refusals *refusals_new(void);
void refusals_free(struct refusals *refusals);

/* ---- audit.c ----------------------------------------------------------------------------------------------------- */

/* With the transaction at hand, or, when there is none, in one of its own. */
sp_status audit_success(call_context *context);
void audit_failure(call_context *context, sp_status outcome);

/* A row for callers whose many refusals were only counted, once their minute is over. */
sp_status audit_sweep(session_server *sessions, int64_t now_ms);

/* ---- login.c: the lockout around comparing a password ------------------------------------------------------------ */

typedef struct {
    int64_t enterprise_id, user_id, group_id;
    const char *username;
    const char *phc;             /* what the password was compared with; NULL when it was not by password */
    int64_t password_expires_ms; /* 0: never */
    bool must_change_password, loopback_only, super_admin;
    const uint8_t *totp_sealed; /* of a second factor; NULL: there is none */
    size_t totp_sealed_size;
    int64_t totp_last_step;
} login_account;

/* Blocks for the hash. Texts are in the call's arena. An account with a second factor needs a code that fits as well;
 * with code NULL the password alone is asked for, which is enough for nobody who is not signed in already. That a
 * one-time password has expired learns only who has it. */
sp_status login_check(rpc_call *call, const char *username, const char *password, const char *code,
                      login_account *ret_account);

/* ---- second_factor.c --------------------------------------------------------------------------------------------- */

/* Whether a code is one of the app or for recovery; it is then used up, once tx (role system) has ended. */
sp_status second_factor_take(const session_options *options, db_tx *tx, const login_account *who, const char *code,
                             int64_t now_ms, bool *ret_fits);
