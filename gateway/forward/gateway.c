/* Where each request goes: to a method of the contract, to a file of the console, or nowhere. */
#include "gateway.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "forward.h"
#include "request_check.h"
#include "session_cookie.h"
#include "text.h"

enum { HEADER_VALUE_MAX = 256, AUTHORIZATION_MAX = 4096 };

gateway *gateway_new(const gateway_options *options)
{
    static const char any[] = "google.protobuf.Any";
    gateway *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->options = *options;
    g->any = descriptor_pool_message(options->pool, any, sizeof any - 1);
    return g;
}

void gateway_free(gateway *g)
{
    free(g);
}

/* ---- What a request says about itself ---- */

static bool is_request_id(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    return length > 0 && length <= REQUEST_ID_MAX && text[length] == '\0';
}

/* Unique and no secret: a random start for the process, then a count. */
static void make_request_id(char id[REQUEST_ID_MAX + 1])
{
    static atomic_uint_fast64_t next;
    uint64_t number = next;

    if (number == 0) {
        uint_fast64_t start = 0, none = 0;

        if (getrandom(&start, sizeof start, 0) != (ssize_t)sizeof start)
            start = (uint64_t)(uintptr_t)id;
        atomic_compare_exchange_strong(&next, &none, start | 1);
    }
    number = atomic_fetch_add(&next, 1);
    snprintf(id, REQUEST_ID_MAX + 1, "%016llx", (unsigned long long)number);
}

static bool is_printable(const char *text, size_t max)
{
    size_t n = 0;

    while (text[n] >= ' ' && text[n] < 0x7f)
        n++;
    return text[n] == '\0' && n > 0 && n <= max;
}

/* Copies, with what metadata cannot carry replaced. */
static const char *printable_copy(arena *memory, const char *text)
{
    size_t length = text ? strnlen(text, HEADER_VALUE_MAX) : 0;
    char *copy = length ? arena_copy(memory, text, length) : NULL;

    for (size_t i = 0; copy && i < length; i++)
        if (copy[i] < ' ' || copy[i] >= 0x7f)
            copy[i] = '?';
    return copy;
}

/* The headers outlive the events that may read them only as copies. */
static void read_caller(forward *f)
{
    const char *given = http_request_header(f->x, HTTP_AUTHORIZATION);
    const char *id = http_request_header(f->x, HTTP_X_REQUEST_ID);
    const char *last = http_request_header(f->x, HTTP_LAST_EVENT_ID);
    arena *memory = http_arena(f->x);

    if (id && is_request_id(id))
        strcpy(f->request_id, id);
    else
        make_request_id(f->request_id);
    f->by_cookie = !given;
    if (given && is_printable(given, AUTHORIZATION_MAX))
        f->authorization = arena_text(memory, given);
    else if (!given)
        f->authorization = session_cookie_read(http_request_header(f->x, HTTP_COOKIE), http_is_secure(f->x), memory);
    f->user_agent = printable_copy(memory, http_request_header(f->x, HTTP_USER_AGENT));
    if (last && strlen(last) <= HEADER_VALUE_MAX && utf8_is_valid(last, strlen(last)))
        f->last_event_id = arena_text(memory, last);
}

/* ---- Where it goes ---- */

static void refuse(forward *f, unsigned http, sp_code code, const char *reason, const char *message)
{
    const refusal why = {http, code, reason, message, "", NULL};

    answer_refusal(f, &why);
}

static void refuse_method(forward *f, const char *const *allowed, size_t count)
{
    const char *allow = "";

    for (size_t i = 0; i < count && allow; i++)
        allow = arena_printf(http_arena(f->x), "%s%s%s", allow, i ? ", " : "",
                             strcmp(allowed[i], "GET") == 0 ? "GET, HEAD" : allowed[i]);
    answer_refusal(
        f, &(refusal){405, SP_UNIMPLEMENTED, "METHOD_NOT_ALLOWED", "This path does not take this method.", "", allow});
}

static bool only_reads(const forward *f)
{
    return strcmp(http_method(f->x), "GET") == 0 || strcmp(http_method(f->x), "HEAD") == 0;
}

static const forward_shape *shape_of(const route *found)
{
    const method_type *method = found->method;

    if (method->client_streaming)
        return found->raw_in && !method->server_streaming ? &upload_shape : NULL;
    return method->server_streaming ? &stream_shape : &unary_shape;
}

static void forward_to_method(forward *f)
{
    const route *found = f->match.route;
    const forward_shape *shape = shape_of(found);
    const char *type = http_request_header(f->x, HTTP_CONTENT_TYPE);

    if (!only_reads(f) && !comes_from_our_page(f->x)) {
        refuse(f, 403, SP_PERMISSION_DENIED, "CSRF", "The request does not come from a page of this host.");
        return;
    }
    if (found->body != BODY_NONE && !found->raw_in && http_content_length(f->x) != 0 && type && !is_json_type(type)) {
        refuse(f, 415, SP_INVALID_ARGUMENT, "NOT_JSON", "The body must be application/json.");
        return;
    }
    f->shape = shape;
    if (!shape)
        refuse(f, 501, SP_UNIMPLEMENTED, "STREAM_NOT_FORWARDED", "A stream of requests cannot be sent over HTTP.");
    else if (shape->begin)
        shape->begin(f);
}

static bool is_path(const char *path, size_t length, const char *wanted)
{
    return length == strlen(wanted) && memcmp(path, wanted, length) == 0;
}

/* Of the contract's documentation or of the console. */
static bool answer_file(const forward *f)
{
    const gateway_options *options = &f->gateway->options;

    if (options->documentation && openapi_page_answer(options->documentation, f->x))
        return true;
    return options->assets && assets_answer(options->assets, f->x);
}

static void forward_elsewhere(forward *f)
{
    static const char *const reading[] = {"GET"};
    size_t length;
    const char *path = http_path(f->x, &length);
    bool api = length >= 4 && memcmp(path, "/v1/", 4) == 0;

    if (api)
        refuse(f, 404, SP_NOT_FOUND, "PATH_NOT_FOUND", "There is no such path.");
    else if (!only_reads(f))
        refuse_method(f, reading, 1);
    else if (is_path(path, length, "/healthz"))
        f->shape = &health_shape;
    else if (!answer_file(f))
        refuse(f, 404, SP_NOT_FOUND, "PATH_NOT_FOUND", "There is no such path.");
}

static void dispatch(forward *f)
{
    const char *method = http_method(f->x);
    size_t length;
    const char *path = http_path(f->x, &length);

    if (!host_is_ours(f->x, f->gateway->options.hosts)) {
        refuse(f, 421, SP_PERMISSION_DENIED, "HOST_UNKNOWN", "This is not the host that the request is meant for.");
        return;
    }
    if (strcmp(method, "HEAD") == 0)
        method = "GET";
    switch (route_find(f->gateway->options.routes, method, path, length, &f->match)) {
    case ROUTE_FOUND:
        forward_to_method(f);
        break;
    case ROUTE_OTHER_METHOD:
        refuse_method(f, f->match.allowed, f->match.allowed_count);
        break;
    case ROUTE_NOT_FOUND:
        forward_elsewhere(f);
        break;
    }
}

/* ---- Events of the HTTP server ---- */

static forward *forward_new(gateway *g, http_exchange *x)
{
    forward *f = arena_alloc(http_arena(x), sizeof *f);

    if (!f)
        return NULL;
    f->gateway = g;
    f->x = x;
    pthread_mutex_init(&f->lock, NULL);
    http_set_context(x, f);
    read_caller(f);
    return f;
}

static void on_begin(void *self, http_exchange *x)
{
    forward *f = forward_new(self, x);

    if (f)
        dispatch(f);
    else
        http_answer_take(x, &(http_head){500, NULL, 0}, NULL, 0);
}

static size_t on_body(void *self, http_exchange *x, const uint8_t *bytes, size_t size)
{
    forward *f = http_context(x);
    const forward_shape *shape = f ? f->shape : NULL;

    (void)self;
    return shape ? shape->body(f, bytes, size) : size;
}

static void on_complete(void *self, http_exchange *x)
{
    forward *f = http_context(x);
    const forward_shape *shape = f ? f->shape : NULL;

    (void)self;
    if (shape)
        shape->complete(f);
}

static void on_drained(void *self, http_exchange *x)
{
    forward *f = http_context(x);
    const forward_shape *shape = f ? f->shape : NULL;

    (void)self;
    if (shape && shape->drained)
        shape->drained(f);
}

static void on_wake(void *self, http_exchange *x)
{
    forward *f = http_context(x);
    const forward_shape *shape = f ? f->shape : NULL;

    (void)self;
    if (shape && shape->wake)
        shape->wake(f);
}

/* Whatever is still asked of the server, nobody waits for it any more. */
static void cancel(http_exchange *x)
{
    forward *f = http_context(x);

    if (!f)
        return;
    pthread_mutex_lock(&f->lock);
    f->left = true;
    if (f->call && !f->ended)
        rpc_raw_cancel(f->call);
    /* A stream that rested must read on, or its end would never be told. */
    if (f->resting && !f->ended) {
        f->resting = false;
        rpc_raw_read(f->call);
    }
    pthread_mutex_unlock(&f->lock);
}

static void on_gone(void *self, http_exchange *x)
{
    (void)self;
    cancel(x);
}

/* What the HTTP server turns away itself, before or after the request was begun. */
static void on_refused(void *self, http_exchange *x, const http_refusal *why)
{
    forward *f = http_context(x) ? http_context(x) : forward_new(self, x);
    sp_code code = why->status >= 500 ? SP_INTERNAL : why->status == 431 ? SP_OUT_OF_RANGE : SP_INVALID_ARGUMENT;

    if (!f)
        return;
    cancel(x);
    refuse(f, why->status, code, why->reason, why->message);
}

static void on_freed(void *self, http_exchange *x)
{
    forward *f = http_context(x);

    (void)self;
    if (!f)
        return;
    if (f->call)
        rpc_raw_release(f->call);
    byte_buffer_done(&f->body);
    byte_buffer_done(&f->json);
    arena_done(&f->scratch);
    pthread_mutex_destroy(&f->lock);
}

http_events gateway_events(gateway *g)
{
    return (http_events){
        .self = g,
        .begin = on_begin,
        .body = on_body,
        .complete = on_complete,
        .drained = on_drained,
        .gone = on_gone,
        .wake = on_wake,
        .refused = on_refused,
        .freed = on_freed,
    };
}
