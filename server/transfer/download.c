/* DownloadTransferFile and DownloadImportTemplate. */
#include <string.h>
#include <unistd.h>

#include "permissions.h"
#include "smartpass/v1/transfer.names.h"
#include "transfer_parts.h"

enum { DOWNLOAD_ARENA = 24 << 20 };

static const char XLSX[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

static const char *type_of(Smartpass__V1__TransferFileKind kind)
{
    switch (kind) {
    case SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_XLSX:
        return XLSX;
    case SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_CSV:
        return "text/csv; charset=utf-8";
    case SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_ZIP:
        return "application/zip";
    default:
        return "application/octet-stream";
    }
}

/* ---- Files that operations made ---------------------------------------------------------------------------------- */

/* What the method that starts such operations asks for; whoever may not start them may not read what they make. */
static bool may_start(const caller *who, const char *kind)
{
    for (size_t i = 0; i < transfer_service_table.count; i++)
        if (strcmp(transfer_service_table.methods[i].audit, kind) == 0)
            return permission_is_held(who, transfer_service_table.methods[i].permission);
    return false;
}

/* Of the caller's own operation, or of anybody's for an administrator of the enterprise. */
static sp_status file_find(rpc_call *call, db_tx *tx, int64_t id, transfer_file *ret_file)
{
    const caller *who = call_caller(call);
    Smartpass__V1__Operation *operation;
    int64_t operator_user_id = 0;
    sp_status status = transfer_file_find(tx, who->enterprise_id, id, call_now_ms(call), ret_file);

    if (!sp_failed(status))
        status = !ret_file->made || (ret_file->owner_user_id != who->user_id && !who->enterprise_administrator)
                     ? TRANSFER_FILE_NOT_FOUND
                     : operation_read(tx, who->enterprise_id, ret_file->operation_id, &operation, &operator_user_id);
    if (strcmp(status.reason, OPERATION_NOT_FOUND.reason) == 0)
        return TRANSFER_FILE_NOT_FOUND;
    return sp_failed(status) || may_start(who, operation->kind) ? status : TRANSFER_FILE_NOT_FOUND;
}

static sp_status download_open(transfer_download_transfer_file_stream *stream,
                               const DownloadTransferFileRequest *request)
{
    rpc_call *call = transfer_download_transfer_file_call(stream);
    server_transfer *transfer = rpc_call_self(call);
    file_stream *sent = NULL;
    transfer_file file;
    arena memory;
    int fd;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, DOWNLOAD_ARENA);
    status = db_begin(transfer->options.app, call_caller(call)->enterprise_id, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, file_find(call, tx, request->id, &file));
    if (!sp_failed(status)) {
        call_audit_object(call, "%s", file.name);
        status = transfer_file_open(transfer->files, file.id, &fd);
    }
    if (!sp_failed(status))
        status = file_stream_start(&transfer->streams, transfer_download_transfer_file_raw(stream),
                                   &(file_stream_source){fd, file.name, type_of(file.kind), file.id}, &sent);
    transfer_download_transfer_file_set_context(stream, sent);
    arena_done(&memory);
    return status;
}

static void download_writable(transfer_download_transfer_file_stream *stream)
{
    file_stream_writable(transfer_download_transfer_file_context(stream));
}

static void download_cancel(transfer_download_transfer_file_stream *stream)
{
    file_stream_cancel(transfer_download_transfer_file_context(stream));
}

static void download_done(transfer_download_transfer_file_stream *stream)
{
    file_stream_done(transfer_download_transfer_file_context(stream));
}

const transfer_download_transfer_file_events FILE_DOWNLOAD = {
    .open = download_open,
    .writable = download_writable,
    .cancel = download_cancel,
    .done = download_done,
};

/* ---- The template ------------------------------------------------------------------------------------------------ */

/* Written into a file that is nobody's and gone with its last reader. */
static sp_status template_make(server_transfer *transfer, const caller *who, arena *a, sheet_language language,
                               int *ret_fd)
{
    transfer_draft *draft = NULL;
    group_paths *groups;
    db_tx *tx;
    sp_status status = db_begin(transfer->options.app, who->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = group_paths_read(tx, who->enterprise_id, who->group_id, &groups);
    if (!sp_failed(status))
        status = transfer_file_create(transfer->files, tx, who->enterprise_id, &draft);
    status = db_end(tx, status);
    if (!sp_failed(status))
        status = import_template_write(transfer_draft_path(draft), language, groups);
    if (!sp_failed(status))
        status = transfer_file_open(transfer->files, transfer_draft_id(draft), ret_fd);
    transfer_draft_close(draft, false);
    return status;
}

static sp_status template_open(transfer_download_import_template_stream *stream,
                               const DownloadImportTemplateRequest *request)
{
    const rpc_call *call = transfer_download_import_template_call(stream);
    server_transfer *transfer = rpc_call_self(call);
    file_stream *sent = NULL;
    arena memory;
    int fd;
    sp_status status;

    arena_init(&memory, DOWNLOAD_ARENA);
    status = template_make(transfer, call_caller(call), &memory, sheet_language_of(request->language), &fd);
    if (!sp_failed(status))
        status = file_stream_start(&transfer->streams, transfer_download_import_template_raw(stream),
                                   &(file_stream_source){fd, "Personnel_import_template.xlsx", XLSX, 0}, &sent);
    transfer_download_import_template_set_context(stream, sent);
    arena_done(&memory);
    return status;
}

static void template_writable(transfer_download_import_template_stream *stream)
{
    file_stream_writable(transfer_download_import_template_context(stream));
}

static void template_cancel(transfer_download_import_template_stream *stream)
{
    file_stream_cancel(transfer_download_import_template_context(stream));
}

static void template_done(transfer_download_import_template_stream *stream)
{
    file_stream_done(transfer_download_import_template_context(stream));
}

const transfer_download_import_template_events TEMPLATE_DOWNLOAD = {
    .open = template_open,
    .writable = template_writable,
    .cancel = template_cancel,
    .done = template_done,
};
