/* UploadImport: a file of people or photos, written by a thread of our own, and known by its first and last bytes. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "body_intake.h"
#include "smartpass/v1/transfer.names.h"
#include "timestamp.h"
#include "transfer_parts.h"
#include "upload_rules.h"

enum { UPLOADS_MAX = 16 /* under way at the same time */, UPLOAD_ARENA = 1 << 20 };

SP_STATUS(IMPORTS_BUSY, SP_RESOURCE_EXHAUSTED, "Too many files are being uploaded; try again in a moment.");

typedef struct {
    server_transfer *transfer;
    int64_t enterprise_id, user_id, now_ms;
    int64_t came;                   /* bytes; the stream's own */
    char name[UPLOAD_NAME_MAX + 1]; /* set by the first part */
    int64_t size;                   /* written */
    transfer_draft *draft;
    arena memory;       /* of the outcome */
    upload_fault fault; /* the outcome, */
    sp_status status;   /* or this */
    bool kept;
    TransferFile file;
} upload;

static void upload_free(void *self)
{
    upload *u = self;

    atomic_fetch_sub(&u->transfer->uploads, 1);
    transfer_draft_close(u->draft, u->kept);
    arena_done(&u->memory);
    free(u);
}

static sp_status violation(rpc_call *call, upload_fault fault)
{
    return rpc_call_violation(call, "file", upload_fault_reason(fault), upload_fault_sentence(fault));
}

static sp_status upload_look(void *self, rpc_call *call, const Google__Api__HttpBody *part)
{
    upload *u = self;
    upload_fault fault;

    if (u->came == 0)
        upload_name_read(part, u->name);
    u->came += (int64_t)part->data.len;
    fault = upload_check_begun(u->came);
    return fault == UPLOAD_FINE ? SP_DONE : violation(call, fault);
}

/* ---- On a thread of its own ------------------------------------------------------------------------------------- */

static sp_status upload_keep(void *self, const uint8_t *bytes, size_t size)
{
    upload *u = self;

    u->size += (int64_t)size;
    return transfer_draft_write(u->draft, bytes, size);
}

/* What has been written, by its first and last bytes. */
static Smartpass__V1__TransferFileKind kind_of(const transfer_draft *draft, int64_t size)
{
    uint8_t *bytes = malloc(UPLOAD_HEAD_BYTES + UPLOAD_TAIL_BYTES);
    int64_t tail_at = size > UPLOAD_TAIL_BYTES ? size - UPLOAD_TAIL_BYTES : 0;
    Smartpass__V1__TransferFileKind kind = SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_UNSPECIFIED;

    if (!bytes)
        return kind;
    ssize_t head = transfer_draft_read(draft, bytes, UPLOAD_HEAD_BYTES, 0);
    ssize_t tail = transfer_draft_read(draft, bytes + UPLOAD_HEAD_BYTES, UPLOAD_TAIL_BYTES, tail_at);
    if (head > 0 && tail > 0)
        kind = upload_kind_of(bytes, (size_t)head, bytes + UPLOAD_HEAD_BYTES, (size_t)tail);
    free(bytes);
    return kind;
}

static sp_status upload_store(upload *u, Smartpass__V1__TransferFileKind kind)
{
    transfer_file file = {
        .kind = kind,
        .name = u->name,
        .owner_user_id = u->user_id,
        .created_ms = u->now_ms,
    };
    db_tx *tx;
    sp_status status = db_begin(u->transfer->options.app, u->enterprise_id, &u->memory, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, transfer_draft_keep(u->draft, tx, &file));
    u->kept = !sp_failed(status);
    u->file.id = file.id;
    u->file.kind = file.kind;
    u->file.size = file.size;
    u->file.name = u->name;
    u->file.expire_time = timestamp_or_null(&u->memory, file.expires_ms);
    return status;
}

static void upload_end(void *self)
{
    upload *u = self;
    Smartpass__V1__TransferFileKind kind = kind_of(u->draft, u->size);

    u->fault = u->size == 0 ? UPLOAD_EMPTY : upload_check(kind, u->size);
    if (u->fault == UPLOAD_FINE)
        u->status = upload_store(u, kind);
}

static sp_status upload_answer(void *self, rpc_stream *stream)
{
    upload *u = self;

    if (u->fault != UPLOAD_FINE)
        return violation(rpc_stream_call(stream), u->fault);
    if (sp_failed(u->status))
        return u->status;
    call_audit_object(rpc_stream_call(stream), "%s", *u->name ? u->name : "file");
    rpc_stream_write(stream, &u->file.base);
    return SP_DONE;
}

static const body_keeper keeper = {
    .look = upload_look,
    .keep = upload_keep,
    .end = upload_end,
    .answer = upload_answer,
    .done = upload_free,
};

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static sp_status draft_new(upload *u)
{
    db_tx *tx;
    sp_status status = db_begin(u->transfer->options.app, u->enterprise_id, &u->memory, &tx);

    if (sp_failed(status))
        return status;
    return db_end(tx, transfer_file_create(u->transfer->files, tx, u->enterprise_id, &u->draft));
}

static sp_status upload_new(const rpc_call *call, upload **ret_upload)
{
    server_transfer *transfer = rpc_call_self(call);
    upload *u = calloc(1, sizeof *u);

    if (!u)
        return OUT_OF_MEMORY;
    u->transfer = transfer;
    u->enterprise_id = call_caller(call)->enterprise_id;
    u->user_id = call_caller(call)->user_id;
    u->now_ms = call_now_ms(call);
    u->file = (TransferFile)TRANSFER_FILE_INIT;
    arena_init(&u->memory, UPLOAD_ARENA);
    if (atomic_fetch_add(&transfer->uploads, 1) >= UPLOADS_MAX) {
        upload_free(u);
        return IMPORTS_BUSY;
    }
    *ret_upload = u;
    return SP_DONE;
}

static sp_status upload_open(transfer_upload_import_stream *stream)
{
    body_intake *intake;
    upload *u;
    sp_status status = upload_new(transfer_upload_import_call(stream), &u);

    if (sp_failed(status))
        return status;
    intake = body_intake_new(transfer_upload_import_raw(stream), u->transfer->writers, &keeper, u);
    transfer_upload_import_set_context(stream, intake);
    if (intake)
        return draft_new(u);
    upload_free(u);
    return OUT_OF_MEMORY;
}

static void upload_message(transfer_upload_import_stream *stream, const Google__Api__HttpBody *part)
{
    body_intake_message(transfer_upload_import_context(stream), part);
}

static void upload_half_close(transfer_upload_import_stream *stream)
{
    body_intake_half_close(transfer_upload_import_context(stream));
}

static void upload_done(transfer_upload_import_stream *stream)
{
    body_intake_done(transfer_upload_import_context(stream));
}

const transfer_upload_import_events IMPORT_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
