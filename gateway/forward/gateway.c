/* Where each request goes: to a method of the contract, to a file of the console, or nowhere. */
#include "gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "multipart.h"
#include "request_check.h"

enum { LIMITED_ADDRESSES = 16384 };

gateway *gateway_new(const gateway_options *options)
{
    static const char any[] = "google.protobuf.Any";
    gateway *g = calloc(1, sizeof *g);
    bool made = g != NULL;

    if (!g)
        return NULL;
    g->options = *options;
    g->any = descriptor_pool_message(options->pool, any, sizeof any - 1);
    if (options->gzip_level > 0) {
        g->compressors = compressors_new(options->gzip_level);
        made = g->compressors != NULL;
    }
    if (options->anonymous_rate > 0) {
        g->anonymous = rate_limit_new(options->anonymous_rate, options->anonymous_burst, LIMITED_ADDRESSES);
        g->failed_credentials = rate_limit_new(options->anonymous_rate, options->anonymous_burst, LIMITED_ADDRESSES);
        made = made && g->anonymous && g->failed_credentials;
    }
    if (made)
        return g;
    gateway_free(g);
    return NULL;
}

void gateway_free(gateway *g)
{
    if (!g)
        return;
    compressors_free(g->compressors);
    rate_limit_free(g->anonymous);
    rate_limit_free(g->failed_credentials);
    free(g);
}

/* ---- To a method ---- */

static bool is_method(const forward *f, const char *method)
{
    return strcmp(http_method(f->x), method) == 0;
}

static bool only_reads(const forward *f)
{
    return is_method(f, "GET") || is_method(f, "HEAD");
}

static void choose_ways(forward *f)
{
    const route *found = f->match.route;
    const method_type *method = found->method;

    if (!method->client_streaming)
        f->input = &gather_input;
    else
        f->input = found->raw_in || request_raw_field(found) ? &parts_input : &lines_input;
    if (!method->server_streaming)
        f->output = &reply_output;
    else
        f->output = found->raw_out ? &download_output : &stream_output;
}

/* Raw bodies may be of any type, forms fill what is no stream of messages, everything else is JSON. */
static bool is_type_taken(const forward *f)
{
    const route *found = f->match.route;
    const char *type = http_request_header(f->x, HTTP_CONTENT_TYPE);

    if (found->body == BODY_NONE || found->raw_in || request_raw_field(found) || !type || is_json_type(type))
        return true;
    if (http_content_length(f->x) == 0)
        return true;
    return multipart_is_form(type) && f->input != &lines_input;
}

static void forward_to_method(forward *f)
{
    const forward_input *input;

    if (!only_reads(f) && !comes_from_our_page(f->x, &f->gateway->options.cors)) {
        answer_refuse(f, 403, SP_PERMISSION_DENIED, "CSRF", "The request does not come from a page of this host.");
        return;
    }
    if (!caller_is_admitted(f))
        return;
    choose_ways(f);
    if (!is_type_taken(f)) {
        answer_refuse(f, 415, SP_INVALID_ARGUMENT, "NOT_JSON", "The body must be application/json.");
        return;
    }
    if (http_request_header(f->x, HTTP_CONTENT_ENCODING) && http_content_length(f->x) != 0) {
        answer_refuse(f, 415, SP_INVALID_ARGUMENT, "BODY_ENCODED", "The body must not be compressed.");
        return;
    }
    if (f->output->begin)
        f->output->begin(f);
    input = f->input;
    input->begin(f);
}

/* ---- Elsewhere ---- */

static void refuse_method(forward *f, const char *const *allowed, size_t count)
{
    refusal why = {.http = 405,
                   .code = SP_UNIMPLEMENTED,
                   .reason = "METHOD_NOT_ALLOWED",
                   .message = "This path does not take this method.",
                   .field = "",
                   .allow = ""};

    for (size_t i = 0; i < count && why.allow; i++)
        why.allow = arena_printf(http_arena(f->x), "%s%s%s", why.allow, i ? ", " : "",
                                 strcmp(allowed[i], "GET") == 0 ? "GET, HEAD" : allowed[i]);
    answer_refusal(f, &why);
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

static void refuse_path(forward *f)
{
    answer_refuse(f, 404, SP_NOT_FOUND, "PATH_NOT_FOUND", "There is no such path.");
}

static void forward_elsewhere(forward *f)
{
    static const char *const reading[] = {"GET"};
    size_t length;
    const char *path = http_path(f->x, &length);
    bool api = length >= 4 && memcmp(path, "/v1/", 4) == 0;

    if (api) {
        refuse_path(f);
    } else if (!only_reads(f)) {
        refuse_method(f, reading, 1);
    } else if (is_path(path, length, "/healthz")) {
        f->output = &health_output;
        f->input = &health_input;
    } else if (!answer_file(f)) {
        refuse_path(f);
    }
}

/* A browser asks before it lets another host's page send what a form could not. False when it is no such question. */
static bool answer_preflight(forward *f)
{
    const char *wanted = http_request_header(f->x, HTTP_ACCESS_CONTROL_REQUEST_METHOD);
    const cors_rules *rules = &f->gateway->options.cors;
    answer_fields fields;
    route_match match;
    size_t length;
    const char *path = http_path(f->x, &length);

    if (!f->origin || !wanted || !is_method(f, "OPTIONS"))
        return false;
    if (route_find(f->gateway->options.routes, strcmp(wanted, "HEAD") == 0 ? "GET" : wanted, path, length, &match) !=
        ROUTE_FOUND)
        return false;
    fields_begin(f, &fields);
    field_add(&fields, "Access-Control-Allow-Methods", arena_text(http_arena(f->x), wanted));
    field_add(&fields, "Access-Control-Allow-Headers", cors_request_headers);
    field_add(&fields, "Access-Control-Max-Age", arena_printf(http_arena(f->x), "%lld", (long long)rules->max_age_s));
    http_answer_take(f->x, &(http_head){204, fields.list, fields.count}, NULL, 0);
    return true;
}

static void dispatch(forward *f)
{
    const char *method = is_method(f, "HEAD") ? "GET" : http_method(f->x);
    size_t length;
    const char *path = http_path(f->x, &length);

    if (!host_is_ours(f->x, f->gateway->options.hosts)) {
        answer_refuse(f, 421, SP_PERMISSION_DENIED, "HOST_UNKNOWN",
                      "This is not the host that the request is meant for.");
        return;
    }
    if (answer_preflight(f))
        return;
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
    arena_init(&f->scratch, g->options.memory_max);
    pthread_mutex_init(&f->lock, NULL);
    http_set_context(x, f);
    caller_read(f);
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
    const forward_input *input = f ? f->input : NULL;

    (void)self;
    return input ? input->body(f, bytes, size) : size;
}

static void on_complete(void *self, http_exchange *x)
{
    forward *f = http_context(x);
    const forward_input *input = f ? f->input : NULL;

    (void)self;
    if (input)
        input->complete(f);
}

static void on_drained(void *self, http_exchange *x)
{
    forward *f = http_context(x);

    (void)self;
    if (f && f->output && f->output->drained)
        f->output->drained(f);
}

static void on_wake(void *self, http_exchange *x)
{
    forward *f = http_context(x);

    (void)self;
    if (f && f->output && f->output->wake)
        f->output->wake(f);
}

/* Whatever is still asked of the server, nobody waits for it any more. */
static void cancel(forward *f)
{
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
    if (http_context(x))
        cancel(http_context(x));
}

/* What the HTTP server turns away itself, before or after the request was begun. */
static void on_refused(void *self, http_exchange *x, const http_refusal *why)
{
    forward *f = http_context(x) ? http_context(x) : forward_new(self, x);
    sp_code code = why->status >= 500 ? SP_INTERNAL : why->status == 408 ? SP_DEADLINE_EXCEEDED : SP_INVALID_ARGUMENT;

    if (!f)
        return;
    answer_refuse(f, why->status, code, why->reason, why->message);
    cancel(f);
}

static void on_freed(void *self, http_exchange *x)
{
    forward *f = http_context(x);

    (void)self;
    if (!f)
        return;
    if (f->call)
        rpc_raw_release(f->call);
    form_free(f->form);
    byte_buffer_done(&f->body);
    byte_buffer_done(&f->reply);
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
        .refused = on_refused,
        .drained = on_drained,
        .gone = on_gone,
        .wake = on_wake,
        .freed = on_freed,
    };
}
