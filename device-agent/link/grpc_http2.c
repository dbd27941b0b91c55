#include "grpc_http2.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RECEIVE_WINDOW = 256 * 1024 }; /* what the server may send before we have read it */

void grpc_http2_init(grpc_http2 *h, grpc_traffic traffic, const char *authority, const char *path, int64_t whole_ms)
{
    h->traffic = traffic;
    snprintf(h->authority, sizeof h->authority, "%s", authority);
    snprintf(h->path, sizeof h->path, "%s", path);
    if (whole_ms > 0)
        snprintf(h->timeout, sizeof h->timeout, "%" PRId64 "m", whole_ms);
    grpc_headers_init(&h->headers);
    grpc_deframer_init(&h->in);
}

/* ---- out ---- */

/* Fetches the next message when the last one is written; false when there is none. */
static bool refill(grpc_http2 *h)
{
    size_t size;

    if (h->out_offset < h->out_size)
        return true;
    if (h->leaving)
        h->no_more = true;
    if (h->no_more)
        return false;
    size = h->traffic.next(h->traffic.self, h->out + GRPC_PREFIX);
    if (size == GRPC_NO_MORE) {
        h->no_more = true;
        return false;
    }
    if (size == GRPC_NOTHING_NOW || size > GRPC_MESSAGE_MAX)
        return false;
    grpc_prefix_write(h->out, size);
    h->out_size = GRPC_PREFIX + size;
    h->out_offset = 0;
    return true;
}

static ssize_t supply(nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t room, uint32_t *flags,
                      nghttp2_data_source *source, void *self)
{
    grpc_http2 *h = self;
    size_t n = 0;

    (void)session, (void)stream, (void)source;
    while (n < room && refill(h)) {
        size_t left = h->out_size - h->out_offset;
        size_t taken = left < room - n ? left : room - n;

        memcpy(buffer + n, h->out + h->out_offset, taken);
        h->out_offset += taken;
        n += taken;
    }
    if (n > 0)
        return (ssize_t)n;
    if (h->no_more) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        return 0;
    }
    h->asleep = true;
    return NGHTTP2_ERR_DEFERRED;
}

static ssize_t write_out(nghttp2_session *session, const uint8_t *bytes, size_t size, int flags, void *self)
{
    grpc_http2 *h = self;
    ssize_t n = tls_socket_write(h->socket, bytes, size);

    (void)session, (void)flags;
    if (n > 0)
        return n;
    return n == 0 ? NGHTTP2_ERR_WOULDBLOCK : NGHTTP2_ERR_CALLBACK_FAILURE;
}

/* ---- in ---- */

static int take_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_size,
                       const uint8_t *value, size_t value_size, uint8_t flags, void *self)
{
    grpc_http2 *h = self;

    (void)session, (void)flags;
    if (frame->hd.stream_id == h->stream)
        grpc_headers_take(&h->headers, name, name_size, value, value_size);
    return 0;
}

static int take_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes, size_t size,
                     void *self)
{
    grpc_http2 *h = self;

    (void)session, (void)flags;
    if (stream != h->stream)
        return 0;
    h->in_result = grpc_deframer_feed(&h->in, bytes, size, h->traffic.message, h->traffic.self);
    return h->in_result == GRPC_FRAME_DONE ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int take_frame(nghttp2_session *session, const nghttp2_frame *frame, void *self)
{
    grpc_http2 *h = self;

    (void)session;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
        h->leaving = true;
        grpc_http2_wake(h);
    }
    if (frame->hd.stream_id == h->stream && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 &&
        (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)) {
        /* The status is known; what we still had to say is of no interest to the server. */
        h->clean = true;
        h->over = true;
    }
    return 0;
}

static int take_close(nghttp2_session *session, int32_t stream, uint32_t error, void *self)
{
    grpc_http2 *h = self;

    (void)session, (void)error;
    if (stream == h->stream)
        h->over = true;
    return 0;
}

/* ---- the session ---- */

static nghttp2_nv header(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

static bool submit(grpc_http2 *h)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, RECEIVE_WINDOW},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 16384},
    };
    const nghttp2_data_provider provider = {.read_callback = supply};
    nghttp2_nv headers[8] = {
        header(":method", "POST"),
        header(":scheme", "https"),
        header(":path", h->path),
        header(":authority", h->authority),
        header("te", "trailers"),
        header("content-type", "application/grpc"),
        header("user-agent", "smartpass-agent"),
    };
    size_t count = 7;

    if (h->timeout[0] != '\0')
        headers[count++] = header("grpc-timeout", h->timeout);
    if (nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof *settings) != 0)
        return false;
    h->stream = nghttp2_submit_request(h->session, NULL, headers, count, &provider, NULL);
    return h->stream > 0;
}

bool grpc_http2_begin(grpc_http2 *h, tls_socket *socket)
{
    nghttp2_session_callbacks *callbacks;
    bool made;

    h->socket = socket;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return false;
    nghttp2_session_callbacks_set_send_callback(callbacks, write_out);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, take_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, take_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, take_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, take_close);
    made = nghttp2_session_client_new(&h->session, callbacks, h) == 0;
    nghttp2_session_callbacks_del(callbacks);
    return made && submit(h);
}

bool grpc_http2_send(grpc_http2 *h, const char **why)
{
    int result = nghttp2_session_send(h->session);

    if (result == 0)
        return true;
    *why = nghttp2_strerror(result);
    return false;
}

static const char *frame_trouble(grpc_frame_result result)
{
    switch (result) {
    case GRPC_FRAME_COMPRESSED:
        return "the server sent a compressed message";
    case GRPC_FRAME_TOO_LONG:
        return "the server sent a message over the limit";
    case GRPC_FRAME_UNWANTED:
        return "the server sent a malformed message";
    case GRPC_FRAME_DONE:
        break;
    }
    return NULL;
}

bool grpc_http2_receive(grpc_http2 *h, const uint8_t *bytes, size_t size, const char **why)
{
    ssize_t taken;

    h->receiving = true;
    taken = nghttp2_session_mem_recv(h->session, bytes, size);
    h->receiving = false;
    if (taken >= 0)
        return true;
    *why = frame_trouble(h->in_result);
    if (!*why)
        *why = nghttp2_strerror((int)taken);
    return false;
}

void grpc_http2_wake(grpc_http2 *h)
{
    if (!h->asleep || h->over)
        return;
    h->asleep = false;
    (void)nghttp2_session_resume_data(h->session, h->stream);
}

void grpc_http2_ping(grpc_http2 *h)
{
    (void)nghttp2_submit_ping(h->session, NGHTTP2_FLAG_NONE, NULL);
}

grpc_outcome grpc_http2_outcome(const grpc_http2 *h)
{
    return grpc_headers_outcome(&h->headers, h->clean);
}

void grpc_http2_done(grpc_http2 *h)
{
    if (!h->session)
        return;
    if (h->socket->state == TLS_SOCKET_OPEN && nghttp2_session_terminate_session(h->session, NGHTTP2_NO_ERROR) == 0)
        (void)nghttp2_session_send(h->session);
    nghttp2_session_del(h->session);
    h->session = NULL;
}
