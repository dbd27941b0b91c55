/* Pictures of pass displays on their way in, looked at in a process of its own, and on their way out. */
#include "body_stream.h"
#include "displays_parts.h"

enum { LOOKS_MAX = 4, DOWNLOAD_ARENA_BYTES = 4 * 1024 * 1024 };

SP_STATUS(DISPLAYS_BUSY, SP_RESOURCE_EXHAUSTED, "Too many pictures are being looked at; try again in a moment.");

static sp_status look(rpc_call *call, const ProtobufCBinaryData *picture, photo_facts *ret_facts)
{
    const server_displays *displays = rpc_call_self(call);
    photo_refusal bad = {NULL, NULL};
    sp_status st = displays->options.check_picture(displays->options.check_picture_arg, rpc_call_arena(call),
                                                   picture->data, picture->len, ret_facts, &bad);

    if (!sp_failed(st) && bad.reason)
        st = rpc_call_violation(call, "picture", bad.reason, bad.sentence);
    return st;
}

/* The threads of calls are for others too. */
sp_status display_picture_look(rpc_call *call, const ProtobufCBinaryData *picture, photo_facts *ret_facts)
{
    server_displays *displays = rpc_call_self(call);
    sp_status st = DISPLAYS_BUSY;

    if (atomic_fetch_add(&displays->looks, 1) < LOOKS_MAX)
        st = look(call, picture, ret_facts);
    atomic_fetch_sub(&displays->looks, 1);
    return st;
}

/* ---- Out --------------------------------------------------------------------------------------------------------- */

static sp_status read(rpc_call *call, arena *a, const DownloadDisplayPictureRequest *wanted, const uint8_t **ret_bytes,
                      size_t *ret_size)
{
    const server_displays *displays = rpc_call_self(call);
    display_viewer viewer;
    db_tx *tx;
    sp_status st = db_begin(displays->options.app, call_caller(call)->enterprise_id, a, &tx);

    if (sp_failed(st))
        return st;
    st = display_viewer_find(call, tx, &viewer);
    if (!sp_failed(st))
        st = display_store_read(displays->options.blobs, tx, &viewer, wanted->id, wanted->picture_version, ret_bytes,
                                ret_size);
    return db_end(tx, st);
}

static sp_status download_open(displays_download_display_picture_stream *stream,
                               const DownloadDisplayPictureRequest *request)
{
    const uint8_t *bytes;
    body_stream *body = NULL;
    size_t size;
    arena memory;
    sp_status st;

    arena_init(&memory, DOWNLOAD_ARENA_BYTES);
    st = read(displays_download_display_picture_call(stream), &memory, request, &bytes, &size);
    if (!sp_failed(st)) {
        body = body_stream_start(displays_download_display_picture_raw(stream), "image/jpeg", bytes, size);
        if (!body)
            st = OUT_OF_MEMORY;
    }
    displays_download_display_picture_set_context(stream, body);
    arena_done(&memory);
    return st;
}

static void download_writable(displays_download_display_picture_stream *stream)
{
    body_stream_writable(displays_download_display_picture_context(stream));
}

static void download_done(displays_download_display_picture_stream *stream)
{
    body_stream_free(displays_download_display_picture_context(stream));
}

const displays_download_display_picture_events DISPLAY_DOWNLOAD = {
    .open = download_open,
    .writable = download_writable,
    .done = download_done,
};
