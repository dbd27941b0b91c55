/* The SQL of rollouts (role app). Texts and messages live in the transaction's arena. */
#pragma once

#include "package_store.h"

/* Who looks, at what. */
typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
    int64_t now_ms;
} rollout_scope;

/* The terminals of the scope, in the order of their stages: those of ids, or all when count is 0; up to
 * ROLLOUT_DEVICES_MAX. */
sp_status rollout_store_targets(db_tx *tx, const rollout_scope *scope, const int64_t *ids, size_t count,
                                int64_t **ret_devices, size_t *ret_count) SP_MUST_USE;

typedef struct {
    int64_t package_id;
    held_package package;
    const int32_t *stages;
    size_t stage_count;
    int32_t stop_percent;
    bool force;
    const char *operator_name;
    const int64_t *devices;
    size_t device_count;
} new_rollout;

sp_status rollout_store_add(db_tx *tx, const rollout_scope *scope, const new_rollout *rollout,
                            int64_t *ret_id) SP_MUST_USE;

/* Up to the page's size plus one; ROLLOUT_NOT_FOUND when the caller sees no terminal of it. */
sp_status rollout_store_list(db_tx *tx, const rollout_scope *scope, const page *p, Rollout ***ret_rollouts,
                             size_t *ret_count) SP_MUST_USE;
sp_status rollout_store_count(db_tx *tx, const rollout_scope *scope, int32_t *ret_total) SP_MUST_USE;
sp_status rollout_store_get(db_tx *tx, const rollout_scope *scope, int64_t id, Rollout **ret_rollout) SP_MUST_USE;

/* Its state, which then stays until tx ends. Only of one all of whose terminals the caller sees. */
sp_status rollout_store_hold(db_tx *tx, const rollout_scope *scope, int64_t id, Smartpass__V1__RolloutState *ret_state,
                             const char **ret_version) SP_MUST_USE;
sp_status rollout_store_go_on(db_tx *tx, const rollout_scope *scope, int64_t id) SP_MUST_USE;
sp_status rollout_store_cancel(db_tx *tx, const rollout_scope *scope, int64_t id) SP_MUST_USE;

/* Up to the page's size plus one. A page's number is the stage. state 0: all. */
sp_status rollout_store_devices(db_tx *tx, const rollout_scope *scope, int64_t id, int state, const page *p,
                                RolloutDevice ***ret_devices, size_t *ret_count) SP_MUST_USE;
sp_status rollout_store_device_count(db_tx *tx, const rollout_scope *scope, int64_t id, int state,
                                     int32_t *ret_total) SP_MUST_USE;
