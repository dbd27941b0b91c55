/* Whatever is sent, the transcoder answers within its bounds: inputs with bytes changed, cut and repeated at random
 * (the same each time) become a message or a fault, and what became a message is shown again. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "json_to_wire.h"
#include "suite.h"
#include "transcode_test_set.h"
#include "wire_to_json.h"

enum { ROUNDS = 20000, TEXT_MAX = 2048, MEMORY = 1 << 20 };

static const char *const seeds[] = {
    "{\"kinds\":{\"aDouble\":-1.5e300,\"anInt64\":\"-9223372036854775808\",\"aBytes\":\"AAEC/w==\","
    "\"colour\":\"COLOUR_RED\"}}",
    "{\"lists\":{\"numbers\":[1,-2,300],\"texts\":[\"\xe4\xb8\xad\\u0041\\ud83d\\ude00\"],"
    "\"messages\":[{},{\"id\":1}]}}",
    "{\"maps\":{\"texts\":{\"a\":\"b\",\"c\":\"d\"},\"numbers\":{\"-1\":2},\"messages\":{\"true\":{\"id\":1}}}}",
    "{\"wellKnown\":{\"time\":\"2026-02-28T23:59:59.5+01:00\",\"duration\":\"-1.5s\",\"mask\":\"aB,c.d\","
    "\"value\":[null,{}]}}",
    "{\"wellKnown\":{\"any\":{\"@type\":\"a/transcode.test.Presence\",\"id\":\"4\"},\"structure\":{\"a\":[1,true]}}}",
    "{\"presence\":{\"inner\":{\"inner\":{\"inner\":{\"nothing\":null}}},\"@named\":\"x\"},\"text\":\"y\"}",
};

static uint64_t state;

static uint32_t random_below(uint32_t limit)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % limit;
}

/* One change; returns the new size. */
static size_t mutate(uint8_t *bytes, size_t size)
{
    static const char telling[] = "{}[]\",:\\0123456789eE+-.tfn@u/\x00\x80\xff";
    size_t at = random_below((uint32_t)size), n;

    switch (random_below(4)) {
    case 0:
        bytes[at] = (uint8_t)random_below(256);
        return size;
    case 1:
        bytes[at] = (uint8_t)telling[random_below(sizeof telling - 1)];
        return size;
    case 2:
        n = random_below((uint32_t)(size - at)) + 1;
        memmove(bytes + at, bytes + at + n, size - at - n);
        return size > n ? size - n : 1;
    default:
        n = random_below((uint32_t)(size - at)) + 1;
        if (size + n > TEXT_MAX)
            return size;
        memmove(bytes + at + n, bytes + at, size - at);
        return size + n;
    }
}

static const message_type *request_type(const descriptor_pool *pool)
{
    static const char name[] = "transcode.test.EchoRequest";

    return descriptor_pool_message(pool, name, sizeof name - 1);
}

static descriptor_pool *open_pool(void)
{
    const char *wrong;
    descriptor_pool *pool = descriptor_pool_new(transcode_test_set, transcode_test_set_size, &wrong);

    ck_assert_ptr_nonnull(pool);
    return pool;
}

/* Exactly as long as it is, so that a sanitizer sees every byte too many. */
static uint8_t *exact_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    memcpy(copy, bytes, size);
    return copy;
}

static bool encode(const descriptor_pool *pool, const uint8_t *text, size_t size, byte_buffer *wire)
{
    transcode_fault fault = {.kind = FAULT_NONE};
    wire_request request = {.message = request_type(pool), .body = BODY_WHOLE, .json_size = size};
    uint8_t *copy = exact_copy(text, size);
    arena memory;
    bool encoded;

    arena_init(&memory, MEMORY);
    request.json = (const char *)copy;
    encoded = json_to_wire(pool, &request, &memory, wire, &fault);
    ck_assert_int_eq(encoded, fault.kind == FAULT_NONE);
    arena_done(&memory);
    free(copy);
    return encoded;
}

static const char *decode(const descriptor_pool *pool, const uint8_t *bytes, size_t size, byte_buffer *json)
{
    wire_reply reply = {.pool = pool, .message = request_type(pool)};
    uint8_t *copy = exact_copy(bytes, size);
    const char *fault;
    json_writer out;
    arena memory;

    arena_init(&memory, MEMORY);
    json_writer_init(&out, json);
    fault = wire_to_json(&reply, copy, size, &memory, &out);
    arena_done(&memory);
    free(copy);
    return fault;
}

START_TEST(changed_requests_do_no_harm)
{
    descriptor_pool *pool = open_pool();
    byte_buffer wire, json, again;
    uint8_t text[TEXT_MAX];
    int understood = 0;

    state = (uint64_t)_i + 1;
    byte_buffer_init(&wire, MEMORY);
    byte_buffer_init(&json, MEMORY);
    byte_buffer_init(&again, MEMORY);
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = strlen(seeds[_i]);

        memcpy(text, seeds[_i], size);
        for (uint32_t changes = random_below(4); changes > 0; changes--)
            size = mutate(text, size);
        wire.size = json.size = again.size = 0;
        if (!encode(pool, text, size, &wire))
            continue;
        understood++;
        ck_assert_ptr_null(decode(pool, wire.data ? wire.data : (const uint8_t *)"", wire.size, &json));
        ck_assert(encode(pool, json.data, json.size, &again));
    }
    ck_assert_int_gt(understood, ROUNDS / 20);
    byte_buffer_done(&wire);
    byte_buffer_done(&json);
    byte_buffer_done(&again);
    descriptor_pool_free(pool);
}
END_TEST

START_TEST(changed_replies_do_no_harm)
{
    descriptor_pool *pool = open_pool();
    byte_buffer wire, json;
    uint8_t bytes[TEXT_MAX];

    state = (uint64_t)_i + 100;
    byte_buffer_init(&wire, TEXT_MAX);
    byte_buffer_init(&json, MEMORY);
    ck_assert(encode(pool, (const uint8_t *)seeds[_i], strlen(seeds[_i]), &wire));
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = wire.size;

        memcpy(bytes, wire.data, size);
        for (uint32_t changes = 1 + random_below(4); changes > 0; changes--)
            size = mutate(bytes, size);
        json.size = 0;
        decode(pool, bytes, size, &json);
    }
    byte_buffer_done(&wire);
    byte_buffer_done(&json);
    descriptor_pool_free(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mutations");
    TCase *tests = tcase_create("mutations");

    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, changed_requests_do_no_harm, 0, sizeof seeds / sizeof *seeds);
    tcase_add_loop_test(tests, changed_replies_do_no_harm, 0, sizeof seeds / sizeof *seeds);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
