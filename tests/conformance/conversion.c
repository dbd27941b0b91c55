/* Requests and answers are read and written field by field, because what they carry as strings may be neither UTF-8 nor
 * free of NUL. */
#include "conversion.h"

#include <string.h>

#include "google/protobuf/test_messages_proto3.pb-c.h"
#include "json_to_wire.h"
#include "protowire.h"
#include "rpc.h"
#include "wire_to_json.h"

enum { MEMORY_MAX = 64 << 20 };

/* Fields of conformance.ConformanceRequest. */
enum {
    REQUEST_PROTOBUF = 1,
    REQUEST_JSON = 2,
    REQUEST_OUTPUT_FORMAT = 3,
    REQUEST_MESSAGE_TYPE = 4,
    REQUEST_CATEGORY = 5,
    REQUEST_JSPB = 7,
    REQUEST_TEXT = 8,
};

/* Fields of conformance.ConformanceResponse. */
enum {
    ANSWER_PARSE_ERROR = 1,
    ANSWER_RUNTIME_ERROR = 2,
    ANSWER_PROTOBUF = 3,
    ANSWER_JSON = 4,
    ANSWER_SKIPPED = 5,
    ANSWER_SERIALIZE_ERROR = 6,
};

enum { FORMAT_PROTOBUF = 1, FORMAT_JSON = 2 };
enum { CATEGORY_JSON_IGNORE_UNKNOWN = 3 };

typedef struct {
    const uint8_t *type;
    size_t type_length;
    uint32_t from; /* field of the request */
    const uint8_t *payload;
    size_t size;
    uint64_t to;
    uint64_t category;
} conversion;

/* What one conversion works with. */
typedef struct {
    const descriptor_pool *pool;
    const message_type *message;
    arena memory;
    byte_buffer wire;
    byte_buffer json;
    byte_buffer *answer;
} workbench;

static bool read_conversion(conversion *ret, const uint8_t *bytes, size_t size)
{
    protowire_reader reader = protowire_read(bytes, size);
    protowire_field field;

    *ret = (conversion){.payload = (const uint8_t *)""};
    while (protowire_next(&reader, &field)) {
        switch (field.number) {
        case REQUEST_PROTOBUF:
        case REQUEST_JSON:
        case REQUEST_JSPB:
        case REQUEST_TEXT:
            ret->from = field.number;
            ret->payload = field.data;
            ret->size = field.size;
            break;
        case REQUEST_OUTPUT_FORMAT:
            ret->to = field.value;
            break;
        case REQUEST_MESSAGE_TYPE:
            ret->type = field.data;
            ret->type_length = field.size;
            break;
        case REQUEST_CATEGORY:
            ret->category = field.value;
            break;
        default:
            break;
        }
    }
    return !reader.bad;
}

static bool is_type(const conversion *c, const char *name)
{
    return c->type_length == strlen(name) && memcmp(c->type, name, c->type_length) == 0;
}

static bool say(byte_buffer *answer, uint32_t what, const char *text)
{
    return protowire_add_bytes(answer, what, text, strlen(text));
}

/* Binary to binary is what a server does: the pre-scan, then the generated code. */
static bool repack(workbench *bench, const conversion *c)
{
    const ProtobufCMessageDescriptor *type = &protobuf_test_messages__proto3__test_all_types_proto3__descriptor;
    const char *field;
    sp_status scanned = rpc_prescan(type, c->payload, c->size, NULL, 0, &field);
    ProtobufCMessage *message;
    uint8_t *room;
    size_t size;

    if (sp_failed(scanned))
        return say(bench->answer, ANSWER_PARSE_ERROR, scanned.message);
    message = rpc_unpack(type, &bench->memory, c->payload, c->size);
    if (!message)
        return say(bench->answer, ANSWER_RUNTIME_ERROR, "What passed the pre-scan was not unpacked.");
    size = protobuf_c_message_get_packed_size(message);
    room = byte_buffer_reserve(&bench->wire, size);
    if (!room)
        return say(bench->answer, ANSWER_RUNTIME_ERROR, "Memory is out.");
    protobuf_c_message_pack(message, room);
    return protowire_add_bytes(bench->answer, ANSWER_PROTOBUF, room, size);
}

/* From binary as the gateway does it, with defaults; from JSON without, as the suite expects it there. */
static bool write_json(workbench *bench, const uint8_t *wire, size_t size, bool omit_defaults)
{
    wire_reply reply = {.pool = bench->pool, .message = bench->message, .omit_defaults = omit_defaults};
    json_writer writer;
    const char *fault;

    json_writer_init(&writer, &bench->json);
    fault = wire_to_json(&reply, wire, size, &bench->memory, &writer);
    if (fault)
        return say(bench->answer, fault == wire_malformed ? ANSWER_PARSE_ERROR : ANSWER_SERIALIZE_ERROR, fault);
    return protowire_add_bytes(bench->answer, ANSWER_JSON, bench->json.data, bench->json.size);
}

static bool read_json(workbench *bench, const conversion *c)
{
    transcode_fault fault = {.kind = FAULT_NONE};
    wire_request request = {
        .message = bench->message,
        .body = BODY_WHOLE,
        .json = (const char *)c->payload,
        .json_size = c->size,
        .ignore_unknown = c->category == CATEGORY_JSON_IGNORE_UNKNOWN,
    };

    if (c->size == 0) /* an empty body is fine for a request, but no JSON text */
        return say(bench->answer, ANSWER_PARSE_ERROR, "The JSON text is empty.");
    if (!json_to_wire(bench->pool, &request, &bench->memory, &bench->wire, &fault))
        return say(bench->answer, ANSWER_PARSE_ERROR, fault.message);
    if (c->to == FORMAT_JSON)
        return write_json(bench, bench->wire.data, bench->wire.size, true);
    return protowire_add_bytes(bench->answer, ANSWER_PROTOBUF, bench->wire.data, bench->wire.size);
}

static bool convert(workbench *bench, const conversion *c)
{
    if (is_type(c, "conformance.FailureSet")) /* the runner asks which failures we know of */
        return protowire_add_bytes(bench->answer, ANSWER_PROTOBUF, "", 0);
    if (!is_type(c, "protobuf_test_messages.proto3.TestAllTypesProto3"))
        return say(bench->answer, ANSWER_SKIPPED, "proto3 only");
    if ((c->from != REQUEST_PROTOBUF && c->from != REQUEST_JSON) || (c->to != FORMAT_PROTOBUF && c->to != FORMAT_JSON))
        return say(bench->answer, ANSWER_SKIPPED, "binary and JSON only");

    bench->message = descriptor_pool_message(bench->pool, (const char *)c->type, c->type_length);
    if (!bench->message)
        return say(bench->answer, ANSWER_RUNTIME_ERROR, "The message is not in the descriptor set.");
    if (c->from == REQUEST_JSON)
        return read_json(bench, c);
    return c->to == FORMAT_JSON ? write_json(bench, c->payload, c->size, false) : repack(bench, c);
}

bool conversion_answer(const descriptor_pool *pool, const uint8_t *request, size_t size, byte_buffer *answer)
{
    workbench bench = {.pool = pool, .answer = answer};
    conversion c;
    bool answered;

    arena_init(&bench.memory, MEMORY_MAX);
    byte_buffer_init(&bench.wire, MEMORY_MAX);
    byte_buffer_init(&bench.json, MEMORY_MAX);
    answered = read_conversion(&c, request, size) && convert(&bench, &c);
    byte_buffer_done(&bench.json);
    byte_buffer_done(&bench.wire);
    arena_done(&bench.memory);
    return answered;
}
