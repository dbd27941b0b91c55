#include "contracts.h"

#include <string.h>

#include "fuzz.h"
#include "smartpass_descriptors.h"
#include "transcode_test_set.h"

/* Only ever appended to, so that inputs keep their meaning. */
static const char *const names[] = {
    "transcode.test.Kinds",        "transcode.test.Presence",    "transcode.test.Lists",
    "transcode.test.Maps",         "transcode.test.WellKnown",   "transcode.test.Large",
    "transcode.test.BookRequest",  "transcode.test.EchoRequest", "google.protobuf.Any",
    "google.protobuf.Struct",      "google.protobuf.Value",      "google.protobuf.ListValue",
    "google.protobuf.Timestamp",   "google.protobuf.Duration",   "google.protobuf.FieldMask",
    "google.protobuf.DoubleValue", "google.protobuf.BytesValue", "google.rpc.Status",
};

enum { NAMED = sizeof names / sizeof *names };

static descriptor_pool *product, *test;
static const message_type *named[NAMED];

static descriptor_pool *open_pool(const uint8_t *set, size_t size)
{
    const char *fault;
    descriptor_pool *pool = descriptor_pool_new(set, size, &fault);

    REQUIRE(pool);
    return pool;
}

static void open_pools(void)
{
    if (product)
        return;
    product = open_pool(smartpass_descriptors, smartpass_descriptors_size);
    test = open_pool(transcode_test_set, transcode_test_set_size);
    for (size_t i = 0; i < NAMED; i++) {
        named[i] = descriptor_pool_message(test, names[i], strlen(names[i]));
        REQUIRE(named[i]);
    }
}

const descriptor_pool *fuzz_product_pool(void)
{
    open_pools();
    return product;
}

fuzz_message fuzz_message_chosen(uint8_t choice)
{
    open_pools();
    if (choice < NAMED)
        return (fuzz_message){test, named[choice]};

    size_t at = (size_t)(choice - NAMED) / 2 % descriptor_pool_method_count(product);
    const method_type *method = descriptor_pool_method(product, at);

    return (fuzz_message){product, (choice - NAMED) % 2 ? method->output : method->input};
}
