/* Software of terminals: signed packages as files with a row each, and rollouts that bring one to terminals, a stage at
 * a time. Who holds a terminal's stream asks package_progress.h what the terminal is offered. */
#pragma once

#include "db.h"
#include "rpc.h"

typedef struct server_packages server_packages;

typedef struct {
    db_pool *app;
    db_pool *system;
    const char *folder; /* of the packages' files; made when it is not there */
    const char *keys;   /* folder of public keys that may sign; read for each upload */
} packages_options;

/* Options are copied, what they point to is borrowed until this returns, the pools as long as it lives. NULL when
 * memory or threads are out, or the folder cannot be made. */
server_packages *packages_new(const packages_options *options);
void packages_free(server_packages *packages); /* after the rpc server has stopped */

/* The PackagesService. */
void packages_register(server_packages *packages, rpc_server *server);

/* Removes files whose row is gone. Run it now and then. */
sp_status packages_sweep(server_packages *packages) SP_MUST_USE;
