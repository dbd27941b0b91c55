/* Comparing a password, and the code of a second factor, with the lockout around it. No transaction is held while the
 * hash is computed, and an account that does not exist takes the same way as one that does.
 *
 * Attempts for one account from one address go one after the other, so that many at once cannot get past the limit
 * together; neither do right ones at once count as failures. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lockout.h"
#include "second_factor.h"
#include "server_session_sql.h"
#include "session_store.h"
#include "waiting.h"

enum { WAIT_SECONDS = 10 };

typedef struct {
    uint8_t username_sha256[SHA256_SIZE];
    char place[LOCKOUT_PLACE_SIZE];
    bool known;       /* the account has signed in from there of late */
    const char *code; /* NULL: not asked for */
    const char *phc;  /* NULL: no such account, or none that may sign in by password */
    lockout_count here, everywhere;
} attempt;

/* ---- Before and after the hash ----------------------------------------------------------------------------------- */

static void counts_from_rows(const db_rows *rows, attempt *a)
{
    for (int i = 0; i < rows->count; i++) {
        lockout_count *count = *db_row_text(rows, i, 0) ? &a->here : &a->everywhere;

        *count = (lockout_count){db_row_int(rows, i, 1), db_row_time_ms(rows, i, 2), db_row_time_ms(rows, i, 3)};
    }
}

static sp_status locked_check(rpc_call *call, const attempt *a)
{
    int64_t wait_ms = lockout_wait_ms(&a->here, &a->everywhere, a->known, call_now_ms(call));
    char seconds[24];

    if (wait_ms == 0)
        return SP_DONE;
    snprintf(seconds, sizeof seconds, "%lld", (long long)(wait_ms + 999) / 1000);
    rpc_call_error_fact(call, "retry_after_seconds", seconds);
    return LOGIN_LOCKED;
}

static sp_status account_find(db_tx *tx, const char *username, attempt *a, login_account *ret_account)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_SESSION_FIND_ACCOUNT, DB_ARGS(db_text(username)), &rows);

    if (sp_failed(status) || rows.count == 0)
        return status;
    *ret_account = (login_account){
        .enterprise_id = db_row_int(&rows, 0, 0),
        .user_id = db_row_int(&rows, 0, 1),
        .group_id = db_row_int(&rows, 0, 2),
        .username = db_row_text(&rows, 0, 3),
        .must_change_password = db_row_bool(&rows, 0, 5),
        .loopback_only = db_row_bool(&rows, 0, 6),
        .super_admin = db_row_bool(&rows, 0, 7),
        .password_expires_ms = db_row_time_ms(&rows, 0, 8),
    };
    if (!db_row_is_null(&rows, 0, 9))
        ret_account->totp_sealed = db_row_bytes(&rows, 0, 9, &ret_account->totp_sealed_size);
    ret_account->totp_last_step = db_row_int(&rows, 0, 10);
    a->phc = db_row_is_null(&rows, 0, 4) ? NULL : db_row_text(&rows, 0, 4);
    return SP_DONE;
}

/* An account that does not exist knows no place, and asks all the same. */
static sp_status place_find(db_tx *tx, attempt *a, const login_account *account, int64_t now_ms)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_SESSION_PLACE_IS_KNOWN,
                                DB_ARGS(db_int64(account->enterprise_id), db_int64(account->user_id), db_text(a->place),
                                        db_time(now_ms - LOCKOUT_PLACE_MS)),
                                &rows);

    a->known = !sp_failed(status) && db_row_bool(&rows, 0, 0);
    return status;
}

static sp_status attempt_begin(rpc_call *call, const char *username, attempt *a, login_account *ret_account)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_SESSION_FAILURES_GET,
                      DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->place)), &rows);
    if (!sp_failed(status))
        counts_from_rows(&rows, a);
    if (!sp_failed(status))
        status = account_find(tx, username, a, ret_account);
    if (!sp_failed(status))
        status = place_find(tx, a, ret_account, call_now_ms(call));
    if (!sp_failed(status))
        status = locked_check(call, a);
    return db_end(tx, status);
}

/* ---- One after the other ----------------------------------------------------------------------------------------- */

static pthread_mutex_t *lane_of(session_server *sessions, const attempt *a)
{
    unsigned lane = a->username_sha256[0];

    for (const char *c = a->place; *c; c++)
        lane = lane * 31 + (unsigned char)*c;
    return &sessions->login_lanes[lane % LOGIN_LANES];
}

/* Logins wait for each other and for the hash; most threads, but never all of them, may do so, and two thirds of those
 * for strangers. */
static bool may_wait(rpc_call *call, const char *username, attempt *a)
{
    session_server *sessions = context_of(call)->sessions;
    int most = sessions->options.logins_at_once, waiting = atomic_fetch_add(&sessions->logins, 1);
    login_account found = {.username = ""};

    if (waiting < most - most / 3)
        return true;
    /* In such a crowd it is asked who is none, but not endlessly for one and the same place. */
    if (waiting < most && rate_limit_take(sessions->crowd, call_caller(call)->address, call_now_ms(call)) == 0 &&
        !sp_failed(attempt_begin(call, username, a, &found)) && a->known)
        return true;
    atomic_fetch_sub(&sessions->logins, 1);
    return false;
}

static pthread_mutex_t *lane_enter(rpc_call *call, const char *username, attempt *a)
{
    session_server *sessions = context_of(call)->sessions;
    pthread_mutex_t *lane = lane_of(sessions, a);
    struct timespec until;

    if (!may_wait(call, username, a))
        return NULL;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    before_waiting();
    if (pthread_mutex_timedlock(lane, &until) == 0)
        return lane;
    atomic_fetch_sub(&sessions->logins, 1);
    return NULL;
}

static void lane_leave(session_server *sessions, pthread_mutex_t *lane)
{
    pthread_mutex_unlock(lane);
    atomic_fetch_sub(&sessions->logins, 1);
}

/* ---- After the hash -----------------------------------------------------------------------------------------------
 */

static sp_status count_save(db_tx *tx, const attempt *a, const char *address, const lockout_count *count)
{
    return db_query(tx, SQL_SESSION_FAILURES_SET,
                    DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(address), db_int64(count->failures),
                            db_time(count->locked_until_ms), db_time(count->failed_at_ms)),
                    NULL);
}

static sp_status failure_count(db_tx *tx, attempt *a, int64_t now_ms)
{
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_SESSION_FAILURES_ENSURE,
                 DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->place), db_time(now_ms)), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_SESSION_FAILURES_LOCK,
                          DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->place)), &rows);
    if (sp_failed(status))
        return status;
    counts_from_rows(&rows, a); /* other addresses, other servers */
    lockout_count_failure(&a->here, &a->everywhere, a->known, now_ms);
    status = count_save(tx, a, "", &a->everywhere);
    return sp_failed(status) ? status : count_save(tx, a, a->place, &a->here);
}

static sp_status success_note(db_tx *tx, const attempt *a, const login_account *who, const char *new_phc)
{
    sp_status status = SP_DONE;

    if (a->here.failures > 0)
        status = db_query(tx, SQL_SESSION_FAILURES_FORGIVE,
                          DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->place)), NULL);
    if (!sp_failed(status) && new_phc)
        status = db_query(
            tx, SQL_SESSION_REHASH,
            DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_text(a->phc), db_text(new_phc)), NULL);
    return status;
}

/* What the right password leads to: a code may be wrong, and is then a failure like any other. */
static sp_status success_or_failure(rpc_call *call, db_tx *tx, attempt *a, const login_account *who,
                                    const char *new_phc, bool *ret_fits)
{
    const session_options *options = &context_of(call)->sessions->options;
    int64_t now_ms = call_now_ms(call);
    sp_status status = SP_DONE;

    *ret_fits = true;
    if (a->code && who->totp_sealed)
        status = second_factor_take(options, tx, who, a->code, now_ms, ret_fits);
    if (sp_failed(status))
        return status;
    return *ret_fits ? success_note(tx, a, who, new_phc) : failure_count(tx, a, now_ms);
}

static sp_status attempt_end(rpc_call *call, attempt *a, bool matches, const login_account *who, const char *new_phc)
{
    bool needs_code = matches && a->code && who->totp_sealed, fits = false;
    db_tx *tx;
    sp_status status;

    if (needs_code && !*a->code)
        return SECOND_FACTOR_REQUIRED; /* and earlier failures are not forgiven: codes could be tried without end */
    if (matches && a->here.failures == 0 && !new_phc && !needs_code)
        return SP_DONE;
    status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);
    if (sp_failed(status))
        return status;
    status = matches ? success_or_failure(call, tx, a, who, new_phc, &fits) : failure_count(tx, a, call_now_ms(call));
    status = db_end(tx, status);
    if (sp_failed(status) || fits)
        return status;
    return matches ? SECOND_FACTOR_WRONG : BAD_CREDENTIALS;
}

static sp_status compare(rpc_call *call, const char *username, const char *password, attempt *a, login_account *found)
{
    call_context *context = context_of(call);
    const password_policy *policy = &context->sessions->options.passwords;
    char new_phc[PASSWORD_PHC_SIZE];
    bool matches = false, rehashed = false;
    sp_status status = attempt_begin(call, username, a, found);

    context->audit_quiet = strcmp(status.reason, LOGIN_LOCKED.reason) == 0; /* what locked it has its rows */
    if (sp_failed(status))
        return status;
    context->tx_enterprise_id = found->enterprise_id;
    status = password_verify(policy, a->phc, password, a->known, &matches);
    if (sp_failed(status))
        return status;
    if (matches && password_needs_rehash(policy, a->phc))
        rehashed = !sp_failed(password_hash(policy, password, new_phc));
    status = attempt_end(call, a, matches, found, rehashed ? new_phc : NULL);
    found->phc = rehashed ? arena_text(rpc_call_arena(call), new_phc) : a->phc;
    if (!sp_failed(status) && !found->phc)
        return OUT_OF_MEMORY;
    if (!sp_failed(status) && found->password_expires_ms != 0 && context->now_ms >= found->password_expires_ms)
        return PASSWORD_EXPIRED;
    return status;
}

sp_status login_check(rpc_call *call, const char *username, const char *password, const char *code,
                      login_account *ret_account)
{
    call_context *context = context_of(call);
    attempt a = {.code = code};
    login_account found = {.username = ""};
    pthread_mutex_t *lane;
    sp_status status = sha256_of(username, strlen(username), a.username_sha256);

    context->audit_operator = username;
    if (sp_failed(status))
        return status;
    lockout_place(context->who.address, a.place);
    lane = lane_enter(call, username, &a);
    if (!lane) {
        context->audit_quiet = true;
        return PASSWORD_BUSY;
    }
    status = compare(call, username, password, &a, &found);
    lane_leave(context->sessions, lane);
    if (!sp_failed(status))
        *ret_account = found;
    return status;
}

sp_status session_lift_lockout(rpc_call *call, const char *username)
{
    uint8_t digest[SHA256_SIZE];
    db_tx *tx;
    sp_status status = sha256_of(username, strlen(username), digest);

    if (!sp_failed(status))
        status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);
    if (sp_failed(status))
        return status;
    return db_end(tx, db_query(tx, SQL_SESSION_FAILURES_FORGET, DB_ARGS(db_bytes(digest, sizeof digest)), NULL));
}

/* What the account may do, as at a sign-in. */
static sp_status account_permits(rpc_call *call, const login_account *account, const char *permission)
{
    caller who = {
        .kind = CALLER_USER,
        .enterprise_id = account->enterprise_id,
        .user_id = account->user_id,
        .super_admin = account->super_admin,
    };
    session_user user;
    sp_status status = session_store_user(call, &who, &user);

    if (!sp_failed(status))
        status = call_commit(call);
    if (sp_failed(status))
        return status;
    session_rights_take(&who, &user);
    if (permission_is_held(&who, permission))
        return SP_DONE;
    rpc_call_error_fact(call, "permission", permission);
    return PERMISSION_MISSING;
}

sp_status session_check_account(void *arg, rpc_call *call, const char *username, const char *password,
                                int64_t *ret_enterprise_id, int64_t *ret_group_id)
{
    login_account who;
    sp_status status = login_check(call, username, password, "", &who);

    (void)arg;
    if (sp_failed(status))
        return status;
    if (who.loopback_only && !call_caller(call)->loopback)
        return FIRST_LOGIN_LOOPBACK_ONLY;
    if (who.must_change_password)
        return PASSWORD_CHANGE_REQUIRED;
    status = account_permits(call, &who, "devices.edit");
    if (sp_failed(status))
        return status;
    *ret_enterprise_id = who.enterprise_id;
    *ret_group_id = who.group_id;
    return SP_DONE;
}

sp_status session_check_own_password(rpc_call *call, const char *field, const char *password)
{
    call_context *context = context_of(call);
    login_account who;
    sp_status status = login_check(call, context->who.username, password, NULL, &who);

    context->audit_operator = NULL;
    context->audit_quiet = false;
    context->tx_enterprise_id = context->who.enterprise_id;
    if (strcmp(status.reason, BAD_CREDENTIALS.reason) == 0)
        return rpc_call_violation(call, field, "PASSWORD_WRONG", "This is not the present password.");
    return status;
}
