#include "audit_export.h"

#include <stdlib.h>
#include <string.h>

#include "audit_csv.h"
#include "call.h"
#include "clock.h"
#include "google/api/httpbody.pb-c.h"
#include "smartpass/v1/body.pb-c.h"

enum {
    EXPORTS_MAX = 4,
    PAGE_ROWS = 500,
    PAGE_ARENA = 8 << 20,
    PAGE_BYTES_MAX = 4 << 20,
    PART_BYTES = 64 << 10,
    PAGES_A_RECHECK = 20,
    UNREAD_MS = 60 * 1000,
    WAKE_MS = 1000,
};

struct audit_export {
    audit_exports *exports;
    rpc_stream *stream; /* held by the thread */
    db_pool *app;
    audit_filter filter;
    arena texts; /* of the filter */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int owners; /* thread and stream */
    bool room, gone;
    bool described; /* the first part has left */
};

static void export_release(audit_export *e)
{
    bool last;

    pthread_mutex_lock(&e->lock);
    last = --e->owners == 0;
    pthread_mutex_unlock(&e->lock);
    if (!last)
        return;
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    arena_done(&e->texts);
    free(e);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* False when the stream is gone, or when nobody read for too long, which ends it. */
static bool room_wait(audit_export *e)
{
    int64_t end_ms = clock_monotonic_ms() + UNREAD_MS;
    bool room, gone;

    pthread_mutex_lock(&e->lock);
    while (!e->room && !e->gone && clock_monotonic_ms() < end_ms) {
        struct timespec at;

        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += WAKE_MS / 1000;
        pthread_cond_timedwait(&e->changed, &e->lock, &at);
    }
    room = e->room;
    gone = e->gone;
    pthread_mutex_unlock(&e->lock);
    if (!room && !gone)
        rpc_stream_cut(e->stream, EXPORT_NOT_READ);
    return room && !gone;
}

static rpc_written part_write(audit_export *e, const uint8_t *bytes, size_t n)
{
    Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;
    Google__Protobuf__Any info = GOOGLE__PROTOBUF__ANY__INIT, *extensions[] = {&info};
    Smartpass__V1__BodyInfo about = SMARTPASS__V1__BODY_INFO__INIT;
    uint8_t packed[64];

    if (!e->described) {
        about.file_name = "audit.csv";
        info.type_url = "type.googleapis.com/smartpass.v1.BodyInfo";
        info.value.data = packed;
        info.value.len = smartpass__v1__body_info__pack(&about, packed);
        part.content_type = "text/csv; charset=utf-8";
        part.extensions = extensions;
        part.n_extensions = 1;
    }
    part.data.data = (uint8_t *)bytes;
    part.data.len = n;

    pthread_mutex_lock(&e->lock);
    e->room = false; /* before the attempt, so that no writable event is missed after it */
    pthread_mutex_unlock(&e->lock);
    rpc_written written = rpc_stream_write(e->stream, &part.base);
    e->described = e->described || written == RPC_WRITTEN;
    return written;
}

static bool bytes_write(audit_export *e, const uint8_t *bytes, size_t size)
{
    size_t sent = 0;

    while (sent < size) {
        size_t n = size - sent < PART_BYTES ? size - sent : PART_BYTES;
        rpc_written written = part_write(e, bytes + sent, n);

        if (written == RPC_WRITTEN)
            sent += n;
        else if (written == RPC_CLOSED || !room_wait(e))
            return false;
    }
    return true;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status page_format(audit_export *e, arena *memory, page *at, byte_buffer *out, bool *ret_more)
{
    Smartpass__V1__AuditRow **rows;
    size_t count;
    int64_t last_us;
    db_tx *tx;
    sp_status status = db_begin(e->app, e->filter.enterprise_id, memory, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, audit_reader_list(tx, &e->filter, at, &rows, &count, &last_us));
    if (sp_failed(status))
        return status;
    *ret_more = count > (size_t)at->size;
    if (*ret_more)
        count = (size_t)at->size;
    for (size_t i = 0; i < count; i++)
        if (!audit_csv_row(out, rows[i]))
            return OUT_OF_MEMORY;
    if (count > 0)
        *at = (page){.size = at->size, .text = "", .number = last_us, .id = rows[count - 1]->id};
    return SP_DONE;
}

/* What the caller may do can end while he reads. */
static sp_status caller_recheck(audit_export *e, int page_number)
{
    bool gone;

    if (page_number == 0 || page_number % PAGES_A_RECHECK != 0)
        return SP_DONE;
    pthread_mutex_lock(&e->lock);
    gone = e->gone;
    pthread_mutex_unlock(&e->lock);
    return gone ? SP_DONE : call_recheck(rpc_stream_call(e->stream));
}

static void *export_run(void *arg)
{
    audit_export *e = arg;
    audit_exports *exports = e->exports;
    page at = {.size = PAGE_ROWS, .first = true, .text = ""};
    bool more = true, open = true;
    byte_buffer out;
    arena memory;
    sp_status status = SP_DONE;

    arena_init(&memory, PAGE_ARENA);
    byte_buffer_init(&out, PAGE_BYTES_MAX);
    if (!audit_csv_head(&out))
        status = OUT_OF_MEMORY;
    for (int n = 0; more && open && !sp_failed(status); n++) {
        status = caller_recheck(e, n);
        if (!sp_failed(status))
            status = page_format(e, &memory, &at, &out, &more);
        if (!sp_failed(status))
            open = bytes_write(e, out.data, out.size);
        byte_buffer_drop(&out, out.size);
        arena_reset(&memory);
    }
    byte_buffer_done(&out);
    arena_done(&memory);
    rpc_stream_finish(e->stream, status);
    rpc_stream_release(e->stream);
    export_release(e);
    pthread_mutex_lock(&exports->lock);
    exports->running--;
    pthread_cond_broadcast(&exports->ended);
    pthread_mutex_unlock(&exports->lock);
    return NULL;
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

void audit_exports_init(audit_exports *exports)
{
    *exports = (audit_exports){.running = 0};
    pthread_mutex_init(&exports->lock, NULL);
    pthread_cond_init(&exports->ended, NULL);
}

void audit_exports_done(audit_exports *exports)
{
    pthread_mutex_lock(&exports->lock);
    while (exports->running > 0)
        pthread_cond_wait(&exports->ended, &exports->lock);
    pthread_mutex_unlock(&exports->lock);
    pthread_cond_destroy(&exports->ended);
    pthread_mutex_destroy(&exports->lock);
}

static bool place_take(audit_exports *exports)
{
    bool taken;

    pthread_mutex_lock(&exports->lock);
    taken = exports->running < EXPORTS_MAX;
    exports->running += taken;
    pthread_mutex_unlock(&exports->lock);
    return taken;
}

static audit_export *export_new(audit_exports *exports, rpc_stream *stream, db_pool *app, const audit_filter *filter)
{
    audit_export *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    *e = (audit_export){.exports = exports, .app = app, .filter = *filter, .owners = 2};
    arena_init(&e->texts, 16 << 10);
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->changed, NULL);
    e->filter.module = arena_text(&e->texts, filter->module);
    e->filter.operator_name = arena_text(&e->texts, filter->operator_name);
    e->filter.query = arena_text(&e->texts, filter->query);
    e->stream = rpc_stream_hold(stream);
    return e;
}

sp_status audit_export_start(audit_exports *exports, rpc_stream *stream, db_pool *app, const audit_filter *filter,
                             audit_export **ret_export)
{
    audit_export *e;
    pthread_t thread;

    if (!place_take(exports))
        return TOO_MANY_EXPORTS;
    e = export_new(exports, stream, app, filter);
    if (e && e->filter.module && e->filter.operator_name && e->filter.query &&
        pthread_create(&thread, NULL, export_run, e) == 0) {
        pthread_detach(thread);
        *ret_export = e;
        return SP_DONE;
    }
    if (e) {
        rpc_stream_release(e->stream);
        e->owners = 1;
        export_release(e);
    }
    pthread_mutex_lock(&exports->lock);
    exports->running--;
    pthread_mutex_unlock(&exports->lock);
    return OUT_OF_MEMORY;
}

static void tell(audit_export *e, bool gone)
{
    pthread_mutex_lock(&e->lock);
    e->room = true;
    e->gone = e->gone || gone;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

void audit_export_writable(audit_export *e)
{
    if (e)
        tell(e, false);
}

void audit_export_cancel(audit_export *e)
{
    if (e)
        tell(e, true);
}

void audit_export_done(audit_export *e)
{
    if (!e)
        return;
    tell(e, true);
    export_release(e);
}
