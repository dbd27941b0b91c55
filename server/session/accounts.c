/* Accounts that no caller makes: the first one, and those of the maintenance command; and what becomes too old. */
#include <string.h>

#include "clock.h"
#include "context.h"
#include "id.h"
#include "lockout.h"
#include "server_session_sql.h"

static const int64_t DAY_MS = 24 * 60 * 60 * 1000;

sp_status session_insert_account(db_tx *tx, const new_account *account, const char *phc)
{
    sp_status status =
        db_query(tx, SQL_SESSION_ACCOUNT_ADD,
                 DB_ARGS(db_int64(account->enterprise_id), db_int64(id_next()), db_int64(account->group_id),
                         db_text(account->username), db_text(phc), db_bool(account->must_change_password),
                         db_bool(account->loopback_only), db_bool(account->super_admin), db_time(clock_now_ms()),
                         db_time_or_null(account->password_expires_ms)),
                 NULL);

    return strcmp(db_constraint(tx), "app_user_username_key") == 0 ? ACCOUNT_NAME_TAKEN : status;
}

sp_status session_add_account(db_pool *system, const password_policy *passwords, const new_account *account)
{
    char phc[PASSWORD_PHC_SIZE];
    arena memory;
    db_tx *tx;
    sp_status status = password_hash(passwords, account->password, phc);

    if (sp_failed(status))
        return status;
    arena_init(&memory, 64 * 1024);
    status = db_begin(system, account->enterprise_id, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, session_insert_account(tx, account, phc));
    arena_done(&memory);
    return status;
}

sp_status session_sweep(session_server *sessions)
{
    int64_t now_ms = clock_now_ms();
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, 64 * 1024);
    status = db_begin(sessions->options.system, 0, &memory, &tx);
    if (!sp_failed(status)) {
        status = db_query(tx, SQL_SESSION_SWEEP_SESSIONS,
                          DB_ARGS(db_time(now_ms), db_time(now_ms - sessions->options.idle_ms)), NULL);
        if (!sp_failed(status))
            status = db_query(tx, SQL_SESSION_SWEEP_FAILURES, DB_ARGS(db_time(now_ms - DAY_MS)), NULL);
        if (!sp_failed(status))
            status = db_query(tx, SQL_SESSION_SWEEP_PLACES, DB_ARGS(db_time(now_ms - LOCKOUT_PLACE_MS)), NULL);
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return sp_failed(status) ? status : audit_sweep(sessions, now_ms);
}
