/* Who calls: what a request says about itself, and whether it may call at all. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "forward.h"
#include "request_check.h"
#include "session_cookie.h"
#include "text.h"

enum { HEADER_VALUE_MAX = 256, AUTHORIZATION_MAX = 4096 };

static bool is_request_id(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    return length > 0 && length <= REQUEST_ID_MAX && text[length] == '\0';
}

static bool is_printable(const char *text, size_t max)
{
    size_t n = 0;

    while (text[n] >= ' ' && text[n] < 0x7f)
        n++;
    return text[n] == '\0' && n > 0 && n <= max;
}

/* As it is when it is printable, else a copy with what metadata cannot carry replaced. */
static const char *printable(arena *memory, const char *text)
{
    size_t length = text ? strnlen(text, HEADER_VALUE_MAX) : 0;
    char *copy;

    if (length == 0 || is_printable(text, HEADER_VALUE_MAX))
        return length ? text : NULL;
    copy = arena_copy(memory, text, length);
    for (size_t i = 0; copy && i < length; i++)
        if (copy[i] < ' ' || copy[i] >= 0x7f)
            copy[i] = '?';
    return copy;
}

/* A proxy of ours appends whom it speaks for, so the last address that is no proxy itself is the caller's. */
static const char *read_address(forward *f)
{
    const char *proxies = f->gateway->options.proxies, *peer = http_client_address(f->x);
    const char *list = http_request_header(f->x, HTTP_X_FORWARDED_FOR);
    const char *end = list ? list + strlen(list) : NULL;

    if (!list || !name_is_among(peer, strlen(peer), proxies))
        return peer;
    while (end > list) {
        const char *comma = memrchr(list, ',', (size_t)(end - list)), *one = comma ? comma + 1 : list;
        size_t length;

        one += strspn(one, " \t");
        length = one < end ? strcspn(one, " \t,") : 0;
        if (!is_address(one, length))
            return peer;
        peer = arena_copy(http_arena(f->x), one, length);
        if (!peer)
            return http_client_address(f->x);
        if (!name_is_among(peer, length, proxies))
            return peer;
        end = comma ? comma : list;
    }
    return peer;
}

/* The cookie is this host's. A page of another one only has it sent when it may. */
static void read_credentials(forward *f)
{
    const char *given = http_request_header(f->x, HTTP_AUTHORIZATION);

    f->by_cookie = !given && (!f->origin || f->gateway->options.cors.credentials);
    if (given && is_printable(given, AUTHORIZATION_MAX))
        f->authorization = given;
    else if (f->by_cookie)
        f->authorization =
            session_cookie_read(http_request_header(f->x, HTTP_COOKIE), http_is_secure(f->x), http_arena(f->x));
}

void caller_read(forward *f)
{
    const char *id = http_request_header(f->x, HTTP_X_REQUEST_ID);
    const char *last = http_request_header(f->x, HTTP_LAST_EVENT_ID);
    const char *origin = http_request_header(f->x, HTTP_ORIGIN);
    const char *state = http_request_header(f->x, HTTP_TRACESTATE);

    trace_begin(&f->trace, http_request_header(f->x, HTTP_TRACEPARENT));
    if (state && is_printable(state, 2 * HEADER_VALUE_MAX))
        f->trace_state = state;
    strcpy(f->request_id, id && is_request_id(id) ? id : f->trace.span_id);
    if (origin && !is_own_origin(f->x, origin) && cors_allows(&f->gateway->options.cors, origin))
        f->origin = origin;
    f->address = read_address(f);
    read_credentials(f);
    f->user_agent = printable(http_arena(f->x), http_request_header(f->x, HTTP_USER_AGENT));
    if (last && strlen(last) <= HEADER_VALUE_MAX && utf8_is_valid(last, strlen(last)))
        f->last_event_id = last;
}

static bool is_limited(const forward *f)
{
    const gateway_options *options = &f->gateway->options;
    bool local = strncmp(f->address, "127.", 4) == 0 || strcmp(f->address, "::1") == 0;

    return f->gateway->anonymous && (options->limits_local || !local);
}

bool caller_is_admitted(forward *f)
{
    gateway *g = f->gateway;
    int64_t now_ms = clock_monotonic_ms(), wait_ms;
    refusal why = {.http = 429, .code = SP_RESOURCE_EXHAUSTED, .reason = "TOO_MANY_CALLS", .field = ""};

    if (!is_limited(f))
        return true;
    /* Credentials lift the limit, but only as long as they are of use. */
    wait_ms = f->authorization ? rate_limit_peek(g->failed_credentials, f->address, now_ms)
                               : rate_limit_take(g->anonymous, f->address, now_ms);
    if (wait_ms == 0)
        return true;
    why.message = "There were too many calls from this address.";
    why.retry_ms = wait_ms;
    answer_refusal(f, &why);
    return false;
}

void caller_failed(forward *f)
{
    if (f->authorization && is_limited(f))
        rate_limit_take(f->gateway->failed_credentials, f->address, clock_monotonic_ms());
}
