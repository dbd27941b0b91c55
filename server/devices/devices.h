/* Terminals, as the console manages them. What is connected at the moment is the link's. */
#pragma once

#include "db.h"
#include "rpc.h"
#include "smartpass/v1/devices.pb-c.h"

/* Without a sign of life for so long a terminal is offline (ledger 2a). */
enum { DEVICE_ONLINE_MS = 60000 };

SP_STATUS(DEVICE_NOT_FOUND, SP_NOT_FOUND, "There is no such terminal.");
SP_STATUS(DEVICE_WAITING, SP_FAILED_PRECONDITION, "The terminal waits until somebody accepts it.");
SP_STATUS(DEVICE_STILL_ONLINE, SP_FAILED_PRECONDITION, "Only an offline terminal can be deleted.");

void devices_register(rpc_server *server);

/* One terminal as clients see it, read with tx into its arena. DEVICE_NOT_FOUND when it is gone. */
sp_status device_read(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t now_ms,
                      Smartpass__V1__Device **ret_device) SP_MUST_USE;
