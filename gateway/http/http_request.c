/* What the library below tells, turned into events. All of this runs on the threads of the listeners. */
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "http_parts.h"
#include "text.h"

enum {
    DISCARD_MAX = 17 << 20,  /* bytes of an unwanted body that are read away, so that the client sees the answer */
    BODY_TIME_MS = 30000,    /* for a body, and as much again for each … */
    BODY_TIME_BYTES = 65536, /* … so many bytes of it */
    BODY_UNKNOWN = 16 << 20,
};

static void note_header(http_exchange *x, const char *name, const char *value)
{
    static const char *const names[] = {
        [HTTP_ACCEPT] = "Accept",
        [HTTP_ACCEPT_ENCODING] = "Accept-Encoding",
        [HTTP_AUTHORIZATION] = "Authorization",
        [HTTP_CONTENT_LENGTH] = "Content-Length",
        [HTTP_CONTENT_TYPE] = "Content-Type",
        [HTTP_COOKIE] = "Cookie",
        [HTTP_HOST] = "Host",
        [HTTP_IF_NONE_MATCH] = "If-None-Match",
        [HTTP_LAST_EVENT_ID] = "Last-Event-ID",
        [HTTP_ORIGIN] = "Origin",
        [HTTP_TRANSFER_ENCODING] = "Transfer-Encoding",
        [HTTP_USER_AGENT] = "User-Agent",
        [HTTP_X_REQUEST_ID] = "X-Request-Id",
        [HTTP_X_SMARTPASS] = "X-Smartpass",
    };

    for (size_t i = 0; i < HTTP_HEADER_COUNT; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            if (!x->headers[i])
                x->headers[i] = value;
            return;
        }
    }
}

static enum MHD_Result each_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (value)
        note_header(context, name, value);
    return MHD_YES;
}

static int64_t announced_length(const http_exchange *x)
{
    int64_t length;

    if (x->headers[HTTP_TRANSFER_ENCODING])
        return -1;
    if (!x->headers[HTTP_CONTENT_LENGTH])
        return 0;
    return int64_parse(x->headers[HTTP_CONTENT_LENGTH], 0, INT64_MAX, &length) ? length : -1;
}

void *request_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    http_server *server = context;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    http_connection *peer = info ? info->socket_context : NULL;
    http_exchange *x = peer ? exchange_new(peer, connection, uri) : NULL;

    if (!x)
        return NULL;
    peer->deadline_ms = clock_monotonic_ms() + server->options.head_timeout_ms;
    return x;
}

static void begin(http_exchange *x, const char *method)
{
    const http_events *events = &x->server->options.events;
    int64_t size;

    x->begun = true;
    x->method = method;
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, each_header, x);
    x->content_length = announced_length(x);
    size = x->content_length < 0 || x->content_length > BODY_UNKNOWN ? BODY_UNKNOWN : x->content_length;
    x->peer->deadline_ms = size == 0 ? 0 : clock_monotonic_ms() + BODY_TIME_MS + size / BODY_TIME_BYTES * BODY_TIME_MS;
    events->begin(events->self, x);
}

static bool is_answered(http_exchange *x)
{
    bool answered;

    pthread_mutex_lock(&x->lock);
    answered = x->answered;
    pthread_mutex_unlock(&x->lock);
    return answered;
}

/* Sends the answer, or waits for it. */
static enum MHD_Result answer_or_wait(http_exchange *x)
{
    bool goes_on;

    pthread_mutex_lock(&x->lock);
    goes_on = !x->gone;
    if (goes_on && x->answered)
        goes_on = exchange_queue_answer(x);
    else if (goes_on)
        exchange_suspend(x);
    pthread_mutex_unlock(&x->lock);
    return goes_on ? MHD_YES : MHD_NO;
}

static enum MHD_Result complete(http_exchange *x)
{
    const http_events *events = &x->server->options.events;

    if (!x->completed) {
        x->completed = true;
        x->peer->deadline_ms = 0;
        if (!is_answered(x))
            events->complete(events->self, x);
    }
    return answer_or_wait(x);
}

/* Offers the bytes until all are taken; waits when they are not. */
static enum MHD_Result take_body(http_exchange *x, const uint8_t *bytes, size_t *size)
{
    const http_events *events = &x->server->options.events;

    while (*size > 0) {
        size_t taken;
        bool goes_on;

        pthread_mutex_lock(&x->lock);
        goes_on = !x->gone;
        x->continued = false;
        pthread_mutex_unlock(&x->lock);
        if (!goes_on)
            return MHD_NO;
        if (is_answered(x)) {
            x->discarded += *size;
            *size = 0;
            return x->discarded > DISCARD_MAX ? MHD_NO : MHD_YES;
        }

        taken = events->body(events->self, x, bytes, *size);
        bytes += taken;
        *size -= taken;
        pthread_mutex_lock(&x->lock);
        goes_on = *size == 0 || x->continued || x->answered || x->gone;
        if (!goes_on)
            exchange_suspend(x);
        pthread_mutex_unlock(&x->lock);
        if (!goes_on)
            break;
    }
    return MHD_YES;
}

/* The library takes an answer to the first call of a request as a refusal of its body and closes the connection, so
 * only that of a body too long to be read away is sent then. */
static enum MHD_Result first_part(http_exchange *x, const char *method)
{
    begin(x, method);
    if (x->content_length > DISCARD_MAX && is_answered(x))
        return answer_or_wait(x);
    return MHD_YES;
}

enum MHD_Result request_part(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *upload, size_t *upload_size, void **exchange)
{
    http_exchange *x = *exchange;

    (void)context, (void)connection, (void)url, (void)version;
    if (!x)
        return MHD_NO;
    if (!x->begun)
        return x->server->stopping ? MHD_NO : first_part(x, method);
    if (*upload_size > 0)
        return take_body(x, (const uint8_t *)upload, upload_size);
    return complete(x);
}

void request_completed(void *context, struct MHD_Connection *connection, void **exchange,
                       enum MHD_RequestTerminationCode code)
{
    http_server *server = context;
    http_exchange *x = *exchange;

    (void)connection;
    if (!x)
        return;
    *exchange = NULL;
    x->peer->deadline_ms = clock_monotonic_ms() + server->options.idle_timeout_ms;
    exchange_end(x, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
}
