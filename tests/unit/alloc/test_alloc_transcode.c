/* The transcoder when memory runs out: each allocation of a contract's loading, of a request and of a reply fails
 * once. What comes out is whole and right, or there is a sentence and nothing. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "alloc_scenario.h"
#include "json_to_wire.h"
#include "routes.h"
#include "transcode_test_set.h"
#include "wire_to_json.h"

enum { MEMORY = 1 << 20 };

static const char *const bodies[] = {
    "{\"kinds\":{\"aDouble\":-1.5e300,\"anInt64\":\"-9223372036854775808\",\"aBytes\":\"AAEC/w==\","
    "\"colour\":\"COLOUR_RED\"}}",
    "{\"lists\":{\"numbers\":[1,-2,300],\"texts\":[\"\xe4\xb8\xad\\u0041\\ud83d\\ude00\"],"
    "\"messages\":[{},{\"id\":1}]}}",
    "{\"maps\":{\"texts\":{\"a\":\"b\",\"c\":\"d\"},\"numbers\":{\"-1\":2},\"messages\":{\"true\":{\"id\":1}}}}",
    "{\"wellKnown\":{\"time\":\"2026-02-28T23:59:59.5+01:00\",\"duration\":\"-1.5s\",\"mask\":\"aB,c.d\","
    "\"value\":[null,{}]}}",
    "{\"wellKnown\":{\"any\":{\"@type\":\"a/transcode.test.Presence\",\"id\":\"4\"},\"structure\":{\"a\":[1,true]}}}",
};

static descriptor_pool *pool;
static byte_buffer wires[sizeof bodies / sizeof *bodies];
static byte_buffer texts[sizeof bodies / sizeof *bodies];

/* ---- loading ---- */

/* Whether a sentence speaks of memory. */
static sp_code code_of(const char *sentence)
{
    if (strcasestr(sentence, "memory is out.") != NULL)
        return SP_RESOURCE_EXHAUSTED;
    fprintf(stderr, "%s\n", sentence);
    return SP_INTERNAL;
}

static sp_code load(void)
{
    const char *wrong = "";
    char fault[256] = "";
    descriptor_pool *loaded = descriptor_pool_new(transcode_test_set, transcode_test_set_size, &wrong);

    if (loaded == NULL)
        return code_of(wrong);

    route_table *routes = route_table_new(loaded, fault, sizeof fault);
    bool found = routes != NULL && route_table_first(routes) != NULL;

    route_table_free(routes);
    descriptor_pool_free(loaded);
    if (routes == NULL)
        return code_of(fault);
    return found ? SP_OK : SP_DATA_LOSS;
}

/* ---- requests and replies ---- */

static const message_type *message(void)
{
    static const char name[] = "transcode.test.EchoRequest";

    return descriptor_pool_message(pool, name, sizeof name - 1);
}

static sp_code encode(const char *body, byte_buffer *wire)
{
    static const char query[] = "text=a%20b&presence.id=%37";
    transcode_fault fault = {.kind = FAULT_NONE};
    parameter_tree parameters;
    arena memory;

    arena_init(&memory, MEMORY);
    parameter_tree_init(&parameters, &memory, &fault);

    bool done = parameters_add_query(&parameters, message(), NULL, query, sizeof query - 1);
    const wire_request request = {
        .message = message(),
        .body = BODY_WHOLE,
        .json = body,
        .json_size = strlen(body),
        .parameters = parameters.first,
    };

    done = done && json_to_wire(pool, &request, &memory, wire, &fault);
    arena_done(&memory);
    return done ? SP_OK : fault.kind == FAULT_TOO_LARGE ? SP_RESOURCE_EXHAUSTED : SP_INTERNAL;
}

static const char *decode(const byte_buffer *wire, byte_buffer *text)
{
    const wire_reply reply = {.pool = pool, .message = message()};
    json_writer out;
    arena memory;

    arena_init(&memory, MEMORY);
    json_writer_init(&out, text);

    const char *wrong = wire_to_json(&reply, wire->data, wire->size, &memory, &out);

    arena_done(&memory);
    if (wrong == NULL && json_failed(&out))
        wrong = "The writer failed.";
    return wrong;
}

static void open_pool(void)
{
    const char *wrong;

    pool = descriptor_pool_new(transcode_test_set, transcode_test_set_size, &wrong);
    ck_assert_ptr_nonnull(pool);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        byte_buffer_init(&wires[i], MEMORY);
        byte_buffer_init(&texts[i], MEMORY);
        ck_assert_int_eq(encode(bodies[i], &wires[i]), SP_OK);
        ck_assert_ptr_null(decode(&wires[i], &texts[i]));
    }
}

static void close_pool(void)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        byte_buffer_done(&wires[i]);
        byte_buffer_done(&texts[i]);
    }
    descriptor_pool_free(pool);
}

static bool same(const byte_buffer *a, const byte_buffer *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static sp_code encode_all(void)
{
    sp_code code = SP_OK;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies && code == SP_OK; i++) {
        byte_buffer wire;

        byte_buffer_init(&wire, MEMORY);
        code = encode(bodies[i], &wire);
        if (code == SP_OK && !same(&wire, &wires[i]))
            code = SP_DATA_LOSS;
        byte_buffer_done(&wire);
    }
    return code;
}

static sp_code decode_all(void)
{
    const char *wrong = NULL;
    bool right = true;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies && wrong == NULL; i++) {
        byte_buffer text;

        byte_buffer_init(&text, MEMORY);
        wrong = decode(&wires[i], &text);
        right = right && (wrong != NULL || same(&text, &texts[i]));
        byte_buffer_done(&text);
    }
    return !right ? SP_DATA_LOSS : wrong == NULL ? SP_OK : SP_RESOURCE_EXHAUSTED;
}

static const alloc_scenario scenarios[] = {
    {.name = "a contract and its routes", .expected = SP_OK, .run = load},
    {.name = "JSON to wire", .expected = SP_OK, .open = open_pool, .close = close_pool, .run = encode_all},
    {.name = "wire to JSON", .expected = SP_OK, .open = open_pool, .close = close_pool, .run = decode_all},
};

int main(void)
{
    return alloc_scenarios_run("transcoder without memory", scenarios, sizeof scenarios / sizeof *scenarios);
}
