/* SettingsService: the settings of several terminals, or of a group with what lies below it. */
#pragma once

#include "rpc.h"

SP_STATUS(NO_DEVICE, SP_FAILED_PRECONDITION, "There is no device under the selected group, please select again.");

void settings_register(rpc_server *server);
