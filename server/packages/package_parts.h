/* Inside server/packages: what its files share. */
#pragma once

#include <limits.h>
#include <stdatomic.h>

#include "call.h"
#include "lanes.h"
#include "package_files.h"
#include "packages.h"
#include "smartpass/v1/packages.names.h"
#include "smartpass/v1/packages.rpc.h"
#include "ticker.h"

struct server_packages {
    db_pool *app, *system;
    package_files *files;
    char keys[PATH_MAX];
    lanes *writers; /* threads that check and write uploads */
    ticker *ticker;
    atomic_int uploads; /* under way */
};

SP_STATUS(PACKAGE_NOT_FOUND, SP_NOT_FOUND, "There is no such package.");
SP_STATUS(PACKAGE_IN_USE, SP_FAILED_PRECONDITION, "A rollout needs this package.");
SP_STATUS(VERSION_EXISTS, SP_ALREADY_EXISTS, "There is a package of this version for this model already.");
SP_STATUS(ROLLOUT_NOT_FOUND, SP_NOT_FOUND,
          "There is no such rollout, or it concerns terminals that the caller does not see.");
SP_STATUS(ROLLOUT_ENDED, SP_FAILED_PRECONDITION, "The rollout has ended.");
SP_STATUS(ROLLOUT_NOT_STOPPED, SP_FAILED_PRECONDITION, "The rollout has not stopped.");

/* packages_service.c and rollout_service.c */
extern const packages_upload_package_events PACKAGE_UPLOAD; /* package_upload.c */
sp_status handle_create_rollout(rpc_call *call, const CreateRolloutRequest *request, Rollout *reply);
sp_status handle_list_rollouts(rpc_call *call, const ListRolloutsRequest *request, ListRolloutsResponse *reply);
sp_status handle_get_rollout(rpc_call *call, const GetRolloutRequest *request, Rollout *reply);
sp_status handle_list_rollout_devices(rpc_call *call, const ListRolloutDevicesRequest *request,
                                      ListRolloutDevicesResponse *reply);
sp_status handle_continue_rollout(rpc_call *call, const ContinueRolloutRequest *request, Rollout *reply);
sp_status handle_cancel_rollout(rpc_call *call, const CancelRolloutRequest *request, Rollout *reply);
