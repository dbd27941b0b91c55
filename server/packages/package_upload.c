/* UploadPackage: parts gather while a thread of our own checks and writes what came before them. While both are full
 * the stream is paused, so that flow control holds the sender back: a package is never in memory. Nothing is written
 * before its signature is found good. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "hash.h"
#include "log.h"
#include "package_check.h"
#include "package_store.h"
#include "smartpass/v1/body.pb-c.h"

enum {
    UPLOADS_MAX = 4,                       /* under way at the same time */
    GATHER_BYTES = 256 << 10,              /* from here on the sender waits for the disk */
    GATHER_MAX = GATHER_BYTES + (4 << 20), /* one message more */
    UPLOAD_ARENA = 1 << 20,
};

SP_STATUS(PACKAGES_BUSY, SP_RESOURCE_EXHAUSTED, "Too many packages are being uploaded; try again in a moment.");
SP_STATUS(PACKAGE_NOT_STARTED, SP_UNAVAILABLE, "The package cannot be taken at the moment; try again.");

/* Shared by the stream's events and the writer; the last of them frees it. */
typedef struct {
    pthread_mutex_t lock;
    packages_upload_package_stream *stream; /* locked; NULL once the call is over, and nothing of it may be touched */
    server_packages *packages;
    int64_t enterprise_id, now_ms, lane;
    char *username;
    byte_buffer gathered;        /* locked */
    bool writing;                /* locked: a job is under way or about to be */
    bool paused, ended, refused; /* locked */

    /* The writer's own. */
    byte_buffer bytes;
    package_keys *keys;
    package_check *check;
    sha256_stream *whole;
    int64_t size;
    package_draft *draft;
    bool kept;
    atomic_int owners;
} upload;

static void upload_release(upload *u)
{
    if (atomic_fetch_sub(&u->owners, 1) > 1)
        return;
    atomic_fetch_sub(&u->packages->uploads, 1);
    package_draft_close(u->draft, u->kept);
    package_check_free(u->check);
    package_keys_free(u->keys);
    sha256_free(u->whole);
    pthread_mutex_destroy(&u->lock);
    byte_buffer_done(&u->gathered);
    byte_buffer_done(&u->bytes);
    free(u->username);
    free(u);
}

/* ---- Writing, on a thread of its own ----------------------------------------------------------------------------- */

/* Locked. The first refusal is the answer; what comes after it is read away. */
static void refuse(upload *u, sp_status status)
{
    if (!u->refused && u->stream)
        packages_upload_package_finish(u->stream, status);
    u->refused = true;
}

/* The keys as they are now; then everything by the check, and to the disk once its signature is good. */
static sp_status begin(upload *u)
{
    size_t unusable = 0;

    if (u->check)
        return SP_DONE;
    u->keys = package_keys_load(u->packages->keys, &unusable);
    u->check = u->keys ? package_check_new(u->keys, PACKAGE_PAYLOAD_MAX) : NULL;
    u->whole = sha256_new();
    if (unusable > 0)
        log_write(LOG_WARNING, "not every file of the folder of package keys holds an Ed25519 public key", "folder",
                  u->packages->keys, NULL);
    if (!u->check || !u->whole)
        return OUT_OF_MEMORY;
    return package_draft_new(u->packages->files, &u->draft);
}

static sp_status write_piece(upload *u)
{
    sp_status status = begin(u);

    if (!sp_failed(status))
        status = package_check_add(u->check, u->bytes.data, u->bytes.size);
    if (sp_failed(status))
        return status;
    sha256_add(u->whole, u->bytes.data, u->bytes.size);
    u->size += (int64_t)u->bytes.size;
    return package_draft_write(u->draft, u->bytes.data, u->bytes.size);
}

static sp_status insert(upload *u, arena *a, Package **ret_package)
{
    const package_manifest *m = package_check_manifest(u->check);
    uint8_t sha256[SHA256_SIZE];
    char version[PACKAGE_VERSION_SIZE];
    db_tx *tx;
    sp_status status = sha256_end(u->whole, sha256);
    new_package row = {
        .enterprise_id = u->enterprise_id,
        .id = package_draft_id(u->draft),
        .version = version,
        .version_number = (int64_t)m->version.major << 32 | (int64_t)m->version.minor << 16 | m->version.patch,
        .model = m->model,
        .notes = m->notes,
        .size = (int64_t)m->size,
        .sha256 = m->sha256,
        .file_size = u->size,
        .file_sha256 = sha256,
        .key_name = package_check_key_name(u->check),
        .now_ms = u->now_ms,
        .uploaded_by = u->username,
    };

    package_version_text(m->version, version);
    if (!sp_failed(status))
        status = db_begin(u->packages->app, u->enterprise_id, a, &tx);
    if (sp_failed(status))
        return status;
    status = package_store_add(tx, &row);
    if (!sp_failed(status))
        status = package_store_get(tx, u->enterprise_id, row.id, ret_package);
    return db_end(tx, status);
}

static void upload_end(upload *u)
{
    Package *package = NULL;
    arena memory;
    sp_status status = begin(u); /* of an empty upload */

    arena_init(&memory, UPLOAD_ARENA);
    if (!sp_failed(status))
        status = package_check_end(u->check);
    if (!sp_failed(status))
        status = package_draft_keep(u->draft);
    if (!sp_failed(status))
        status = insert(u, &memory, &package);
    u->kept = !sp_failed(status);
    pthread_mutex_lock(&u->lock);
    if (sp_failed(status)) {
        refuse(u, status);
    } else if (u->stream) {
        call_audit_object(packages_upload_package_call(u->stream), "package %s", package->version);
        call_audit_after(packages_upload_package_call(u->stream), &package->base);
        packages_upload_package_write(u->stream, package);
        packages_upload_package_finish(u->stream, SP_DONE);
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
        rpc_stream_resume(packages_upload_package_raw(u->stream));
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
        sp_status status = write_piece(u);

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
    if (lanes_post(u->packages->writers, u->lane, upload_write, u))
        return;
    atomic_fetch_sub(&u->owners, 1);
    refuse(u, PACKAGE_NOT_STARTED);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static upload *upload_new(packages_upload_package_stream *stream)
{
    static atomic_int turn;
    const rpc_call *call = packages_upload_package_call(stream);
    upload *u = calloc(1, sizeof *u);

    if (!u)
        return NULL;
    u->username = strdup(call_caller(call)->username);
    if (!u->username) {
        free(u);
        return NULL;
    }
    u->stream = stream;
    u->packages = rpc_call_self(call);
    u->enterprise_id = call_caller(call)->enterprise_id;
    u->now_ms = call_now_ms(call);
    u->lane = atomic_fetch_add(&turn, 1);
    pthread_mutex_init(&u->lock, NULL);
    byte_buffer_init(&u->gathered, GATHER_MAX);
    byte_buffer_init(&u->bytes, GATHER_MAX);
    atomic_init(&u->owners, 1);
    return u;
}

static sp_status upload_open(packages_upload_package_stream *stream)
{
    server_packages *packages = rpc_call_self(packages_upload_package_call(stream));
    upload *u;

    if (atomic_fetch_add(&packages->uploads, 1) >= UPLOADS_MAX) {
        atomic_fetch_sub(&packages->uploads, 1);
        return PACKAGES_BUSY;
    }
    u = upload_new(stream);
    if (!u) {
        atomic_fetch_sub(&packages->uploads, 1);
        return OUT_OF_MEMORY;
    }
    packages_upload_package_set_context(stream, u);
    return SP_DONE;
}

static void upload_message(packages_upload_package_stream *stream, const Google__Api__HttpBody *part)
{
    upload *u = packages_upload_package_context(stream);

    pthread_mutex_lock(&u->lock);
    if (!u->refused && !byte_buffer_append(&u->gathered, part->data.data, part->data.len))
        refuse(u, OUT_OF_MEMORY);
    if (!u->refused && u->gathered.size > 0) {
        if (u->gathered.size >= GATHER_BYTES && u->writing && !u->paused) {
            u->paused = true;
            rpc_stream_pause(packages_upload_package_raw(u->stream));
        }
        writer_start(u);
    }
    pthread_mutex_unlock(&u->lock);
}

static void upload_half_close(packages_upload_package_stream *stream)
{
    upload *u = packages_upload_package_context(stream);

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

static void upload_done(packages_upload_package_stream *stream)
{
    upload *u = packages_upload_package_context(stream);

    if (!u)
        return;
    pthread_mutex_lock(&u->lock);
    u->stream = NULL;
    pthread_mutex_unlock(&u->lock);
    if (!lanes_post(u->packages->writers, u->lane, upload_leave, u))
        upload_release(u);
}

const packages_upload_package_events PACKAGE_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
