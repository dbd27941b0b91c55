/* Whether an enterprise's chain holds, read from its first row to its last. */
#pragma once

#include "audit_chain.h"
#include "db.h"

typedef struct {
    int64_t sealed_rows;   /* that fit */
    int64_t unsealed_rows; /* that the sealer has not reached */
    bool broken;
    int64_t bad_row;  /* id of the first row that does not fit; 0 when it is gone */
    int64_t bad_seal; /* its place; 0 when the chain holds */
    int64_t head_seal;
    uint8_t head[SHA256_SIZE]; /* mac of the last row that fits */
} audit_verdict;

typedef struct {
    db_pool *pool; /* of either role */
    const uint8_t *key;
    int64_t enterprise_id;
    int64_t anchor_seal; /* 0: none. Otherwise the row with this seal must have the mac below. */
    uint8_t anchor[SHA256_SIZE];
    bool (*give_up)(void *arg); /* asked between pages; may be NULL */
    void *arg;
} audit_verify_options;

/* Reads in transactions of its own, page by page, while rows may be added. Blocks. DB_CANCELLED when told to give up.
 */
sp_status audit_verify(const audit_verify_options *options, audit_verdict *ret_verdict) SP_MUST_USE;
