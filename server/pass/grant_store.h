/* The SQL of grants. Texts and messages live in the transaction's arena. */
#pragma once

#include "page.h"
#include "pass.h"

typedef struct {
    int64_t enterprise_id;
    db_arg groups;     /* of org_scope */
    int64_t person_id; /* 0: all */
    int64_t device_id; /* 0: all */
    int state;         /* Smartpass__V1__GrantState, 0: all */
    const char *query;
    int64_t now_ms;
} grant_filter;

/* Up to the page's size plus one; ret_last_ms is the sort key of the page's last row. */
sp_status grant_store_list(db_tx *tx, const grant_filter *filter, const page *p, Smartpass__V1__Grant ***ret_grants,
                           size_t *ret_count, int64_t *ret_last_ms) SP_MUST_USE;
sp_status grant_store_count(db_tx *tx, const grant_filter *filter, int32_t *ret_total) SP_MUST_USE;

typedef struct {
    int64_t enterprise_id;
    db_arg groups; /* of org_scope; what lies elsewhere is unknown */
    const int64_t *person_ids;
    size_t person_count;
    const int64_t *device_ids;
    size_t device_count;
    int64_t valid_from_ms;  /* 0: from ever */
    int64_t valid_until_ms; /* 0: for ever */
    int64_t now_ms;
} grant_order;

typedef enum { GRANT_PUT, GRANT_PERSON_UNKNOWN, GRANT_DEVICE_UNKNOWN } grant_outcome;

/* Every person at every terminal, or none. */
sp_status grant_store_put(db_tx *tx, const grant_order *order, grant_outcome *ret_outcome,
                          int32_t *ret_count) SP_MUST_USE;

/* Pairs that are not granted, or not seen, are left alone. The pairs are device_ids[i] and person_ids[i]; one list for
 * both counts, no window. */
sp_status grant_store_revoke(db_tx *tx, const grant_order *pairs, int32_t *ret_count) SP_MUST_USE;
