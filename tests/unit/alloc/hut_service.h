/* What the hut's server is made of. */
#pragma once

#include "room.h"

extern const rpc_binding hut_binding; /* for room_service */
extern const rpc_interceptor hut_interceptor;
