#include "round_trip.h"

#include <string.h>

#include "fuzz.h"
#include "json_to_wire.h"
#include "wire_to_json.h"

static bool encode(const fuzz_message *type, const wire_request *request, byte_buffer *wire, transcode_fault *fault)
{
    arena memory;
    bool accepted;

    *fault = (transcode_fault){.kind = FAULT_NONE};
    arena_init(&memory, ROUND_TRIP_MAX);
    accepted = json_to_wire(type->pool, request, &memory, wire, fault);
    arena_done(&memory);
    REQUIRE(accepted == (fault->kind == FAULT_NONE));
    REQUIRE(memchr(fault->where, '\0', sizeof fault->where) && memchr(fault->message, '\0', sizeof fault->message));
    return accepted;
}

bool fuzz_encode(const fuzz_message *type, const char *json, size_t size, parameter *parameters, byte_buffer *wire,
                 transcode_fault *fault)
{
    const wire_request request = {
        .message = type->message, .body = BODY_WHOLE, .json = json, .json_size = size, .parameters = parameters};

    return encode(type, &request, wire, fault);
}

bool fuzz_encode_patch(const fuzz_message *type, const char *body, const char *mask, const char *json, size_t size,
                       parameter *parameters, byte_buffer *wire, transcode_fault *fault)
{
    const wire_request request = {
        .message = type->message,
        .body = BODY_FIELD,
        .body_field = message_field_by_name(type->message, body, strlen(body)),
        .mask = message_field_by_name(type->message, mask, strlen(mask)),
        .json = json,
        .json_size = size,
        .parameters = parameters,
    };

    return encode(type, &request, wire, fault);
}

const char *fuzz_decode(const fuzz_message *type, const byte_buffer *wire, byte_buffer *json)
{
    static const uint8_t nothing[1];
    wire_reply reply = {.pool = type->pool, .message = type->message};
    const char *fault;
    json_writer out;
    arena memory;

    arena_init(&memory, ROUND_TRIP_MAX);
    json_writer_init(&out, json);
    fault = wire_to_json(&reply, wire->data ? wire->data : nothing, wire->size, &memory, &out);
    arena_done(&memory);
    return fault;
}

bool fuzz_is_too_deep(const char *fault)
{
    return strstr(fault, "nested too deep") != NULL;
}

static void check_same(const byte_buffer *a, const byte_buffer *b)
{
    REQUIRE(a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0));
}

void fuzz_check_stable(const fuzz_message *type, const byte_buffer *wire)
{
    byte_buffer json, json_again, wire_again, wire_once_more;
    transcode_fault fault;
    const char *wrong;

    byte_buffer_init(&json, ROUND_TRIP_MAX);
    byte_buffer_init(&json_again, ROUND_TRIP_MAX);
    byte_buffer_init(&wire_again, ROUND_TRIP_MAX);
    byte_buffer_init(&wire_once_more, ROUND_TRIP_MAX);

    wrong = fuzz_decode(type, wire, &json);
    REQUIRE(!wrong || fuzz_is_too_deep(wrong));
    if (!wrong && (fuzz_encode(type, (const char *)json.data, json.size, NULL, &wire_again, &fault) ||
                   !fuzz_is_too_deep(fault.message))) {
        REQUIRE(fault.kind == FAULT_NONE);
        REQUIRE(!fuzz_decode(type, &wire_again, &json_again));
        check_same(&json, &json_again);
        REQUIRE(fuzz_encode(type, (const char *)json_again.data, json_again.size, NULL, &wire_once_more, &fault));
        check_same(&wire_again, &wire_once_more);
    }

    byte_buffer_done(&json);
    byte_buffer_done(&json_again);
    byte_buffer_done(&wire_again);
    byte_buffer_done(&wire_once_more);
}
