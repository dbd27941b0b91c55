/* Comparing a password, with the lockout around it. The attempt is counted as failed before the hash is computed and
 * forgiven afterwards, and no transaction is held meanwhile. An account that does not exist takes the same way. */
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "lockout.h"
#include "server_session_sql.h"

typedef struct {
    uint8_t username_sha256[SHA256_SIZE];
    const char *address;
    const char *phc; /* NULL: no such account */
} attempt;

static lockout_count count_of(const db_rows *rows, int row)
{
    return (lockout_count){db_row_int(rows, row, 1), db_row_time_ms(rows, row, 2), db_row_time_ms(rows, row, 3)};
}

static sp_status count_save(db_tx *tx, const attempt *a, const char *address, const lockout_count *count)
{
    return db_query(tx, SQL_SESSION_FAILURES_SET,
                    DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(address), db_int64(count->failures),
                            db_time(count->locked_until_ms), db_time(count->failed_at_ms)),
                    NULL);
}

/* Refuses while locked, else counts. */
static sp_status attempt_reserve(rpc_call *call, db_tx *tx, const attempt *a, int64_t now_ms)
{
    lockout_count everywhere, here;
    char seconds[24];
    db_rows rows;
    int64_t wait_ms;
    sp_status status = db_query(tx, SQL_SESSION_FAILURES_ENSURE,
                                DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->address), db_time(now_ms)),
                                NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_SESSION_FAILURES_LOCK,
                          DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->address)), &rows);
    if (sp_failed(status))
        return status;
    if (rows.count != 2)
        return DB_CONFLICT; /* swept in between */
    everywhere = count_of(&rows, 0);
    here = count_of(&rows, 1);
    wait_ms = lockout_wait_ms(&here, &everywhere, now_ms);
    if (wait_ms > 0) {
        snprintf(seconds, sizeof seconds, "%lld", (long long)(wait_ms + 999) / 1000);
        rpc_call_error_fact(call, "retry_after_seconds", seconds);
        return LOGIN_LOCKED;
    }
    lockout_count_attempt(&here, &everywhere, now_ms);
    status = count_save(tx, a, "", &everywhere);
    return sp_failed(status) ? status : count_save(tx, a, a->address, &here);
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
    };
    a->phc = db_row_text(&rows, 0, 4);
    return SP_DONE;
}

static sp_status attempt_begin(rpc_call *call, const char *username, attempt *a, login_account *ret_account)
{
    db_tx *tx;
    sp_status status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);

    if (sp_failed(status))
        return status;
    status = attempt_reserve(call, tx, a, call_now_ms(call));
    if (!sp_failed(status))
        status = account_find(tx, username, a, ret_account);
    return db_end(tx, status);
}

/* A right password forgives what was before; one that could not be compared only takes itself back. */
static sp_status attempt_end(rpc_call *call, const attempt *a, bool matches, const login_account *who, const char *new_phc)
{
    db_tx *tx;
    sp_status status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);

    if (sp_failed(status))
        return status;
    if (matches)
        status = db_query(tx, SQL_SESSION_FAILURES_FORGIVE,
                          DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->address)), NULL);
    else
        status = db_query(tx, SQL_SESSION_FAILURES_WITHDRAW,
                          DB_ARGS(db_bytes(a->username_sha256, SHA256_SIZE), db_text(a->address)), NULL);
    if (!sp_failed(status) && new_phc)
        status = db_query(tx, SQL_SESSION_REHASH,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_text(a->phc),
                                  db_text(new_phc)),
                          NULL);
    return db_end(tx, status);
}

sp_status login_check(rpc_call *call, const char *username, const char *password, login_account *ret_account)
{
    call_context *context = context_of(call);
    const password_policy *policy = &context->sessions->options.passwords;
    attempt a = {.address = *context->who.address ? context->who.address : "unknown"};
    char new_phc[PASSWORD_PHC_SIZE];
    login_account found = {.username = ""};
    bool matches = false, rehashed = false;
    sp_status status = sha256_of(username, strlen(username), a.username_sha256);

    context->audit_operator = username;
    if (!sp_failed(status))
        status = attempt_begin(call, username, &a, &found);
    context->audit_quiet = strcmp(status.reason, LOGIN_LOCKED.reason) == 0; /* what locked it has its rows */
    if (sp_failed(status))
        return status;
    context->tx_enterprise_id = found.enterprise_id;
    status = password_verify(policy, a.phc, password, &matches);
    if (sp_failed(status)) {
        sp_status withdrawn = attempt_end(call, &a, false, &found, NULL);

        return sp_failed(withdrawn) ? withdrawn : status;
    }
    if (!matches)
        return BAD_CREDENTIALS;
    if (password_needs_rehash(policy, a.phc))
        rehashed = !sp_failed(password_hash(policy, password, new_phc));
    *ret_account = found;
    return attempt_end(call, &a, true, &found, rehashed ? new_phc : NULL);
}

sp_status session_check_account(void *arg, rpc_call *call, const char *username, const char *password,
                                int64_t *ret_enterprise_id, int64_t *ret_group_id)
{
    login_account who;
    sp_status status = login_check(call, username, password, &who);

    (void)arg;
    if (sp_failed(status))
        return status;
    if (who.loopback_only && !call_caller(call)->loopback)
        return FIRST_LOGIN_LOOPBACK_ONLY;
    if (who.must_change_password)
        return PASSWORD_CHANGE_REQUIRED;
    *ret_enterprise_id = who.enterprise_id;
    *ret_group_id = who.group_id;
    return SP_DONE;
}
