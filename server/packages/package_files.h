/* The packages' files: <folder>/<id>, readable by the server's user alone. One without a row is nobody's, and is swept
 * when it is an hour old. Thread-safe, except that a draft belongs to one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "db.h"

typedef struct package_files package_files;
typedef struct package_draft package_draft;

SP_STATUS(PACKAGE_DISK_FULL, SP_RESOURCE_EXHAUSTED, "The server's disk is full.");
SP_STATUS(PACKAGE_FILE_LOST, SP_DATA_LOSS, "The package's file is not on this server's disk any more.");

package_files *package_files_new(const char *folder); /* NULL: it cannot be made, or memory is out */
void package_files_free(package_files *files);        /* accepts NULL */

/* A new file, empty. PACKAGE_DISK_FULL when the disk has less than a reserve. */
sp_status package_draft_new(package_files *files, package_draft **ret_draft) SP_MUST_USE;
int64_t package_draft_id(const package_draft *draft);
sp_status package_draft_write(package_draft *draft, const void *bytes, size_t n) SP_MUST_USE;

/* Returns when it is on the disk for good; its row may be committed then. */
sp_status package_draft_keep(package_draft *draft) SP_MUST_USE;

/* Removes the file unless its row was committed. Accepts NULL. */
void package_draft_close(package_draft *draft, bool committed);

/* For reading; the caller closes it. */
sp_status package_files_open(const package_files *files, int64_t id, int *ret_fd) SP_MUST_USE;

sp_status package_files_sweep(const package_files *files, db_pool *system) SP_MUST_USE;
