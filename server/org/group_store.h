/* The SQL of groups. All run in tx (role app); what they answer lies in its arena. */
#pragma once

#include "org.h"
#include "org_rules.h"
#include "smartpass/v1/org.pb-c.h"

/* At and below top_id, parents before children, siblings by name. */
sp_status group_store_list(db_tx *tx, int64_t enterprise_id, int64_t top_id, Smartpass__V1__Group ***ret_groups,
                           size_t *ret_count) SP_MUST_USE;

/* As tx sees it; version 0 when there is no such enterprise. */
sp_status group_store_read_tree(db_tx *tx, int64_t enterprise_id, org_tree *ret_tree, int64_t *ret_version) SP_MUST_USE;

/* Takes the tree's lock and raises its version: what follows is the change. */
sp_status group_store_lock_tree(db_tx *tx, int64_t enterprise_id, org_tree *ret_tree) SP_MUST_USE;

/* GROUP_NOT_FOUND when it is a grave or nothing. */
sp_status group_store_get(db_tx *tx, int64_t enterprise_id, int64_t id, Smartpass__V1__Group *ret_group) SP_MUST_USE;

/* With *ret_taken, and a failure, when a sibling has the name. */
sp_status group_store_add(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Group *group,
                          bool *ret_taken) SP_MUST_USE;
sp_status group_store_set(db_tx *tx, int64_t enterprise_id, const Smartpass__V1__Group *group,
                          bool *ret_taken) SP_MUST_USE;

sp_status group_store_content(db_tx *tx, int64_t enterprise_id, int64_t id,
                              Smartpass__V1__GroupContent *ret_content) SP_MUST_USE;

SP_STATUS(GROUP_HAS_ADMINISTRATORS, SP_FAILED_PRECONDITION,
          "Its administrators would administer the group above. Move them or give them roles first.");

/* The group becomes a grave, and what lies in it moves to above. *ret_collision is the name of a child that cannot move
 * because a child there has it already, and then nothing has moved; NULL otherwise. */
sp_status group_store_remove(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t above, int64_t now_ms,
                             Smartpass__V1__GroupContent *ret_content, const char **ret_collision) SP_MUST_USE;
