/* What the gateway reads out of HTTP headers. The first byte chooses the reader, the rest is the header's value; a
 * header has no NUL. */
#include <stdlib.h>
#include <string.h>

#include "conditional.h"
#include "cors.h"
#include "fuzz.h"
#include "http_accept.h"
#include "listen_address.h"
#include "request_check.h"
#include "session_cookie.h"
#include "trace.h"

enum { MEMORY_MAX = 1 << 16 };

static void read_cookie(const char *value, arena *memory)
{
    static const char bearer[] = "Bearer ";

    for (int secure = 0; secure <= 1; secure++) {
        const char *read = session_cookie_read(value, secure, memory);

        if (!read)
            continue;
        REQUIRE(strncmp(read, bearer, strlen(bearer)) == 0);
        /* What was read can be written into a header, and stood in this one. */
        const char *token = read + strlen(bearer);

        REQUIRE(*token && strstr(value, token));
        for (const char *c = token; *c; c++)
            REQUIRE(*c > ' ' && *c < 0x7f && *c != ';' && *c != ',' && *c != '"' && *c != '\\');
    }
}

static void read_type(const char *value, arena *memory)
{
    (void)memory;
    if (is_json_type(value))
        REQUIRE(strcasestr(value, "json"));
}

static void read_accept(const char *value, arena *memory)
{
    static const char *const types[] = {"text/event-stream", "application/x-ndjson", "application/json"};

    (void)memory;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        REQUIRE(http_accept_type(value, types[i]) <= 1000);
}

static void read_accept_encoding(const char *value, arena *memory)
{
    (void)memory;
    REQUIRE(http_accept_coding(value, "gzip") <= 1000 && http_accept_coding(value, "br") <= 1000);
    if (!strcasestr(value, "gzip") && !strchr(value, '*'))
        REQUIRE(http_accept_coding(value, "gzip") == 0);
}

/* The next line of a value; "" when there is none. */
static const char *next_line(const char **rest, arena *memory)
{
    size_t length = strcspn(*rest, "\n");
    const char *line = arena_copy(memory, *rest, length);

    REQUIRE(line);
    *rest += length + ((*rest)[length] == '\n');
    return line;
}

/* If-None-Match, If-Modified-Since, If-Range and Range, a line each; empty ones were not sent. */
static void read_conditions(const char *value, arena *memory)
{
    static const body_state bodies[] = {
        {1000, "\"abc\"", 784111777}, {0, "W/\"x\"", -1}, {-1, NULL, 784111777}, {INT64_MAX, NULL, -1}};
    const char *lines[4];

    for (size_t i = 0; i < 4; i++) {
        lines[i] = next_line(&value, memory);
        if (!*lines[i])
            lines[i] = NULL;
    }
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const body_conditions asked = {lines[0], lines[1], lines[2], lines[3]};
        body_wish wish = conditional_judge(&asked, &bodies[i]);

        if (wish.kind == WANTS_PART)
            REQUIRE(wish.first >= 0 && wish.first <= wish.last && wish.last < bodies[i].size && lines[3]);
        REQUIRE(wish.kind != WANTS_NOTHING || lines[0] || lines[1]);
        REQUIRE(wish.kind != WANTS_BEYOND || (lines[3] && bodies[i].size >= 0));
    }
}

static void read_date(const char *value, arena *memory)
{
    int64_t seconds = http_date_parse(value);
    char text[HTTP_DATE_MAX];

    (void)memory;
    if (seconds < 0)
        return;
    http_date_text(seconds, text);
    REQUIRE(http_date_parse(text) == seconds);
}

static void read_etag(const char *value, arena *memory)
{
    body_conditions asked = {.if_none_match = value};
    const body_state body = {1, value, -1};

    (void)memory;
    /* A legal tag matches itself. */
    if (etag_is_legal(value))
        REQUIRE(conditional_judge(&asked, &body).kind == WANTS_NOTHING);
}

static void read_traceparent(const char *value, arena *memory)
{
    char header[TRACEPARENT_LENGTH + 1];
    trace_context trace, again;

    (void)memory;
    trace_begin(&trace, value);
    trace_header(&trace, header);
    REQUIRE(strlen(header) == TRACEPARENT_LENGTH);
    trace_begin(&again, header);
    REQUIRE(strcmp(again.trace_id, trace.trace_id) == 0 && strcmp(again.flags, trace.flags) == 0);
}

/* Allowed origins, and one that comes. */
static void read_origin(const char *value, arena *memory)
{
    cors_rules rules = {.origins = next_line(&value, memory), .credentials = true};
    http_field fields[CORS_FIELDS_MAX];

    if (!cors_check(&rules) && cors_allows(&rules, value)) {
        REQUIRE(strcasestr(rules.origins, value) && strncasecmp(value, "http", 4) == 0);
        REQUIRE(cors_fields(&rules, value, fields) <= CORS_FIELDS_MAX);
    }
}

/* Host names that are allowed, and one that comes. */
static void read_host(const char *value, arena *memory)
{
    const char *names = next_line(&value, memory);

    if (name_is_among(value, strlen(value), names))
        REQUIRE(strcasestr(names, value));
    if (is_address(value, strlen(value)))
        REQUIRE(strchr(value, '.') || strchr(value, ':'));
}

static void read_listen(const char *value, arena *memory)
{
    listen_address addresses[LISTEN_ADDRESSES_MAX];
    char text[LISTEN_TEXT_MAX];
    size_t count;

    (void)memory;
    if (listen_addresses_parse(value, addresses, &count))
        return;
    REQUIRE(count > 0 && count <= LISTEN_ADDRESSES_MAX);
    for (size_t i = 0; i < count; i++) {
        listen_address again[LISTEN_ADDRESSES_MAX];
        size_t one;

        listen_address_text(&addresses[i], text);
        REQUIRE(!listen_addresses_parse(text, again, &one) && one == 1);
        REQUIRE(listen_address_port(&again[0]) == listen_address_port(&addresses[i]));
    }
}

/* Only ever appended to, so that inputs keep their meaning. */
static void (*const readers[])(const char *value, arena *memory) = {
    read_cookie, read_type, read_accept,      read_accept_encoding, read_conditions, read_date,
    read_etag,   read_host, read_traceparent, read_origin,          read_listen,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena memory;
    char *value;

    if (size < 1)
        return 0;
    arena_init(&memory, MEMORY_MAX);
    value = strndup((const char *)data + 1, size - 1);
    REQUIRE(value);
    readers[data[0] % (sizeof readers / sizeof *readers)](value, &memory);
    free(value);
    arena_done(&memory);
    return 0;
}
