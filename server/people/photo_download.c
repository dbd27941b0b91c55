/* DownloadPhoto: found and opened on the worker that opens the stream, then sent part by part. */
#include "body_stream.h"
#include "org.h"
#include "people_calls.h"
#include "people_parts.h"
#include "photo_store.h"
#include "smartpass/v1/people.names.h"

enum { DOWNLOAD_ARENA_BYTES = 4 * 1024 * 1024 };

static sp_status photo_read(rpc_call *call, arena *a, const DownloadPhotoRequest *request, const uint8_t **ret_bytes,
                            size_t *ret_size)
{
    const server_people *people = rpc_call_self(call);
    const caller *who = call_caller(call);
    photo_viewer viewer = {.enterprise_id = who->enterprise_id, .user_id = who->user_id, .now_ms = call_now_ms(call)};
    int64_t kinds[PERSON_KINDS];
    db_tx *tx;
    sp_status status = db_begin(people->options.app, who->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    viewer.kinds = db_int64_array(a, kinds, people_viewed_kinds(call, kinds));
    status = org_scope(tx, who, 0, &viewer.groups);
    if (!sp_failed(status))
        status =
            photo_store_read(people->options.blobs, tx, &viewer, request->id, request->thumbnail, ret_bytes, ret_size);
    return db_end(tx, status);
}

static sp_status download_open(people_download_photo_stream *stream, const DownloadPhotoRequest *request)
{
    const uint8_t *bytes;
    body_stream *body = NULL;
    size_t size;
    arena memory;
    sp_status status;

    arena_init(&memory, DOWNLOAD_ARENA_BYTES);
    status = photo_read(people_download_photo_call(stream), &memory, request, &bytes, &size);
    if (!sp_failed(status)) {
        body = body_stream_start(people_download_photo_raw(stream), "image/jpeg", bytes, size);
        if (!body)
            status = OUT_OF_MEMORY;
    }
    people_download_photo_set_context(stream, body);
    arena_done(&memory);
    return status;
}

static void download_writable(people_download_photo_stream *stream)
{
    body_stream_writable(people_download_photo_context(stream));
}

static void download_done(people_download_photo_stream *stream)
{
    body_stream_free(people_download_photo_context(stream));
}

const people_download_photo_events PHOTO_DOWNLOAD = {
    .open = download_open,
    .writable = download_writable,
    .done = download_done,
};
