/* Files that came in to be imported and files that operations made: <data>/transfer/<id>, readable by the server's user
 * alone, and a row of "transfer_file" for each. A file without a row is nobody's and is swept, and so is one whose time
 * has come: an upload's after a day or when its import has ended, a made one's after seven days or when its operation
 * is dismissed.
 *
 * A new file is a draft in the hands of one thread until it is kept: it is locked (flock) meanwhile, so that no sweep
 * takes it for one that a crash left. */
#pragma once

#include <sys/types.h>

#include "db.h"
#include "smartpass/v1/transfer.pb-c.h"

typedef struct transfer_files transfer_files;
typedef struct transfer_draft transfer_draft;

SP_STATUS(TRANSFER_FILE_NOT_FOUND, SP_NOT_FOUND, "There is no such file, it has expired, or it is not the caller's.");
SP_STATUS(TRANSFER_FILE_LOST, SP_DATA_LOSS, "The file is not on this server's disk any more.");
SP_STATUS(TRANSFER_QUOTA_EXHAUSTED, SP_RESOURCE_EXHAUSTED,
          "The files of this enterprise have reached their limit; dismiss operations that are not needed any more.");
SP_STATUS(DISK_FULL, SP_RESOURCE_EXHAUSTED, "The server's disk is full.");
SP_STATUS(TRANSFER_FILE_NOT_WRITABLE, SP_INTERNAL, "The server cannot write its folder of files.");

typedef struct {
    const char *folder; /* made when it is not there */
    db_pool *system;    /* of the sweep */
    int64_t quota;      /* bytes of one enterprise's files; 0: 8 GiB */
} transfer_files_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out or the folder cannot be made. */
transfer_files *transfer_files_new(const transfer_files_options *options);
void transfer_files_free(transfer_files *files); /* after all drafts are closed */

typedef struct {
    int64_t enterprise_id;
    int64_t id;
    Smartpass__V1__TransferFileKind kind;
    bool made;             /* by an operation; else uploaded */
    const char *name;      /* under which a browser saves it */
    int64_t size;          /* bytes; keeping fills it in */
    int64_t owner_user_id; /* who uploaded it, or started the operation */
    int64_t operation_id;  /* that made it, or of an upload that works on it; 0: none */
    int64_t created_ms;
    int64_t expires_ms; /* 0 when it is kept: as it is usual */
} transfer_file;

/* ---- What is there ----------------------------------------------------------------------------------------------- */

/* One of the enterprise that has not expired, whoever owns it; texts are in tx's arena (either role).
 * TRANSFER_FILE_NOT_FOUND otherwise. */
sp_status transfer_file_find(db_tx *tx, int64_t enterprise_id, int64_t id, int64_t now_ms,
                             transfer_file *ret_file) SP_MUST_USE;

/* For reading; the caller closes it. TRANSFER_FILE_LOST when it is not there. [any thread] */
sp_status transfer_file_open(const transfer_files *files, int64_t id, int *ret_fd) SP_MUST_USE;

SP_STATUS(TRANSFER_FILE_ENGAGED, SP_FAILED_PRECONDITION, "An import of this file has been started already.");

/* An operation that was started in tx works on this upload: it stays until the operation has ended.
 * TRANSFER_FILE_ENGAGED when one does so already. */
sp_status transfer_file_engage(db_tx *tx, const transfer_file *file, int64_t operation_id) SP_MUST_USE;

/* Its row is gone when tx commits, the bytes with the next sweep. Nothing happens when it is gone already. */
sp_status transfer_file_drop(db_tx *tx, int64_t enterprise_id, int64_t id) SP_MUST_USE;

/* ---- A new one --------------------------------------------------------------------------------------------------- */

/* An empty file, locked. tx (either role) tells how much room the enterprise has; TRANSFER_QUOTA_EXHAUSTED when none,
 * DISK_FULL when the disk has less than a reserve. */
sp_status transfer_file_create(transfer_files *files, db_tx *tx, int64_t enterprise_id,
                               transfer_draft **ret_draft) SP_MUST_USE;

int64_t transfer_draft_id(const transfer_draft *draft);

/* For libraries that write by name: the file is there already and must be truncated, never replaced. Lives as long as
 * the draft. */
const char *transfer_draft_path(const transfer_draft *draft);

/* Bytes that it may still grow by, as far as the enterprise's quota goes. */
int64_t transfer_draft_room(const transfer_draft *draft);

/* Appends. TRANSFER_QUOTA_EXHAUSTED before anything is written, DISK_FULL; the draft is of no use then. Blocks. */
sp_status transfer_draft_write(transfer_draft *draft, const void *bytes, size_t size) SP_MUST_USE;

/* DISK_FULL when the disk has less than the reserve: for those who write by the path. */
sp_status transfer_draft_check_disk(const transfer_draft *draft) SP_MUST_USE;

/* Its bytes as they stand, at this offset; for telling what an upload is. Returns how many, -1 on a failure. */
ssize_t transfer_draft_read(const transfer_draft *draft, void *bytes, size_t size, int64_t offset);

/* Its row, in tx (either role): the file is there when tx commits. about says kind, made, name, owner, operation and
 * created_ms; enterprise, id, size and expires_ms are filled in. Earlier files that the same operation made go, so that
 * an operation that is run again leaves one. TRANSFER_QUOTA_EXHAUSTED when a library wrote more than there was room. */
sp_status transfer_draft_keep(transfer_draft *draft, db_tx *tx, transfer_file *about) SP_MUST_USE;

/* The end of every draft: kept says that its row was committed; otherwise the bytes go. Accepts NULL. */
void transfer_draft_close(transfer_draft *draft, bool kept);

/* ---- For the server ---------------------------------------------------------------------------------------------- */

/* Removes what has expired, what ended and dismissed operations leave, and files without a row. Run it now and then. */
sp_status transfer_files_sweep(transfer_files *files, int64_t now_ms) SP_MUST_USE;
