/* The enterprise, its tree of groups and their sections. */
#pragma once

#include "db.h"
#include "rpc.h"

typedef struct caller caller; /* of call.h */

/* The OrgService. */
void org_register(rpc_server *server);

SP_STATUS(ENTERPRISE_NAME_TAKEN, SP_ALREADY_EXISTS, "There is an enterprise with this name already.");
SP_STATUS(ENTERPRISE_NOT_FOUND, SP_NOT_FOUND, "There is no such enterprise.");

/* An enterprise with its root group, in tx (role system). */
sp_status org_add_enterprise(db_tx *tx, const char *name, const char *time_zone, int64_t *ret_enterprise_id,
                             int64_t *ret_group_id) SP_MUST_USE;

/* The root group of an enterprise; with *enterprise_id 0, of the oldest one, which is then filled in (role system).
 * ENTERPRISE_NOT_FOUND when there is none. */
sp_status org_find_root(db_tx *tx, int64_t *enterprise_id, int64_t *ret_group_id) SP_MUST_USE;

SP_STATUS(GROUP_NOT_FOUND, SP_NOT_FOUND, "There is no such group, or the caller does not see it.");
SP_STATUS(SECTION_NOT_FOUND, SP_NOT_FOUND, "There is no such section, or the caller does not see it.");

/* The groups that a caller sees, for "($n::bigint[] IS NULL OR group_id = ANY ($n))": the subtree of his group, or
 * within it that of group_id when this is not 0 (GROUP_NOT_FOUND when it lies elsewhere). NULL says all, so that
 * whoever sees the whole enterprise pays nothing. Groups that were deleted below are among them. In tx's arena (role
 * app).
 *
 * Of who his enterprise_id, group_id and tree_version are looked at. The answer is that of the tree's version, from
 * what the process remembers of it or else as tx sees it, which may be later; with version 0 always as tx sees it. */
sp_status org_scope(db_tx *tx, const caller *who, int64_t group_id, db_arg *ret_ids) SP_MUST_USE;

/* The same for whoever keeps it: the ids, ascending; NULL for all. */
sp_status org_scope_ids(db_tx *tx, const caller *who, int64_t group_id, const int64_t **ret_ids,
                        size_t *ret_count) SP_MUST_USE;

/* What the process remembers of trees, made and freed with the server. Without it every scope is read from the
 * database. False when memory is out. No call may be under way. */
bool org_remember_trees(void);
void org_forget_trees(void);

/* Before something is put into a group: the group is one that the caller sees, and is not deleted until tx ends.
 * GROUP_NOT_FOUND otherwise. Ask before locking what is put there, else a deletion may wait the other way round. */
sp_status org_hold_group(db_tx *tx, const caller *who, int64_t group_id) SP_MUST_USE;

/* The same for a section of that group; module is of smartpass.v1.Module. 0, the default section, is always there. */
sp_status org_hold_section(db_tx *tx, int64_t enterprise_id, int64_t group_id, int module,
                           int64_t section_id) SP_MUST_USE;
