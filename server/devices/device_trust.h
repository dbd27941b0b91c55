/* Which terminals belong to the enterprise: accepting, revoking, moving, replacing and deleting them. Everything
 * happens in the caller's transaction, on terminals that device_lock has locked in it. */
#pragma once

#include "device_store.h"

typedef struct {
    int64_t id;
    const char *name;
    bool online;
    bool waiting;
    int64_t group_id, section_id; /* 0: the default section */
} device_locked;

typedef struct {
    device_locked *devices; /* ascending by id */
    size_t count;
} device_locks;

/* Of these ids, the terminals that the caller sees; each id once, whatever was asked. Take them once in a transaction,
 * and after org_hold_group. */
sp_status device_lock(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count,
                      device_locks *ret_locks) SP_MUST_USE;

/* NULL when it is not among them. */
const device_locked *device_locks_find(const device_locks *locks, int64_t id);

/* One terminal. DEVICE_NOT_FOUND when the caller does not see it. */
sp_status device_lock_one(db_tx *tx, const device_scope *scope, int64_t device_id,
                          device_locked *ret_locked) SP_MUST_USE;

/* It gets what it should have from here on. Nothing happens to one that was accepted before. */
sp_status device_approve(db_tx *tx, const device_scope *scope, int64_t device_id, int64_t by_user_id) SP_MUST_USE;

/* Its certificates count no more, and its stream ends when tx commits. */
sp_status device_revoke(db_tx *tx, const device_scope *scope, int64_t device_id) SP_MUST_USE;

/* The place was held before. */
sp_status device_move(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count, int64_t group_id,
                      int64_t section_id) SP_MUST_USE;

/* Certificates, grants and the terminals themselves; their records stay. They were found offline. */
sp_status device_delete(db_tx *tx, const device_scope *scope, const int64_t *ids, size_t count) SP_MUST_USE;

/* The same for one that is not locked yet: DEVICE_NOT_FOUND, DEVICE_STILL_ONLINE. ret_name for the audit log. */
sp_status device_store_delete(db_tx *tx, const device_scope *scope, int64_t device_id,
                              const char **ret_name) SP_MUST_USE;

/* What the old one had goes over to the new one, which is accepted by it; the old one is deleted. */
sp_status device_replace(db_tx *tx, const device_scope *scope, int64_t old_id, int64_t new_id,
                         int64_t by_user_id) SP_MUST_USE;
