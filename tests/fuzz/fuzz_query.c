/* Query strings onto messages. The first byte chooses the message; the query ends at a line break, behind which a JSON
 * body may follow; for one choice it is the body of a PATCH. What is accepted makes a message that is stable as JSON.
 */
#include <string.h>

#include "fuzz.h"
#include "percent.h"
#include "round_trip.h"

enum { CHOICE_BOOK = 6, CHOICE_PATCH = 255 };

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

static void try(const fuzz_message *type, bool patch, const char *query, size_t length, const char *body, size_t size)
{
    transcode_fault fault = {.kind = FAULT_NONE};
    const field_type *of_body = patch ? message_field_by_name(type->message, "book", 4) : NULL;
    parameter_tree tree;
    byte_buffer wire;
    arena memory;
    bool fits;

    arena_init(&memory, ROUND_TRIP_MAX);
    byte_buffer_init(&wire, ROUND_TRIP_MAX);
    parameter_tree_init(&tree, &memory, &fault);
    check_percent(query, length, &memory);
    fits = parameters_add_query(&tree, type->message, of_body, query, length);
    REQUIRE(fits == (fault.kind == FAULT_NONE));
    if (fits && patch)
        fits = fuzz_encode_patch(type, "book", "mask", body, size, tree.first, &wire, &fault);
    else if (fits)
        fits = fuzz_encode(type, body, size, tree.first, &wire, &fault);
    if (fits)
        fuzz_check_stable(type, &wire);
    byte_buffer_done(&wire);
    arena_done(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *query = (const char *)data + 1, *line;
    size_t length, body;
    fuzz_message type;

    if (size < 1)
        return 0;
    line = memchr(query, '\n', size - 1);
    length = line ? (size_t)(line - query) : size - 1;
    body = line ? size - 2 - length : 0;
    type = fuzz_message_chosen(data[0] == CHOICE_PATCH ? CHOICE_BOOK : data[0]);
    try(&type, data[0] == CHOICE_PATCH, query, length, line ? line + 1 : "", body);
    return 0;
}
