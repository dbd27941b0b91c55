/* The sealer: gives every committed row its place in its enterprise's chain, a second or so after it was written. All
 * servers of an installation run one; whoever holds the lease seals. A batch is one transaction, so a sealer that is
 * killed leaves a chain that holds. */
#pragma once

#include "audit_chain.h"
#include "db.h"

typedef struct audit_sealer audit_sealer;

SP_STATUS(AUDIT_KEY_FOREIGN, SP_FAILED_PRECONDITION,
          "The audit key is not the one that the log is sealed with; bring it back from the backup.");

typedef struct {
    db_pool *system;
    const uint8_t *key; /* AUDIT_KEY_SIZE bytes, borrowed */
    int period_ms;      /* 0: a second; -1: no thread, audit_seal is called by hand */
} audit_sealer_options;

/* NULL when memory or threads are out. The pool is borrowed. */
audit_sealer *audit_sealer_new(const audit_sealer_options *options);

/* Gives the lease back, so that another server need not wait for its end. Accepts NULL. */
void audit_sealer_free(audit_sealer *sealer);

/* Seals what is committed and unsealed, as far as this sealer holds the lease. Every hour, and the first time, the
 * heads of all chains go to the log, where they may serve as anchors. */
sp_status audit_seal(audit_sealer *sealer, int64_t *ret_sealed) SP_MUST_USE;
