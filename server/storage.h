/* The database behind the server: its own cluster or one that was given, brought to the present schema. */
#pragma once

#include "cluster.h"
#include "db.h"
#include "server_config.h"

typedef struct {
    db_cluster *cluster; /* NULL with database.url */
    const char *conninfo;
    db_pool *app;
    db_pool *system;
} storage;

/* The database of a server that runs now: nothing is started, migrated or stopped. CLUSTER_NOT_RUNNING when there is
 * none. conninfo gets 256 bytes that must outlive the storage; detail as below. */
sp_status storage_join(const server_config *config, storage *ret_storage, char *conninfo, char *detail) SP_MUST_USE;

/* detail gets 512 bytes and says more after a failure. */
sp_status storage_open(const server_config *config, storage *ret_storage, char *detail) SP_MUST_USE;

/* Stops the cluster too. */
void storage_close(storage *s);
