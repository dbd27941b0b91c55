/* Register from device: a terminal takes a photo for the form that somebody is filling in. A row for each, from the
 * moment that it is asked for; whoever holds the terminal's stream acts on it. */
#pragma once

#include "db.h"
#include "people.h"
#include "rpc.h"
#include "smartpass/v1/capture.pb-c.h"

enum { CAPTURE_MS = 60000 }; /* that each has */

/* The CaptureService. people has the photos, and lives longer than the server. */
void capture_register(server_people *people, rpc_server *server);

/* Ends what ran out of time, and forgets what is long over. Run it now and then. */
sp_status capture_sweep(db_pool *system, int64_t now_ms) SP_MUST_USE;
