/* How many terminals are how (role app). */
#pragma once

#include "monitor.h"

/* Of the terminals in these groups (org_scope's). In tx's arena. */
sp_status fleet_store_health(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t now_ms,
                             Smartpass__V1__FleetHealth *ret_health) SP_MUST_USE;
