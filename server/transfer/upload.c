/* UploadImport: parts gather while a thread of our own writes what came before them to the disk. While both are full
 * the stream is paused, so that flow control holds the sender back: a file is never in memory. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "smartpass/v1/body.pb-c.h"
#include "smartpass/v1/transfer.names.h"
#include "timestamp.h"
#include "transfer_parts.h"
#include "upload_rules.h"

enum {
    UPLOADS_MAX = 16,                      /* under way at the same time */
    GATHER_BYTES = 256 << 10,              /* from here on the sender waits for the disk */
    GATHER_MAX = GATHER_BYTES + (4 << 20), /* one message more */
    UPLOAD_ARENA = 1 << 20,
};

SP_STATUS(IMPORTS_BUSY, SP_RESOURCE_EXHAUSTED, "Too many files are being uploaded; try again in a moment.");
SP_STATUS(IMPORT_NOT_STARTED, SP_UNAVAILABLE, "The file cannot be taken at the moment; try again.");

/* Shared by the stream's events and the writer; the last of them frees it. */
typedef struct {
    pthread_mutex_t lock;
    transfer_upload_import_stream *stream; /* locked; NULL once the call is over, and nothing of it may be touched */
    server_transfer *transfer;
    int64_t enterprise_id, user_id, now_ms, lane;
    byte_buffer gathered;              /* locked */
    bool writing;                      /* locked: a job is under way or about to be */
    bool paused, ended, refused, kept; /* locked */
    int64_t size;
    char name[UPLOAD_NAME_MAX + 1];
    byte_buffer bytes; /* the writer's own */
    transfer_draft *draft;
    atomic_int owners;
} upload;

static void upload_release(upload *u)
{
    if (atomic_fetch_sub(&u->owners, 1) > 1)
        return;
    atomic_fetch_sub(&u->transfer->uploads, 1);
    transfer_draft_close(u->draft, u->kept);
    pthread_mutex_destroy(&u->lock);
    byte_buffer_done(&u->gathered);
    byte_buffer_done(&u->bytes);
    free(u);
}

/* ---- Writing, on a thread of its own ----------------------------------------------------------------------------- */

/* Locked. The first refusal is the answer; what comes after it is read away. */
static void refuse(upload *u, sp_status status)
{
    if (!u->refused && u->stream)
        transfer_upload_import_finish(u->stream, status);
    u->refused = true;
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

static sp_status upload_keep(upload *u, arena *a, TransferFile *ret_file)
{
    transfer_file file = {
        .kind = kind_of(u->draft, u->size),
        .name = u->name,
        .owner_user_id = u->user_id,
        .created_ms = u->now_ms,
    };
    db_tx *tx;
    sp_status status = db_begin(u->transfer->options.app, u->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, transfer_draft_keep(u->draft, tx, &file));
    u->kept = !sp_failed(status);
    ret_file->id = file.id;
    ret_file->kind = file.kind;
    ret_file->size = file.size;
    ret_file->name = u->name;
    ret_file->expire_time = timestamp_or_null(a, file.expires_ms);
    return status;
}

static upload_fault fault_of(const upload *u)
{
    Smartpass__V1__TransferFileKind kind = kind_of(u->draft, u->size);

    return u->size == 0 ? UPLOAD_EMPTY : upload_check(kind, u->size);
}

/* Locked. */
static void refuse_fault(upload *u, upload_fault fault)
{
    if (u->stream)
        refuse(u, rpc_call_violation(transfer_upload_import_call(u->stream), "file", upload_fault_reason(fault),
                                     upload_fault_sentence(fault)));
}

static void upload_end(upload *u)
{
    TransferFile file = TRANSFER_FILE_INIT;
    upload_fault fault = fault_of(u);
    arena memory;
    sp_status status = SP_DONE;

    arena_init(&memory, UPLOAD_ARENA);
    if (fault == UPLOAD_FINE)
        status = upload_keep(u, &memory, &file);
    pthread_mutex_lock(&u->lock);
    if (fault != UPLOAD_FINE) {
        refuse_fault(u, fault);
    } else if (sp_failed(status)) {
        refuse(u, status);
    } else if (u->stream) {
        call_audit_object(transfer_upload_import_call(u->stream), "%s", *u->name ? u->name : "file");
        transfer_upload_import_write(u->stream, &file);
        transfer_upload_import_finish(u->stream, SP_DONE);
    }
    pthread_mutex_unlock(&u->lock);
    arena_done(&memory);
}

/* Locked. Takes what has gathered; false when there is nothing, and then the writer is at its end. */
static bool gathered_take(upload *u)
{
    byte_buffer taken = u->gathered;

    if (u->gathered.size == 0 || u->refused || !u->stream) {
        u->writing = u->ended && !u->refused && u->stream;
        return false;
    }
    u->gathered = u->bytes;
    u->bytes = taken;
    if (u->paused) {
        u->paused = false;
        rpc_stream_resume(transfer_upload_import_raw(u->stream));
    }
    return true;
}

static void upload_write(void *arg)
{
    upload *u = arg;
    bool is_end;

    pthread_mutex_lock(&u->lock);
    while (gathered_take(u)) {
        pthread_mutex_unlock(&u->lock);
        sp_status status = transfer_draft_write(u->draft, u->bytes.data, u->bytes.size);

        u->bytes.size = 0;
        pthread_mutex_lock(&u->lock);
        if (sp_failed(status))
            refuse(u, status);
    }
    is_end = u->writing;
    pthread_mutex_unlock(&u->lock);
    if (is_end)
        upload_end(u);
    upload_release(u);
}

/* Locked. */
static void writer_start(upload *u)
{
    if (u->writing)
        return;
    u->writing = true;
    atomic_fetch_add(&u->owners, 1);
    if (lanes_post(u->transfer->writers, u->lane, upload_write, u))
        return;
    atomic_fetch_sub(&u->owners, 1);
    refuse(u, IMPORT_NOT_STARTED);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static sp_status draft_new(upload *u)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, UPLOAD_ARENA);
    status = db_begin(u->transfer->options.app, u->enterprise_id, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, transfer_file_create(u->transfer->files, tx, u->enterprise_id, &u->draft));
    arena_done(&memory);
    return status;
}

static upload *upload_new(transfer_upload_import_stream *stream)
{
    static atomic_int turn;
    const rpc_call *call = transfer_upload_import_call(stream);
    upload *u = calloc(1, sizeof *u);

    if (!u)
        return NULL;
    u->stream = stream;
    u->transfer = rpc_call_self(call);
    u->enterprise_id = call_caller(call)->enterprise_id;
    u->user_id = call_caller(call)->user_id;
    u->now_ms = call_now_ms(call);
    u->lane = atomic_fetch_add(&turn, 1);
    pthread_mutex_init(&u->lock, NULL);
    byte_buffer_init(&u->gathered, GATHER_MAX);
    byte_buffer_init(&u->bytes, GATHER_MAX);
    atomic_init(&u->owners, 1);
    return u;
}

static sp_status upload_open(transfer_upload_import_stream *stream)
{
    server_transfer *transfer = rpc_call_self(transfer_upload_import_call(stream));
    upload *u;

    if (atomic_fetch_add(&transfer->uploads, 1) >= UPLOADS_MAX) {
        atomic_fetch_sub(&transfer->uploads, 1);
        return IMPORTS_BUSY;
    }
    u = upload_new(stream);
    if (!u) {
        atomic_fetch_sub(&transfer->uploads, 1);
        return OUT_OF_MEMORY;
    }
    transfer_upload_import_set_context(stream, u);
    return draft_new(u);
}

/* Locked. */
static void part_take(upload *u, const Google__Api__HttpBody *part)
{
    upload_fault fault;

    if (u->size == 0)
        upload_name_read(part, u->name);
    u->size += (int64_t)part->data.len;
    fault = upload_check_begun(u->size);
    if (fault != UPLOAD_FINE)
        refuse_fault(u, fault);
    else if (!byte_buffer_append(&u->gathered, part->data.data, part->data.len))
        refuse(u, OUT_OF_MEMORY);
    if (u->refused)
        return;
    if (u->gathered.size >= GATHER_BYTES && u->writing && !u->paused) {
        u->paused = true;
        rpc_stream_pause(transfer_upload_import_raw(u->stream));
    }
    writer_start(u);
}

static void upload_message(transfer_upload_import_stream *stream, const Google__Api__HttpBody *part)
{
    upload *u = transfer_upload_import_context(stream);

    pthread_mutex_lock(&u->lock);
    if (!u->refused)
        part_take(u, part);
    pthread_mutex_unlock(&u->lock);
}

static void upload_half_close(transfer_upload_import_stream *stream)
{
    upload *u = transfer_upload_import_context(stream);

    pthread_mutex_lock(&u->lock);
    u->ended = true;
    if (!u->refused)
        writer_start(u);
    pthread_mutex_unlock(&u->lock);
}

/* Removing a large file takes longer than an event may. */
static void upload_leave(void *arg)
{
    upload_release(arg);
}

static void upload_done(transfer_upload_import_stream *stream)
{
    upload *u = transfer_upload_import_context(stream);

    if (!u)
        return;
    pthread_mutex_lock(&u->lock);
    u->stream = NULL;
    pthread_mutex_unlock(&u->lock);
    if (!lanes_post(u->transfer->writers, u->lane, upload_leave, u))
        upload_release(u);
}

const transfer_upload_import_events IMPORT_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
