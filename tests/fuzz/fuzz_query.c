/* Query strings onto messages. The first byte chooses the message; the query ends at a line break, behind which a JSON
 * body may follow. What is accepted makes a message that is stable as JSON. */
#include <string.h>

#include "fuzz.h"
#include "percent.h"
#include "round_trip.h"

/* Decoding never lengthens, and leaves alone what has no escapes. */
static void check_percent(const char *text, size_t length, arena *memory)
{
    static const percent_rule rules[] = {PERCENT_PATH, PERCENT_RESERVED, PERCENT_QUERY};

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        size_t decoded_length;
        const char *decoded = percent_decode(memory, rules[i], text, length, &decoded_length);

        REQUIRE(!decoded || decoded_length <= length);
        REQUIRE(decoded || memchr(text, '%', length));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    transcode_fault fault = {.kind = FAULT_NONE};
    parameter_tree tree;
    byte_buffer wire;
    arena memory;

    if (size < 1)
        return 0;

    fuzz_message type = fuzz_message_chosen(data[0]);
    const char *query = (const char *)data + 1;
    const char *line = memchr(query, '\n', size - 1);
    size_t length = line ? (size_t)(line - query) : size - 1;
    const char *body = line ? line + 1 : "";

    arena_init(&memory, ROUND_TRIP_MAX);
    byte_buffer_init(&wire, ROUND_TRIP_MAX);
    parameter_tree_init(&tree, &memory, &fault);
    check_percent(query, length, &memory);
    bool fits = parameters_add_query(&tree, type.message, NULL, query, length);

    REQUIRE(fits == (fault.kind == FAULT_NONE));
    if (fits && fuzz_encode(&type, body, line ? size - 2 - length : 0, tree.first, &wire, &fault))
        fuzz_check_stable(&type, &wire);
    byte_buffer_done(&wire);
    arena_done(&memory);
    return 0;
}
