/* Moves rollouts on: terminals that need nothing are passed over, too many failures stop one, the next stage begins,
 * the last one ends it. Set-based; may be done at any time, by any server. */
#pragma once

#include "db.h"

/* rollout_id 0: all of the enterprise; enterprise_id 0 too: all. In tx, of either role. told: terminals that may begin
 * hear of it even when no stage has begun by this. */
sp_status rollout_drive(db_tx *tx, int64_t enterprise_id, int64_t rollout_id, int64_t now_ms, bool told) SP_MUST_USE;

/* Those that are online hear that there is something to begin, or nothing any more. */
sp_status rollout_tell(db_tx *tx, int64_t enterprise_id, int64_t rollout_id, int64_t now_ms) SP_MUST_USE;
