/* The live screen: what a terminal shows at this moment, for somebody who looks. Who looks is a row that he renews by
 * looking; whoever holds the terminal's stream (server/link/screens.c) has it send pictures while there is one, and the
 * last picture is another row. So it does not matter which servers the two are at. */
#pragma once

#include "blobs.h"
#include "db.h"
#include "rpc.h"

/* The ScreensService. blobs has the key under which pictures lie sealed, and lives longer than the server. */
void screens_register(blob_store *blobs, rpc_server *server);

/* Forgets who looked and what nobody looks at any more. Run it now and then. */
sp_status screens_sweep(db_pool *system) SP_MUST_USE;
