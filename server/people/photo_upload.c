/* UploadPhoto: the parts gather up to the limit; then a thread of our own has the picture looked at, which takes longer
 * than a stream's event may. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "people_calls.h"
#include "people_parts.h"
#include "photo_store.h"
#include "smartpass/v1/people.names.h"
#include "timestamp.h"

enum {
    PHOTO_BYTES_MAX = 512000,
    CHECK_ARENA_BYTES = 8 * 1024 * 1024,
    UPLOADS_MAX = 64, /* under way at the same time, so that they never hold more than 32 MiB */
};

SP_STATUS(UPLOADS_BUSY, SP_RESOURCE_EXHAUSTED, "Too many photos are being uploaded; try again in a moment.");
SP_STATUS(UPLOAD_NOT_STARTED, SP_UNAVAILABLE, "The photo cannot be checked at the moment; try again.");

/* Shared by the stream's events and the check; the last of them frees it. */
typedef struct {
    pthread_mutex_t lock;
    people_upload_photo_stream *stream; /* locked; NULL once the call is over, and nothing of it may be touched */
    server_people *people;
    int64_t enterprise_id, user_id, now_ms;
    int64_t group_id, tree_version, kinds[PERSON_KINDS]; /* what he sees of others */
    size_t kind_count;
    byte_buffer bytes;
    bool refused;
    atomic_int owners;
} upload;

static void upload_release(upload *u)
{
    if (atomic_fetch_sub(&u->owners, 1) > 1)
        return;
    atomic_fetch_sub(&u->people->uploads, 1);
    pthread_mutex_destroy(&u->lock);
    byte_buffer_done(&u->bytes);
    free(u);
}

static sp_status refusal(people_upload_photo_stream *stream, const char *reason, const char *sentence)
{
    return rpc_call_violation(people_upload_photo_call(stream), "photo", reason, sentence);
}

/* By what it is, whatever its sender calls it. */
static bool is_jpeg_or_png(const byte_buffer *bytes)
{
    return (bytes->size > 3 && memcmp(bytes->data, "\xff\xd8\xff", 3) == 0) ||
           (bytes->size > 8 && memcmp(bytes->data, "\x89PNG\r\n\x1a\n", 8) == 0);
}

/* ---- The check, on a thread of its own --------------------------------------------------------------------------- */

static sp_status photo_keep(const upload *u, arena *a, const photo_facts *facts, Photo *photo)
{
    const new_photo entry = {u->enterprise_id, u->user_id, facts, u->now_ms};
    db_tx *tx;
    sp_status status = db_begin(u->people->options.app, u->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, photo_store_add(u->people->options.blobs, tx, &entry, &photo->id));
    photo->width = facts->width;
    photo->height = facts->height;
    photo->expire_time = timestamp_or_null(a, u->now_ms + PHOTO_CLAIM_MS);
    return status;
}

static void duplicates_note(const upload *u, arena *a, const photo_facts *facts, Photo *photo)
{
    const duplicate_viewer viewer = {u->enterprise_id, u->group_id, u->tree_version, u->kinds, u->kind_count};

    duplicates_find(u->people->duplicates, a, &viewer, facts, photo);
}

static bool is_over(upload *u)
{
    pthread_mutex_lock(&u->lock);
    bool over = u->stream == NULL;
    pthread_mutex_unlock(&u->lock);
    return over;
}

/* The call's memory lives until `done`, which waits for the lock. */
static void answer(upload *u, sp_status status, const photo_refusal *bad, const Photo *photo)
{
    pthread_mutex_lock(&u->lock);
    if (u->stream) {
        if (!sp_failed(status) && bad->reason)
            status = refusal(u->stream, bad->reason, bad->sentence);
        if (!sp_failed(status)) {
            call_audit_object(people_upload_photo_call(u->stream), "photo %lld", (long long)photo->id);
            people_upload_photo_write(u->stream, photo);
        }
        people_upload_photo_finish(u->stream, status);
    }
    pthread_mutex_unlock(&u->lock);
}

static void photo_check(void *arg)
{
    upload *u = arg;
    const people_options *options = &u->people->options;
    Photo photo = PHOTO_INIT;
    photo_facts facts;
    photo_refusal bad = {NULL, NULL};
    arena memory;

    arena_init(&memory, CHECK_ARENA_BYTES);
    if (!is_over(u)) {
        sp_status status =
            options->check_photo(options->check_photo_arg, &memory, u->bytes.data, u->bytes.size, &facts, &bad);
        if (!sp_failed(status) && !bad.reason && !is_over(u))
            status = photo_keep(u, &memory, &facts, &photo);
        if (!sp_failed(status) && photo.id != 0)
            duplicates_note(u, &memory, &facts, &photo);
        answer(u, status, &bad, &photo);
    }
    arena_done(&memory);
    upload_release(u);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static upload *upload_new(people_upload_photo_stream *stream)
{
    const rpc_call *call = people_upload_photo_call(stream);
    upload *u = calloc(1, sizeof *u);

    if (!u)
        return NULL;
    u->stream = stream;
    u->people = rpc_call_self(call);
    u->enterprise_id = call_caller(call)->enterprise_id;
    u->user_id = call_caller(call)->user_id;
    u->group_id = call_caller(call)->group_id;
    u->tree_version = call_caller(call)->tree_version;
    u->kind_count = people_viewed_kinds(call, u->kinds);
    u->now_ms = call_now_ms(call);
    pthread_mutex_init(&u->lock, NULL);
    byte_buffer_init(&u->bytes, PHOTO_BYTES_MAX);
    atomic_init(&u->owners, 1);
    return u;
}

static sp_status upload_open(people_upload_photo_stream *stream)
{
    server_people *people = rpc_call_self(people_upload_photo_call(stream));
    sp_status status = UPLOADS_BUSY;

    if (atomic_fetch_add(&people->uploads, 1) < UPLOADS_MAX) {
        upload *u = upload_new(stream);

        people_upload_photo_set_context(stream, u);
        if (u)
            return SP_DONE;
        status = OUT_OF_MEMORY;
    }
    atomic_fetch_sub(&people->uploads, 1);
    return status;
}

static void upload_message(people_upload_photo_stream *stream, const Google__Api__HttpBody *part)
{
    upload *u = people_upload_photo_context(stream);

    if (u->refused)
        return;
    if (part->data.len > PHOTO_BYTES_MAX - u->bytes.size) {
        u->refused = true;
        people_upload_photo_finish(stream, refusal(stream, "TOO_LARGE", "The picture has more than 512 000 bytes."));
    } else if (!byte_buffer_append(&u->bytes, part->data.data, part->data.len)) {
        u->refused = true;
        people_upload_photo_finish(stream, OUT_OF_MEMORY);
    }
}

static void upload_half_close(people_upload_photo_stream *stream)
{
    static atomic_int turn;
    upload *u = people_upload_photo_context(stream);

    if (u->refused)
        return;
    if (!is_jpeg_or_png(&u->bytes)) {
        people_upload_photo_finish(stream,
                                   refusal(stream, "NOT_AN_IMAGE", "This is neither a JPEG nor a PNG picture."));
        return;
    }
    atomic_fetch_add(&u->owners, 1);
    if (!lanes_post(u->people->checks, atomic_fetch_add(&turn, 1), photo_check, u)) {
        people_upload_photo_finish(stream, UPLOAD_NOT_STARTED);
        upload_release(u);
    }
}

static void upload_done(people_upload_photo_stream *stream)
{
    upload *u = people_upload_photo_context(stream);

    if (!u)
        return;
    pthread_mutex_lock(&u->lock);
    u->stream = NULL;
    pthread_mutex_unlock(&u->lock);
    upload_release(u);
}

const people_upload_photo_events PHOTO_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
