/* The server's own PostgreSQL: made with initdb at the first start, run as a child, restarted when it dies, adopted
 * when a killed server left it running, and stopped cleanly. It listens on a unix socket alone.
 *
 * As root the cluster runs as another user, because PostgreSQL refuses root. */
#pragma once

#include "status.h"

SP_STATUS(CLUSTER_NO_BINARIES, SP_FAILED_PRECONDITION,
          "PostgreSQL 15 or later is not installed, or not where it was looked for.");
SP_STATUS(CLUSTER_NO_USER, SP_FAILED_PRECONDITION,
          "PostgreSQL does not run as root, and the user that it should run as does not exist.");
SP_STATUS(CLUSTER_DIRECTORY, SP_FAILED_PRECONDITION, "The database's folder cannot be made or entered.");
SP_STATUS(CLUSTER_OTHER_VERSION, SP_FAILED_PRECONDITION,
          "The database's folder was made by another major version of PostgreSQL; upgrade it with pg_upgrade. "
          "Nothing was changed.");
SP_STATUS(CLUSTER_INITDB, SP_INTERNAL, "The database's folder could not be prepared by initdb.");
SP_STATUS(CLUSTER_NO_START, SP_UNAVAILABLE, "The database does not start; its log says why.");

typedef struct {
    const char *directory; /* absolute; made at the first start */
    const char *user;      /* as root: who runs it; NULL or "": smartpass, else postgres */
    const char *binaries;  /* folder of initdb and postgres; NULL or "": looked for */
    int port;              /* only names the socket; 0: 3306 */
} db_cluster_options;

typedef struct db_cluster db_cluster;

/* Returns when the cluster accepts connections. ret_detail (512 bytes) says more after a failure; "" otherwise. */
sp_status db_cluster_start(const db_cluster_options *options, db_cluster **ret_cluster, char *ret_detail) SP_MUST_USE;

SP_STATUS(CLUSTER_NOT_RUNNING, SP_UNAVAILABLE, "The database is not running.");

/* The connection keywords of a cluster that somebody else runs at the moment, for tools beside a server: 256 bytes. */
sp_status db_cluster_find(const db_cluster_options *options, char *ret_conninfo, char *ret_detail) SP_MUST_USE;

/* Connection keywords of the owner; valid until stop. */
const char *db_cluster_conninfo(const db_cluster *cluster);

/* Fast shutdown: running transactions are rolled back. Frees the cluster. */
void db_cluster_stop(db_cluster *cluster);
