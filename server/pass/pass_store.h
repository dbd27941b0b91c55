/* The SQL of pass records. Texts and messages live in the transaction's arena. */
#pragma once

#include "page.h"
#include "pass.h"

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope */
    const Smartpass__V1__ListPassesRequest *request;
    int64_t from_ms; /* 0: from ever */
    int64_t to_ms;   /* 0: until now */
} pass_filter;

/* Up to the page's size plus one. */
sp_status pass_store_list(db_tx *tx, const pass_filter *filter, const page *p, Smartpass__V1__Pass ***ret_passes,
                          size_t *ret_count) SP_MUST_USE;
sp_status pass_store_count(db_tx *tx, const pass_filter *filter, int32_t *ret_total) SP_MUST_USE;

/* The blob of a record's picture; SNAPSHOT_NONE or SNAPSHOT_PENDING when there is none. */
sp_status pass_store_snapshot(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t pass_id,
                              int64_t *ret_blob_id) SP_MUST_USE;
