/* Inside server/displays: what its files share. */
#pragma once

#include <stdatomic.h>

#include "call.h"
#include "display_store.h"
#include "smartpass/v1/displays.names.h"
#include "smartpass/v1/displays.rpc.h"

struct server_displays {
    displays_options options;
    atomic_int looks; /* at pictures, under way */
};

extern const displays_download_display_picture_events DISPLAY_DOWNLOAD; /* display_picture.c */

/* What the caller of a call sees; groups are asked for in tx. */
sp_status display_viewer_find(rpc_call *call, db_tx *tx, display_viewer *ret_viewer) SP_MUST_USE;

/* The picture of a request as it will be kept, in the call's arena; blocks, and is called outside of a transaction. One
 * that cannot be used is a violation at "picture". */
sp_status display_picture_look(rpc_call *call, const ProtobufCBinaryData *picture, photo_facts *ret_facts) SP_MUST_USE;
