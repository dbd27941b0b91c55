#include "external_account.h"

#include <string.h>

#include "external_rules.h"
#include "external_store.h"
#include "id.h"
#include "server_session_sql.h"

enum { NAMES_TRIED = 100, TRIES = 20 };

typedef struct {
    int64_t enterprise_id, user_id, group_id, role_id;
    const char *username;
    bool group_administrator, disabled;
} known_account;

/* The first mapping that fits decides, also when what it names has gone: the next one might give more. */
static sp_status mapping_find(db_tx *tx, const IdentityProvider *provider, const text_list *values,
                              const IdentityMapping **ret_mapping)
{
    known_place known;
    sp_status status;

    for (size_t i = 0; i < provider->n_mappings; i++) {
        const IdentityMapping *mapping = provider->mappings[i];

        if (!external_value_fits(mapping->value, values))
            continue;
        *ret_mapping = mapping;
        status = external_place_get(tx, mapping, &known);
        if (sp_failed(status))
            return status;
        return known.enterprise && known.group && (mapping->group_administrator || known.role) ? SP_DONE : NOT_MAPPED;
    }
    return NOT_MAPPED;
}

static sp_status account_find(db_tx *tx, const char *issuer, const char *subject, known_account *ret_account,
                              bool *ret_found)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_EXTERNAL_ACCOUNT_FIND, DB_ARGS(db_text(issuer), db_text(subject)), &rows);

    *ret_found = !sp_failed(status) && rows.count > 0;
    if (*ret_found)
        *ret_account = (known_account){
            .enterprise_id = db_row_int(&rows, 0, 0),
            .user_id = db_row_int(&rows, 0, 1),
            .username = db_row_text(&rows, 0, 2),
            .group_id = db_row_int(&rows, 0, 3),
            .role_id = db_row_int(&rows, 0, 4),
            .group_administrator = db_row_bool(&rows, 0, 5),
            .disabled = db_row_bool(&rows, 0, 6),
        };
    return status;
}

/* A name that nobody has. Of two that look at once one gets it, and the other one's transaction is tried again. */
static sp_status username_choose(db_tx *tx, const identity_person *person, arena *a, const char **ret_name)
{
    const char *const candidates[] = {person->username, person->email, person->subject, "user"};
    char name[USERNAME_MAX + 1];
    db_rows rows;
    sp_status status;

    for (unsigned attempt = 1; attempt <= NAMES_TRIED; attempt++) {
        external_username(candidates, sizeof candidates / sizeof *candidates, attempt, name);
        status = db_query(tx, SQL_EXTERNAL_USERNAME_EXISTS, DB_ARGS(db_text(name)), &rows);
        if (sp_failed(status))
            return status;
        if (!db_row_bool(&rows, 0, 0)) {
            *ret_name = arena_text(a, name);
            return *ret_name ? SP_DONE : OUT_OF_MEMORY;
        }
    }
    *ret_name = arena_printf(a, "user-%lld", (long long)id_next());
    return *ret_name ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status account_add(rpc_call *call, db_tx *tx, const char *issuer, const identity_person *person,
                             known_account *account)
{
    char display_name[DISPLAY_NAME_MAX + 1];

    external_display_name(person->name, display_name);
    account->user_id = id_next();
    return db_query(tx, SQL_EXTERNAL_ACCOUNT_ADD,
                    DB_ARGS(db_int64(account->enterprise_id), db_int64(account->user_id), db_int64(account->group_id),
                            db_text(account->username), db_time(call_now_ms(call)), db_text(display_name),
                            db_bool(account->group_administrator), db_int64_or_null(account->role_id), db_text(issuer),
                            db_text(person->subject)),
                    NULL);
}

static sp_status account_follow(rpc_call *call, db_tx *tx, const known_account *account)
{
    return db_query(tx, SQL_EXTERNAL_ACCOUNT_FOLLOW,
                    DB_ARGS(db_int64(account->enterprise_id), db_int64(account->user_id), db_int64(account->group_id),
                            db_bool(account->group_administrator), db_int64_or_null(account->role_id),
                            db_time(call_now_ms(call))),
                    NULL);
}

/* Whoever belongs to another enterprise now starts there with nothing but his name. */
static sp_status account_place(rpc_call *call, db_tx *tx, const char *issuer, const identity_person *person,
                               const IdentityMapping *mapping, known_account *account, bool found)
{
    bool moves = found && account->enterprise_id != mapping->enterprise_id;
    int64_t former_enterprise_id = account->enterprise_id;
    sp_status status = SP_DONE;

    account->enterprise_id = mapping->enterprise_id;
    account->group_id = mapping->group_id;
    account->role_id = mapping->group_administrator ? 0 : mapping->role_id;
    account->group_administrator = mapping->group_administrator;
    if (found && !moves)
        return account_follow(call, tx, account);
    if (moves)
        status = db_query(tx, SQL_EXTERNAL_ACCOUNT_REMOVE,
                          DB_ARGS(db_int64(former_enterprise_id), db_int64(account->user_id)), NULL);
    else
        status = username_choose(tx, person, rpc_call_arena(call), &account->username);
    return sp_failed(status) ? status : account_add(call, tx, issuer, person, account);
}

static sp_status account_obtain(rpc_call *call, db_tx *tx, const IdentityProvider *provider,
                                const identity_person *person, known_account *ret_account)
{
    const IdentityMapping *mapping = NULL;
    bool found;
    sp_status status = account_find(tx, provider->issuer, person->subject, ret_account, &found);

    if (!sp_failed(status) && found) {
        context_of(call)->tx_enterprise_id = ret_account->enterprise_id; /* whose audit log a refusal belongs to */
        context_of(call)->audit_operator = ret_account->username;
    }
    if (!sp_failed(status) && found && ret_account->disabled)
        return ACCOUNT_DISABLED;
    if (!sp_failed(status))
        status = mapping_find(tx, provider, &person->values, &mapping);
    return sp_failed(status) ? status : account_place(call, tx, provider->issuer, person, mapping, ret_account, found);
}

sp_status external_account_obtain(rpc_call *call, const IdentityProvider *provider, const identity_person *person,
                                  login_account *ret_account)
{
    known_account account;
    db_tx *tx;
    sp_status status = DB_DUPLICATE;

    for (int i = 0; i < TRIES && strcmp(status.reason, DB_DUPLICATE.reason) == 0; i++) {
        account = (known_account){.username = ""};
        status = db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), &tx);
        if (!sp_failed(status))
            status = db_end(tx, account_obtain(call, tx, provider, person, &account));
    }
    if (sp_failed(status))
        return status;
    *ret_account = (login_account){
        .enterprise_id = account.enterprise_id,
        .user_id = account.user_id,
        .group_id = account.group_id,
        .username = account.username,
        .phc = "",
    };
    return SP_DONE;
}
