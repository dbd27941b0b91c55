/* Inside server/operations: its SQL. */
#pragma once

#include "operation_rules.h"
#include "operations.h"
#include "page.h"

/* ---- Of handlers (role app) -------------------------------------------------------------------------------------- */

SP_STATUS(OPERATION_NOT_ENDED, SP_FAILED_PRECONDITION, "An operation can be dismissed when it has ended.");

typedef struct {
    int64_t enterprise_id;
    operation_viewer viewer;
    Smartpass__V1__OperationState state; /* unspecified: any */
} operation_filter;

/* Up to p->size + 1 of them. */
sp_status operation_store_list(db_tx *tx, const operation_filter *filter, const page *p,
                               Smartpass__V1__Operation ***ret_operations, size_t *ret_count) SP_MUST_USE;
sp_status operation_store_count(db_tx *tx, const operation_filter *filter, int32_t *ret_total) SP_MUST_USE;
sp_status operation_store_get(db_tx *tx, const operation_filter *filter, int64_t id, Smartpass__V1__Operation **ret,
                              int64_t *ret_operator_user_id) SP_MUST_USE;
/* Nothing when it has ended already, or is not seen. */
sp_status operation_store_cancel(db_tx *tx, const operation_filter *filter, int64_t id, int64_t now_ms) SP_MUST_USE;
/* ret_removed: whether there was one that had ended. */
sp_status operation_store_remove(db_tx *tx, const operation_filter *filter, int64_t id, bool *ret_removed) SP_MUST_USE;

/* ---- Of runners -------------------------------------------------------------------------------------------------- */

/* What a notification is about. */
typedef enum { OPERATION_NEWS_QUEUED, OPERATION_NEWS_CANCEL, OPERATION_NEWS_CHANGED } operation_news;
#define OPERATION_CHANNEL "smartpass_operation"

sp_status operation_store_notify(db_tx *tx, operation_news news, int64_t enterprise_id, int64_t id) SP_MUST_USE;
bool operation_news_read(const char *payload, operation_news *ret_news, int64_t *ret_enterprise_id, int64_t *ret_id);

/* Whose row it is, and the proof: only the holder with this owner and attempt writes. */
typedef struct {
    int64_t enterprise_id, id;
    int64_t owner;
    int attempt;
} operation_lease;

/* Texts and bytes are in the transaction's arena. */
typedef struct {
    operation_lease lease;
    const char *kind, *object, *operator;
    int64_t operator_user_id, group_id;
    operation_progress progress; /* no checkpoint */
    const uint8_t *request, *checkpoint;
    size_t request_size, checkpoint_size;
} operation_taken;

typedef struct {
    const operation_kind *kinds;
    size_t count;
    int64_t owner;
    int lease_ms;
    int64_t now_ms;
} operation_taking;

/* First ends what nobody may take up again; ret_found says whether there was something to take. */
sp_status operation_store_take(db_tx *tx, const operation_taking *taking, operation_taken *ret_taken,
                               bool *ret_found) SP_MUST_USE;

/* OPERATION_LOST when the lease is another's. Either role. */
sp_status operation_store_write(db_tx *tx, const operation_lease *lease, int lease_ms,
                                const operation_progress *progress, bool *ret_cancel) SP_MUST_USE;

typedef struct {
    bool held, cancel;
} operation_standing;

/* Renews every lease of one owner; standings has room for count. */
sp_status operation_store_renew(db_tx *tx, const operation_lease *leases, size_t count, int lease_ms,
                                operation_standing *standings) SP_MUST_USE;

typedef struct {
    operation_ending ending;
    operation_progress progress;
    const char *result_type; /* type URL; "" : none */
    const uint8_t *result;
    size_t result_size;
} operation_outcome;

/* Both: OPERATION_LOST when the lease is another's. */
sp_status operation_store_finish(db_tx *tx, const operation_lease *lease, const operation_outcome *outcome,
                                 int64_t now_ms) SP_MUST_USE;
sp_status operation_store_release(db_tx *tx, const operation_lease *lease, bool counts, int64_t now_ms) SP_MUST_USE;

sp_status operation_store_orphans(db_tx *tx, const operation_kind *kinds, size_t count, int64_t before_ms,
                                  int64_t now_ms) SP_MUST_USE;
sp_status operation_store_sweep(db_tx *tx, int64_t before_ms) SP_MUST_USE;
