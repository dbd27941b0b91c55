/* UploadPhoto: the parts gather up to the limit; then a thread of our own has the picture looked at, which takes longer
 * than a stream's event may. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "people_parts.h"
#include "photo_store.h"
#include "smartpass/v1/people.names.h"
#include "timestamp.h"

enum { PHOTO_BYTES_MAX = 512000, CHECK_ARENA_BYTES = 8 * 1024 * 1024 };

SP_STATUS(UPLOAD_NOT_STARTED, SP_UNAVAILABLE, "The photo cannot be checked at the moment; try again.");

/* Shared by the stream's events and the check; the last of them frees it. */
typedef struct {
    people_upload_photo_stream *stream;
    server_people *people;
    byte_buffer bytes;
    bool refused;
    atomic_int owners;
} upload;

static void upload_release(upload *u)
{
    if (atomic_fetch_sub(&u->owners, 1) > 1)
        return;
    byte_buffer_done(&u->bytes);
    free(u);
}

static sp_status violation(upload *u, const char *reason, const char *description)
{
    return rpc_call_violation(people_upload_photo_call(u->stream), "photo", reason, description);
}

static const struct {
    const char *reason, *description;
} REFUSALS[] = {
    {"NOT_AN_IMAGE", "This is neither a JPEG nor a PNG picture."},
    {"TOO_LARGE", "The picture has more than 512 000 bytes."},
    {"TOO_LARGE_PIXELS", "The picture has too many pixels."},
    {"NO_FACE", "No face was found in the picture."},
    {"SEVERAL_FACES", "There are several faces in the picture."},
    {"FACE_TOO_SMALL", "The face is too small: it should fill at least a third of the picture's height."},
    {"BLURRED", "The picture is blurred."},
    {"TOO_DARK", "The picture is too dark."},
    {"TURNED_AWAY", "The face is turned away."},
};

static sp_status refusal(upload *u, const char *reason)
{
    size_t i = sizeof REFUSALS / sizeof *REFUSALS;

    while (i-- > 0)
        if (strcmp(REFUSALS[i].reason, reason) == 0)
            return violation(u, REFUSALS[i].reason, REFUSALS[i].description);
    return violation(u, reason, "The picture cannot be used.");
}

/* By what it is, whatever its sender calls it. */
static bool is_jpeg_or_png(const byte_buffer *bytes)
{
    return (bytes->size > 3 && memcmp(bytes->data, "\xff\xd8\xff", 3) == 0) ||
           (bytes->size > 8 && memcmp(bytes->data, "\x89PNG\r\n\x1a\n", 8) == 0);
}

/* ---- The check, on a thread of its own ------------------------------------------------------------------------------ */

static sp_status photo_keep(upload *u, arena *a, const photo_facts *facts, Photo *photo)
{
    rpc_call *call = people_upload_photo_call(u->stream);
    const caller *who = call_caller(call);
    new_photo entry = {who->enterprise_id, who->user_id, u->bytes.data, u->bytes.size, facts, call_now_ms(call)};
    db_tx *tx;
    sp_status status = db_begin(u->people->options.app, who->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, photo_store_add(u->people->options.blobs, tx, &entry, &photo->id));
    photo->width = facts->width;
    photo->height = facts->height;
    photo->expire_time = timestamp_or_null(a, entry.now_ms + PHOTO_CLAIM_MS);
    call_audit_object(call, "photo %lld", (long long)photo->id);
    return status;
}

static void photo_check(void *arg)
{
    upload *u = arg;
    const people_options *options = &u->people->options;
    Photo photo = PHOTO_INIT;
    photo_facts facts;
    const char *reason = NULL;
    arena memory;
    sp_status status = DB_CANCELLED;

    arena_init(&memory, CHECK_ARENA_BYTES);
    if (!rpc_call_cancelled(people_upload_photo_call(u->stream)))
        status = options->check_photo(options->check_photo_arg, &memory, u->bytes.data, u->bytes.size, &facts, &reason);
    if (!sp_failed(status) && reason)
        status = refusal(u, reason);
    if (!sp_failed(status))
        status = photo_keep(u, &memory, &facts, &photo);
    if (!sp_failed(status) && people_upload_photo_write(u->stream, &photo) != RPC_WRITTEN)
        status = DB_CANCELLED;
    people_upload_photo_finish(u->stream, status);
    arena_done(&memory);
    people_upload_photo_release(u->stream);
    upload_release(u);
}

/* ---- Events -------------------------------------------------------------------------------------------------------- */

static sp_status upload_open(people_upload_photo_stream *stream)
{
    upload *u = calloc(1, sizeof *u);

    if (!u)
        return OUT_OF_MEMORY;
    u->stream = stream;
    u->people = rpc_call_self(people_upload_photo_call(stream));
    byte_buffer_init(&u->bytes, PHOTO_BYTES_MAX);
    atomic_init(&u->owners, 1);
    people_upload_photo_set_context(stream, u);
    return SP_DONE;
}

static void upload_message(people_upload_photo_stream *stream, const Google__Api__HttpBody *part)
{
    upload *u = people_upload_photo_context(stream);

    if (u->refused)
        return;
    if (part->data.len > PHOTO_BYTES_MAX - u->bytes.size) {
        u->refused = true;
        people_upload_photo_finish(stream, refusal(u, "TOO_LARGE"));
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
        people_upload_photo_finish(stream, refusal(u, "NOT_AN_IMAGE"));
        return;
    }
    atomic_fetch_add(&u->owners, 1);
    people_upload_photo_hold(stream);
    if (!lanes_post(u->people->checks, atomic_fetch_add(&turn, 1), photo_check, u)) {
        people_upload_photo_finish(stream, UPLOAD_NOT_STARTED);
        people_upload_photo_release(stream);
        upload_release(u);
    }
}

static void upload_done(people_upload_photo_stream *stream)
{
    upload *u = people_upload_photo_context(stream);

    if (u)
        upload_release(u);
}

const people_upload_photo_events PHOTO_UPLOAD = {
    .open = upload_open,
    .message = upload_message,
    .half_close = upload_half_close,
    .done = upload_done,
};
