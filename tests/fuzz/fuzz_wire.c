/* Wire → JSON → wire. The first byte chooses the message, the rest is its wire bytes, as a server that is not to be
 * trusted may send them. What can be shown as JSON is taken back as JSON, and is stable from there. */
#include "fuzz.h"
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_message type;
    byte_buffer given = {0}, json, wire;
    transcode_fault fault;

    if (size < 1)
        return 0;
    type = fuzz_message_chosen(data[0]);
    given.data = (uint8_t *)data + 1;
    given.size = size - 1;
    byte_buffer_init(&json, ROUND_TRIP_MAX);
    byte_buffer_init(&wire, ROUND_TRIP_MAX);
    if (!fuzz_decode(&type, &given, &json)) {
        if (fuzz_encode(&type, (const char *)json.data, json.size, NULL, &wire, &fault))
            fuzz_check_stable(&type, &wire);
        else
            REQUIRE(fuzz_is_too_deep(fault.message));
    }
    byte_buffer_done(&json);
    byte_buffer_done(&wire);
    return 0;
}
