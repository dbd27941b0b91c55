/* UploadPackage: what comes is checked and written by a thread of our own. Nothing is written before its signature is
 * found good. */
#include <stdlib.h>
#include <string.h>

#include "body_intake.h"
#include "hash.h"
#include "log.h"
#include "package_check.h"
#include "package_store.h"

enum { UPLOADS_MAX = 4 /* under way at the same time */, UPLOAD_ARENA = 1 << 20 };

SP_STATUS(PACKAGES_BUSY, SP_RESOURCE_EXHAUSTED, "Too many packages are being uploaded; try again in a moment.");

typedef struct {
    server_packages *packages;
    int64_t enterprise_id, now_ms;
    char *username;
    package_keys *keys;
    package_check *check;
    sha256_stream *whole;
    int64_t size;
    package_draft *draft;
    arena memory;     /* of the outcome */
    sp_status status; /* the outcome */
    Package *package;
} upload;

static void upload_free(void *self)
{
    upload *u = self;

    atomic_fetch_sub(&u->packages->uploads, 1);
    package_draft_close(u->draft, u->package != NULL);
    package_check_free(u->check);
    package_keys_free(u->keys);
    sha256_free(u->whole);
    arena_done(&u->memory);
    free(u->username);
    free(u);
}

/* ---- On a thread of its own ------------------------------------------------------------------------------------- */

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

static sp_status upload_keep(void *self, const uint8_t *bytes, size_t size)
{
    upload *u = self;
    sp_status status = begin(u);

    if (!sp_failed(status))
        status = package_check_add(u->check, bytes, size);
    if (sp_failed(status))
        return status;
    sha256_add(u->whole, bytes, size);
    u->size += (int64_t)size;
    return package_draft_write(u->draft, bytes, size);
}

static sp_status insert(upload *u, Package **ret_package)
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
        status = db_begin(u->packages->app, u->enterprise_id, &u->memory, &tx);
    if (sp_failed(status))
        return status;
    status = package_store_add(tx, &row);
    if (!sp_failed(status))
        status = package_store_get(tx, u->enterprise_id, row.id, ret_package);
    return db_end(tx, status);
}

static void upload_end(void *self)
{
    upload *u = self;
    Package *package = NULL;

    u->status = begin(u); /* of an empty upload */
    if (!sp_failed(u->status))
        u->status = package_check_end(u->check);
    if (!sp_failed(u->status))
        u->status = package_draft_keep(u->draft);
    if (!sp_failed(u->status))
        u->status = insert(u, &package);
    if (!sp_failed(u->status))
        u->package = package;
}

static sp_status upload_answer(void *self, rpc_stream *stream)
{
    upload *u = self;

    if (sp_failed(u->status))
        return u->status;
    call_audit_object(rpc_stream_call(stream), "package %s", u->package->version);
    call_audit_after(rpc_stream_call(stream), &u->package->base);
    rpc_stream_write(stream, &u->package->base);
    return SP_DONE;
}

static const body_keeper keeper = {
    .keep = upload_keep,
    .end = upload_end,
    .answer = upload_answer,
    .done = upload_free,
};

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static sp_status upload_new(const rpc_call *call, upload **ret_upload)
{
    server_packages *packages = rpc_call_self(call);
    upload *u = calloc(1, sizeof *u);
    bool busy;

    if (!u)
        return OUT_OF_MEMORY;
    busy = atomic_fetch_add(&packages->uploads, 1) >= UPLOADS_MAX;
    u->packages = packages;
    u->enterprise_id = call_caller(call)->enterprise_id;
    u->now_ms = call_now_ms(call);
    u->username = strdup(call_caller(call)->username);
    arena_init(&u->memory, UPLOAD_ARENA);
    if (busy || !u->username) {
        upload_free(u);
        return busy ? PACKAGES_BUSY : OUT_OF_MEMORY;
    }
    *ret_upload = u;
    return SP_DONE;
}

static sp_status upload_open(packages_upload_package_stream *stream)
{
    body_intake *intake;
    upload *u;
    sp_status status = upload_new(packages_upload_package_call(stream), &u);

    if (sp_failed(status))
        return status;
    intake = body_intake_new(packages_upload_package_raw(stream), u->packages->writers, &keeper, u);
    packages_upload_package_set_context(stream, intake);
    if (intake)
        return SP_DONE;
    upload_free(u);
    return OUT_OF_MEMORY;
}

static void upload_message(packages_upload_package_stream *stream, const Google__Api__HttpBody *part)
{
    body_intake_message(packages_upload_package_context(stream), part);
}

static void upload_half_close(packages_upload_package_stream *stream)
{
    body_intake_half_close(packages_upload_package_context(stream));
}

static void upload_done(packages_upload_package_stream *stream)
{
    body_intake_done(packages_upload_package_context(stream));
}

const packages_upload_package_events PACKAGE_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
