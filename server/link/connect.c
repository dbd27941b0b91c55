/* The events of a terminal's stream. They run on the completion queue's thread, so whatever needs the database is
 * packed and posted to the terminal's lane; records go to ingest directly. */
#include <stdlib.h>

#include "call.h"
#include "clock.h"
#include "link_parts.h"
#include "log_lines.h"
#include "presence.h"

/* One message of 32 KiB unpacks to several times its size. */
#define MESSAGE_ARENA_BYTES (1u << 20)

typedef void (*lane_handler)(terminal *t, arena *a, const ConnectRequest *request);

/* A message on its way to a lane: the event's own copy is gone when the event returns. */
typedef struct {
    terminal *to;
    lane_handler handle;
    size_t size;
    uint8_t bytes[];
} posted_message;

/* Of a terminal that waits to be accepted, what happened at it is taken and how it is set (who accepts it sees what is
 * unsafe about it), and nothing that it wants. */
static bool is_taken_while_waiting(const ConnectRequest *request)
{
    switch (request->message_case) {
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HELLO:
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SNAPSHOT:
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SETTINGS:
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_LOG:
        return true;
    default:
        return false;
    }
}

static void run_message(void *arg)
{
    posted_message *m = arg;
    arena a;

    arena_init(&a, MESSAGE_ARENA_BYTES);
    const ConnectRequest *request =
        (const ConnectRequest *)rpc_unpack(&smartpass__link__v1__connect_request__descriptor, &a, m->bytes, m->size);
    if (!request)
        terminal_end(m->to, LINK_NO_MEMORY);
    else if (!atomic_load(&m->to->closed) && (!atomic_load(&m->to->waiting) || is_taken_while_waiting(request)))
        m->handle(m->to, &a, request);
    arena_done(&a);
    terminal_release(m->to);
    free(m);
}

static void post_message(terminal *t, const ConnectRequest *request, lane_handler handle)
{
    size_t size = smartpass__link__v1__connect_request__get_packed_size(request);
    posted_message *m = malloc(sizeof *m + size);
    if (!m) {
        terminal_end(t, LINK_NO_MEMORY);
        return;
    }
    *m = (posted_message){terminal_hold(t), handle, size};
    smartpass__link__v1__connect_request__pack(request, m->bytes);
    if (!lanes_post(t->link->lanes, t->device_id, run_message, m)) {
        terminal_end(t, LINK_SERVER_BUSY);
        terminal_release(t);
        free(m);
    }
}

/* ---- Open -------------------------------------------------------------------------------------------------------- */

static void tell_wipe(link_connect_stream *stream, int64_t order)
{
    const sp_status why = order == 0 ? LINK_DEVICE_DELETED : LINK_WIPE_ORDERED;
    Wipe wipe = WIPE_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    wipe.reason = (char *)why.reason;
    wipe.order = order;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WIPE;
    message.wipe = &wipe;
    link_connect_write(stream, &message);
    link_connect_finish(stream, why);
}

void terminal_wipe(terminal *t, int64_t order)
{
    if (!atomic_exchange(&t->closed, true))
        tell_wipe(t->stream, order);
}

/* The last job of a stream. */
static void put_away(void *arg)
{
    terminal *t = arg;

    snapshot_shelve(t);
    capture_left(t);
    screen_forget_parts(t);
    log_lines_left(t);
    terminal_release(t);
}

static sp_status on_open(link_connect_stream *stream)
{
    rpc_call *call = link_connect_call(stream);
    server_link *link = rpc_call_self(call);

    if (call_caller(call)->device_deleted) {
        tell_wipe(stream, 0);
        return SP_DONE;
    }
    terminal *t = terminal_new(link, stream);
    if (!t)
        return LINK_NO_MEMORY;
    link_connect_set_context(stream, t);

    terminal *former = registry_enter(link->terminals, t);
    if (former) {
        terminal_cut(former, LINK_REPLACED);
        terminal_post(former, put_away); /* before the first job of the new one */
        terminal_release(former);
    }
    return SP_DONE;
}

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

static void on_hello(terminal *t, const ConnectRequest *request)
{
    if (atomic_load(&t->greeted)) {
        terminal_end(t, LINK_HELLO_EXPECTED);
        return;
    }
    if (request->hello->store_epoch == 0 || request->hello->store_epoch > INT32_MAX) {
        terminal_end(t, LINK_EPOCH_OUT_OF_RANGE);
        return;
    }
    atomic_store(&t->greeted, true);
    t->store_epoch = request->hello->store_epoch;
    link_connect_pause(t->stream); /* until the welcome is on its way: nothing may be answered before it */
    post_message(t, request, greet_terminal);
}

static void on_heartbeat(terminal *t, const Heartbeat *beat)
{
    HeartbeatAck ack = HEARTBEAT_ACK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    terminal_note_counts(t, beat->people_count, beat->photo_count);
    terminal_note_condition(t, beat);
    ack.server_time_ms = clock_now_ms();
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK;
    message.heartbeat_ack = &ack;
    terminal_send(t, &message);
}

static void on_message(link_connect_stream *stream, const ConnectRequest *request)
{
    terminal *t = link_connect_context(stream);
    if (!t || atomic_load(&t->closed))
        return;

    atomic_store(&t->last_seen_ms, clock_now_ms());
    if (!atomic_load(&t->greeted) && request->message_case != SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HELLO) {
        terminal_end(t, LINK_HELLO_EXPECTED);
        return;
    }
    switch (request->message_case) {
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HELLO:
        on_hello(t, request);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_RECORDS:
        take_records(t, request->records);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SNAPSHOT:
        post_message(t, request, snapshot_part);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PEOPLE:
        post_message(t, request, feed_outcomes);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PHOTO_REQUEST:
        post_message(t, request, feed_photo);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SETTINGS:
        post_message(t, request, setting_outcomes);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_CAPTURE:
        if (request->capture->id == atomic_load(&t->capture_id))
            post_message(t, request, capture_reported);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_CAPTURE_CHUNK: /* nobody may send a photo that nobody wants */
        if (request->capture_chunk->id == atomic_load(&t->capture_id))
            post_message(t, request, capture_part);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SCREEN:
        if (screen_expected(t, request->screen))
            post_message(t, request, screen_part);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PACKAGE_REQUEST:
        post_message(t, request, package_asked);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PACKAGE:
        post_message(t, request, package_reported);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_DISPLAY_REQUEST:
        post_message(t, request, display_asked);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_DISPLAY:
        post_message(t, request, display_reported);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_COMMAND:
        post_message(t, request, order_reported);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_LOG:
        if (log_lines_expected(t, request->log))
            post_message(t, request, log_lines_arrived);
        break;
    case SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HEARTBEAT:
        on_heartbeat(t, request->heartbeat);
        break;
    default: /* of a newer terminal: not understood, and no harm */
        break;
    }
}

static void on_half_close(link_connect_stream *stream)
{
    terminal *t = link_connect_context(stream);
    if (t)
        terminal_end(t, SP_DONE);
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

static void on_done(link_connect_stream *stream)
{
    terminal *t = link_connect_context(stream);
    if (!t)
        return;
    atomic_store(&t->closed, true);
    if (registry_leave(t->link->terminals, t))
        presence_left(t->link->presence, t);
    terminal_post(t, put_away);
    terminal_release(t);
}

const link_connect_events connect_events = {
    .open = on_open,
    .message = on_message,
    .half_close = on_half_close,
    .done = on_done,
};
