/* What comes in and goes out in bulk: files, imports, exports. */
#pragma once

#include "db.h"
#include "operations.h"
#include "people.h"
#include "rpc.h"
#include "transfer_file.h"
#include "worker.h"

typedef struct server_transfer server_transfer;

typedef struct {
    db_pool *app;
    db_pool *system;
    worker_pool *workers; /* that read sheets and zips */
    blob_store *blobs;    /* of photos */
    const char *folder;   /* of the files */
    int64_t quota;        /* bytes of one enterprise's files; 0: 8 GiB */
    people_hooks hooks;
} transfer_options;

/* Options are copied, what they point to is borrowed. NULL when memory, threads or the folder are missing. */
server_transfer *transfer_new(const transfer_options *options);
void transfer_free(server_transfer *transfer); /* after the rpc server and the operations have stopped; accepts NULL */

/* Its kinds of operations. False when there are too many. */
bool transfer_add_kinds(server_transfer *transfer, server_operations *operations);

/* The TransferService. */
void transfer_register(server_transfer *transfer, rpc_server *server);

/* Removes files whose time has come. Run it now and then. */
sp_status transfer_sweep(server_transfer *transfer) SP_MUST_USE;
