/* Inside server/enterprises: the operation that deletes an enterprise. */
#pragma once

#include "db.h"
#include "operations.h"

#define DELETION_KIND "delete enterprise"

/* Signs everybody of the enterprise out for good, and starts the operation in the enterprise of who asked for it; in
 * his transaction (role system). */
sp_status deletion_start(db_tx *tx, int64_t enterprise_id, const operation_order *order,
                         int64_t *ret_operation_id) SP_MUST_USE;

/* Runs it; arg is the pool of the role system. Can be run again from wherever it stopped: what is left says where. */
sp_status deletion_run(operation_run *run, void *pool);
