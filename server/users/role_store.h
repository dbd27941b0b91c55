/* The SQL of roles. All run in tx (role app); texts of answers are in its arena. */
#pragma once

#include "db.h"
#include "smartpass/v1/users.pb-c.h"

enum { ROLES_MAX = 1000 }; /* of one enterprise: they are listed in one piece */

SP_STATUS(ROLE_NOT_FOUND, SP_NOT_FOUND, "There is no such role.");

sp_status role_store_list(db_tx *tx, int64_t enterprise_id, Smartpass__V1__Role ***ret_roles, size_t *ret_count);
sp_status role_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Smartpass__V1__Role *ret_role);
sp_status role_store_count(db_tx *tx, int64_t enterprise_id, int64_t *ret_count);

/* Whether somebody outside these groups has it. */
sp_status role_store_used_elsewhere(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id, bool *ret_used);

/* A name that is taken: *ret_taken, with the status DB_DUPLICATE. */
sp_status role_store_add(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Role *role, int64_t now_ms,
                         bool *ret_taken);
sp_status role_store_set(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Role *role, bool *ret_taken);

/* Answers DB_REFERENCED while a user has it. */
sp_status role_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id);
