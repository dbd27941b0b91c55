/* Commands: what terminals are told to do at once. A row for each, from the moment that it is given; whoever holds the
 * terminal's stream acts on it (command_progress.h). */
#pragma once

#include "db.h"
#include "rpc.h"
#include "smartpass/v1/commands.pb-c.h"

/* The CommandsService. */
void commands_register(rpc_server *server);

/* Writes down what has expired, gives up what a terminal took and never spoke of again, and forgets what is old. Run it
 * now and then. */
sp_status commands_sweep(db_pool *system, int64_t now_ms) SP_MUST_USE;
