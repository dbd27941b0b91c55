/* Path templates and the way from a URL to a route. The input's lines are templates of methods, all but the last, which
 * is the path of a request. What the table finds must be what a plain comparison with every template finds. */
#include <string.h>

#include "fuzz.h"
#include "protowire.h"
#include "routes.h"

enum { TEMPLATES_MAX = 6, MEMORY_MAX = 1 << 20, SET_MAX = 1 << 16 };

/* Of descriptor.proto and http.proto. */
enum {
    SET_FILE = 1,
    FILE_NAME = 1,
    FILE_PACKAGE = 2,
    FILE_MESSAGE = 4,
    FILE_SERVICE = 6,
    FILE_SYNTAX = 12,
    MESSAGE_NAME = 1,
    MESSAGE_FIELD = 2,
    FIELD_NAME_OF = 1,
    FIELD_NUMBER = 3,
    FIELD_LABEL = 4,
    FIELD_TYPE = 5,
    FIELD_TYPE_NAME = 6,
    SERVICE_NAME = 1,
    SERVICE_METHOD = 2,
    METHOD_NAME = 1,
    METHOD_INPUT = 2,
    METHOD_OUTPUT = 3,
    METHOD_OPTIONS = 4,
    OPTION_HTTP = 72295728,
    RULE_GET = 2,
};

typedef struct {
    const char *text;
    path_template parsed;
} known_template;

typedef struct {
    arena memory;
    known_template templates[TEMPLATES_MAX];
    size_t count;
    const char *path;
    size_t length;
} input;

/* ---- Templates ---- */

static void check_template(const path_template *t)
{
    size_t taken = 0;

    REQUIRE(t->segment_count > 0);
    for (size_t i = 0; i < t->segment_count; i++) {
        REQUIRE((t->segments[i].kind == SEGMENT_LITERAL) == (t->segments[i].length > 0));
        REQUIRE(t->segments[i].kind != SEGMENT_REST || i + 1 == t->segment_count);
    }
    for (size_t i = 0; i < t->variable_count; i++) {
        REQUIRE(*t->variables[i].field && t->variables[i].count > 0 && t->variables[i].first >= taken);
        taken = t->variables[i].first + t->variables[i].count;
        REQUIRE(taken <= t->segment_count);
    }
}

static void take_lines(input *in, const char *text, size_t size)
{
    const char *end = text + size, *line;

    while ((line = memchr(text, '\n', (size_t)(end - text)))) {
        const char *copy = arena_copy(&in->memory, text, (size_t)(line - text));
        known_template *into = &in->templates[in->count];

        REQUIRE(copy);
        text = line + 1;
        if (in->count == TEMPLATES_MAX || path_template_parse(&into->parsed, copy, &in->memory))
            continue;
        check_template(&into->parsed);
        into->text = copy;
        in->count++;
    }
    in->path = text;
    in->length = (size_t)(end - text);
}

/* ---- A contract of them ---- */

static void add_text(byte_buffer *out, uint32_t number, const char *text)
{
    REQUIRE(protowire_add_bytes(out, number, text, strlen(text)));
}

static void add_number(byte_buffer *out, uint32_t number, uint64_t value)
{
    REQUIRE(protowire_add_tag(out, number, WIRE_VARINT) && protowire_add_varint(out, value));
}

static void add_field(byte_buffer *out, const char *name, uint64_t number, uint64_t label, uint64_t type)
{
    size_t field = protowire_open(out, MESSAGE_FIELD);

    add_text(out, FIELD_NAME_OF, name);
    add_number(out, FIELD_NUMBER, number);
    add_number(out, FIELD_LABEL, label);
    add_number(out, FIELD_TYPE, type);
    if (type == FIELD_MESSAGE)
        add_text(out, FIELD_TYPE_NAME, ".f.M");
    REQUIRE(protowire_close(out, field));
}

/* message M { string a = 1; int64 b = 2; M m = 3; repeated string r = 4; } */
static void add_message(byte_buffer *out)
{
    size_t message = protowire_open(out, FILE_MESSAGE);

    add_text(out, MESSAGE_NAME, "M");
    add_field(out, "a", 1, 1, FIELD_STRING);
    add_field(out, "b", 2, 1, FIELD_INT64);
    add_field(out, "m", 3, 1, FIELD_MESSAGE);
    add_field(out, "r", 4, 3, FIELD_STRING);
    REQUIRE(protowire_close(out, message));
}

static void add_method(byte_buffer *out, size_t number, const char *template)
{
    size_t method = protowire_open(out, SERVICE_METHOD), options, rule;
    const char name[] = {'M', (char)('0' + number), '\0'};

    add_text(out, METHOD_NAME, name);
    add_text(out, METHOD_INPUT, ".f.M");
    add_text(out, METHOD_OUTPUT, ".f.M");
    options = protowire_open(out, METHOD_OPTIONS);
    rule = protowire_open(out, OPTION_HTTP);
    add_text(out, RULE_GET, template);
    REQUIRE(protowire_close(out, rule) && protowire_close(out, options) && protowire_close(out, method));
}

static descriptor_pool *make_contract(const input *in)
{
    byte_buffer set;
    const char *fault;
    descriptor_pool *pool;
    size_t file, service;

    byte_buffer_init(&set, SET_MAX);
    file = protowire_open(&set, SET_FILE);
    add_text(&set, FILE_NAME, "f.proto");
    add_text(&set, FILE_PACKAGE, "f");
    add_message(&set);
    service = protowire_open(&set, FILE_SERVICE);
    add_text(&set, SERVICE_NAME, "S");
    for (size_t i = 0; i < in->count; i++)
        add_method(&set, i, in->templates[i].text);
    REQUIRE(protowire_close(&set, service));
    add_text(&set, FILE_SYNTAX, "proto3");
    REQUIRE(protowire_close(&set, file));
    pool = descriptor_pool_new(set.data, set.size, &fault);
    REQUIRE(pool);
    byte_buffer_done(&set);
    return pool;
}

/* ---- The plain comparison ---- */

typedef struct {
    const char *text[ROUTE_SEGMENTS_MAX];
    size_t length[ROUTE_SEGMENTS_MAX];
    size_t count;
    bool more; /* segments than those, which only two stars take */
    const char *end;
} cut_path;

static bool cut(const char *path, size_t length, cut_path *ret)
{
    const char *end = path + length;

    ret->count = 0;
    ret->more = false;
    ret->end = end;
    if (length == 0 || *path != '/')
        return false;
    for (const char *at = path; at < end;) {
        const char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));

        if (ret->count == ROUTE_SEGMENTS_MAX) {
            ret->more = true;
            return true;
        }
        ret->text[ret->count] = at + 1;
        ret->length[ret->count] = (size_t)((slash ? slash : end) - at - 1);
        ret->count++;
        at = slash ? slash : end;
    }
    return true;
}

static bool fits(const path_template *t, const cut_path *path)
{
    for (size_t i = 0; i < t->segment_count; i++) {
        const template_segment *segment = &t->segments[i];

        if (segment->kind == SEGMENT_REST)
            return true;
        if (i >= path->count)
            return false;
        if (segment->kind == SEGMENT_ANY
                ? path->length[i] == 0
                : path->length[i] != segment->length || memcmp(path->text[i], segment->text, segment->length) != 0)
            return false;
    }
    return t->segment_count == path->count && !path->more;
}

/* Segment by segment: a literal before a star, a star before two stars; one that ends before one that goes on. */
static bool goes_before(const path_template *a, const path_template *b)
{
    for (size_t i = 0; i < a->segment_count && i < b->segment_count; i++)
        if (a->segments[i].kind != b->segments[i].kind)
            return a->segments[i].kind < b->segments[i].kind;
    return a->segment_count < b->segment_count;
}

static const path_template *best(const input *in, const char *verb, size_t verb_length, const cut_path *path)
{
    const path_template *found = NULL;

    for (size_t i = 0; i < in->count; i++) {
        const path_template *t = &in->templates[i].parsed;

        if (strlen(t->verb) == verb_length && memcmp(t->verb, verb, verb_length) == 0 && fits(t, path) &&
            (!found || goes_before(t, found)))
            found = t;
    }
    return found;
}

static const path_template *compare(const input *in, cut_path *ret_path)
{
    const char *end = in->path + in->length, *slash = memrchr(in->path, '/', in->length);
    const char *colon = slash ? memrchr(slash, ':', (size_t)(end - slash)) : NULL;

    if (colon && colon + 1 < end && cut(in->path, (size_t)(colon - in->path), ret_path)) {
        const path_template *found = best(in, colon + 1, (size_t)(end - colon - 1), ret_path);

        if (found)
            return found;
    }
    return cut(in->path, in->length, ret_path) ? best(in, "", 0, ret_path) : NULL;
}

/* ---- Both ---- */

static void check_captures(const route_match *match, const path_template *t, const cut_path *path)
{
    for (size_t i = 0; i < t->variable_count; i++) {
        size_t first = t->variables[i].first, last = first + t->variables[i].count - 1;
        const char *from = first < path->count ? path->text[first] : path->end;
        const char *to = path->end;

        if (t->segments[last].kind != SEGMENT_REST)
            to = path->text[last] + path->length[last];
        REQUIRE(match->captures[i].text == from && match->captures[i].length == (size_t)(to - from));
    }
}

static void check_search(const route_table *table, const input *in)
{
    route_match match;
    cut_path path;
    const path_template *expected = compare(in, &path);
    route_outcome outcome = route_find(table, "GET", in->path, in->length, &match);

    REQUIRE(outcome == (expected ? ROUTE_FOUND : ROUTE_NOT_FOUND));
    if (expected) {
        size_t number = (size_t)(match.route->method->path[strlen("/f.S/M")] - '0');

        REQUIRE(&in->templates[number].parsed == expected);
        check_captures(&match, expected, &path);
        REQUIRE(route_find(table, "PUT", in->path, in->length, &match) == ROUTE_OTHER_METHOD);
        REQUIRE(match.allowed_count == 1 && strcmp(match.allowed[0], "GET") == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {.count = 0};
    char fault[256];

    arena_init(&in.memory, MEMORY_MAX);
    take_lines(&in, (const char *)data, size);

    descriptor_pool *pool = make_contract(&in);
    route_table *table = route_table_new(pool, fault, sizeof fault);

    if (table)
        check_search(table, &in);
    else
        REQUIRE(memchr(fault, '\0', sizeof fault) && *fault);
    route_table_free(table);
    descriptor_pool_free(pool);
    arena_done(&in.memory);
    return 0;
}
