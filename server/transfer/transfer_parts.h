/* Inside server/transfer: what its files share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "call.h"
#include "columns.h"
#include "export.h"
#include "file_stream.h"
#include "group_paths.h"
#include "lanes.h"
#include "smartpass/v1/transfer.rpc.h"
#include "transfer.h"

#define IMPORT_EMPLOYEES_KIND "import employees"

struct server_transfer {
    transfer_options options;
    transfer_files *files;
    lanes *writers; /* threads that write uploads */
    file_streams streams;
    export_options exports;
    atomic_int uploads; /* under way */
};

extern const transfer_upload_import_events IMPORT_UPLOAD;                /* upload.c */
extern const transfer_download_transfer_file_events FILE_DOWNLOAD;       /* download.c */
extern const transfer_download_import_template_events TEMPLATE_DOWNLOAD; /* download.c */

/* An upload of the user's own, of either role's tx. TRANSFER_FILE_NOT_FOUND otherwise. */
sp_status transfer_own_upload(db_tx *tx, int64_t enterprise_id, int64_t user_id, int64_t id, int64_t now_ms,
                              transfer_file *ret_file) SP_MUST_USE;

/* An operation_kind's run; arg is the server_transfer. */
sp_status import_employees_run(operation_run *run, void *arg);

/* Writes the template into the file that is at path. */
sp_status import_template_write(const char *path, sheet_language language, const group_paths *groups) SP_MUST_USE;
