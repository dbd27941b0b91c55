/* The handlers of terminals, and what they share. */
#pragma once

#include "call.h"
#include "device_trust.h"
#include "smartpass/v1/devices.names.h"
#include "smartpass/v1/devices.rpc.h"

/* The call's transaction, and what the caller sees of it: the group and what lies below, 0 for all that is his. */
sp_status device_scope_find(rpc_call *call, int64_t group_id, db_tx **ret_tx, device_scope *ret_scope) SP_MUST_USE;

/* Group and section (0: the default one), held until terminals are in them; otherwise a violation at group_id or
 * section_id. */
sp_status device_place_hold(rpc_call *call, db_tx *tx, int64_t group_id, int64_t section_id) SP_MUST_USE;

/* device_trust_service.c */
sp_status approve_device(rpc_call *call, const ApproveDeviceRequest *request, Device *reply);
sp_status replace_device(rpc_call *call, const ReplaceDeviceRequest *request, Device *reply);
sp_status revoke_device(rpc_call *call, const RevokeDeviceRequest *request, Device *reply);

/* device_batches.c */
sp_status batch_delete_devices(rpc_call *call, const BatchDeleteDevicesRequest *request, BatchDevicesResponse *reply);
sp_status batch_move_devices(rpc_call *call, const BatchMoveDevicesRequest *request, BatchDevicesResponse *reply);

/* device_policy.c */
sp_status get_device_policy(rpc_call *call, const GetDevicePolicyRequest *request, DevicePolicy *reply);
sp_status update_device_policy(rpc_call *call, const UpdateDevicePolicyRequest *request, DevicePolicy *reply);
