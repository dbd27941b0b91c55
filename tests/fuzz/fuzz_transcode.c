/* JSON → wire → JSON → wire. The first byte chooses the message, the rest is its JSON. What is accepted is stable from
 * the first JSON of ours on (the client's may leave out defaults and order fields as it likes). */
#include "fuzz.h"
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_message type;
    transcode_fault fault;
    byte_buffer wire;

    if (size < 1)
        return 0;
    type = fuzz_message_chosen(data[0]);
    byte_buffer_init(&wire, ROUND_TRIP_MAX);
    if (fuzz_encode(&type, (const char *)data + 1, size - 1, NULL, &wire, &fault))
        fuzz_check_stable(&type, &wire);
    byte_buffer_done(&wire);
    return 0;
}
