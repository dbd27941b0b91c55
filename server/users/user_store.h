/* The SQL of users. All run in tx (role app); texts of answers are in its arena. */
#pragma once

#include "db.h"
#include "page.h"
#include "smartpass/v1/users.pb-c.h"
#include "user_rules.h"

SP_STATUS(USER_NOT_FOUND, SP_NOT_FOUND, "There is no such user, or the caller does not see him.");

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
} user_scope;

typedef struct {
    const char *query; /* part of either name */
    int64_t role_id;   /* 0: any */
    bool disabled;     /* disabled ones alone */
} user_filter;

/* Everybody who changes users or roles takes this first; until the end of the transaction. */
sp_status user_store_lock(db_tx *tx, int64_t enterprise_id);

/* One row more than the page has, when there is one. */
sp_status user_store_list(db_tx *tx, const user_scope *scope, const user_filter *filter, const page *p,
                          Smartpass__V1__User ***ret_users, size_t *ret_count);
sp_status user_store_count(db_tx *tx, const user_scope *scope, const user_filter *filter, int32_t *ret_count);

/* ret_standing may be NULL. */
sp_status user_store_get(db_tx *tx, const user_scope *scope, int64_t id, Smartpass__V1__User *ret_user,
                         user_standing *ret_standing);

/* Whether somebody may be placed there. */
sp_status user_store_has_group(db_tx *tx, const user_scope *scope, int64_t group_id, bool *ret_has);

/* What he must change at his first sign-in, and until when it is good: 0 for ever. */
typedef struct {
    const char *phc;
    int64_t expires_ms;
} first_password;

/* A name that is taken, here or in another enterprise: *ret_taken, with the status DB_DUPLICATE. */
sp_status user_store_add(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__User *user,
                         const first_password *password, int64_t now_ms, bool *ret_taken);
sp_status user_store_set(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__User *user, int64_t now_ms);
sp_status user_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id);

sp_status user_store_end_sessions(db_tx *tx, int64_t enterprise_id, int64_t id);

sp_status user_store_set_password(db_tx *tx, int64_t enterprise_id, int64_t id, const first_password *password);

/* Whether anybody is left who administers the enterprise. */
sp_status user_store_has_administrator(db_tx *tx, int64_t enterprise_id, bool *ret_has);

/* 0 for administrators. */
sp_status user_store_role_of(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t *ret_role_id);
