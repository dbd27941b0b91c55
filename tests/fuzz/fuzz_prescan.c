/* The prescan and protobuf-c behind it. The first byte chooses a method of the contract (or a message that nests
 * without end), the rest is the wire bytes of its request. What passes the prescan is unpacked by protobuf-c, keeps
 * every promise of the prescan, and packed again passes again. */
#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "fuzz.h"
#include "google/protobuf/struct.pb-c.h"
#include "message.h"
#include "smartpass/link/v1/link.rpc.h"
#include "smartpass/v1/audit.rpc.h"
#include "smartpass/v1/console.rpc.h"
#include "smartpass/v1/devices.rpc.h"
#include "smartpass/v1/org.rpc.h"
#include "smartpass/v1/pass.rpc.h"
#include "smartpass/v1/people.rpc.h"
#include "smartpass/v1/session.rpc.h"
#include "text.h"

enum { MEMORY_MAX = 16 << 20, CHOICE_DETAILS = 255 };

typedef struct {
    const ProtobufCMessageDescriptor *message;
    const rpc_limit *limits;
    size_t limit_count;
} subject;

static const rpc_service *const services[] = {
    &link_service_table, &people_service_table,  &pass_service_table,    &devices_service_table,
    &org_service_table,  &session_service_table, &console_service_table, &audit_service_table,
};

static subject choose(uint8_t choice)
{
    size_t service = choice % 8, method = choice / 8;

    if (service == sizeof services / sizeof *services)
        return (subject){&google__protobuf__value__descriptor, NULL, 0};

    const rpc_service *table = services[service];

    return (subject){table->methods[method % table->count].request, table->limits, table->limit_count};
}

/* ---- The promises ---- */

static const rpc_limit *limit_of(const subject *s, const ProtobufCMessageDescriptor *message, uint32_t field)
{
    for (size_t i = 0; i < s->limit_count; i++)
        if (s->limits[i].message == message && s->limits[i].field == field)
            return &s->limits[i];
    return NULL;
}

static void check_message(const subject *s, const ProtobufCMessage *message, unsigned depth);

/* One value of a field; returns its size in bytes where that is limited. */
static size_t check_value(const subject *s, const ProtobufCFieldDescriptor *field, const void *value, unsigned depth)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *inner = *(const ProtobufCMessage *const *)value;

        if (inner)
            check_message(s, inner, depth + 1);
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)value;

        if (!text)
            return 0;
        REQUIRE(utf8_is_valid(text, strlen(text)));
        return strlen(text);
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        return ((const ProtobufCBinaryData *)value)->len;
    }
    return 0;
}

static size_t item_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default:
        return 0; /* numbers promise nothing */
    }
}

static void check_field(const subject *s, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        unsigned depth)
{
    const uint8_t *base = (const uint8_t *)message;
    const rpc_limit *limit = limit_of(s, message->descriptor, field->id);
    size_t largest = 0, count = 1, size = item_size(field);

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        const uint8_t *items = *(const uint8_t *const *)(base + field->offset);

        count = *(const size_t *)(base + field->quantifier_offset);
        for (size_t i = 0; size > 0 && i < count; i++) {
            size_t bytes = check_value(s, field, items + i * size, depth);

            largest = bytes > largest ? bytes : largest;
        }
    } else if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
               *(const uint32_t *)(base + field->quantifier_offset) == field->id) {
        largest = size > 0 ? check_value(s, field, base + field->offset, depth) : 0;
    }
    if (limit) {
        REQUIRE(limit->max_bytes == 0 || largest <= limit->max_bytes);
        REQUIRE(limit->max_items == 0 || count <= limit->max_items);
    }
}

static void check_message(const subject *s, const ProtobufCMessage *message, unsigned depth)
{
    REQUIRE(depth <= PRESCAN_DEPTH_MAX);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++)
        check_field(s, message, &message->descriptor->fields[i], depth);
}

/* ---- Both ---- */

/* As a server does it with every message; NULL when it does not pass. */
static ProtobufCMessage *take(const subject *s, arena *memory, const uint8_t *bytes, size_t size)
{
    prescan_fault fault;
    sp_status status = message_admit(s->message, memory, &bytes, &size, s->limits, s->limit_count, &fault);
    bool over_cap;

    REQUIRE(memchr(fault.path, '\0', sizeof fault.path));
    REQUIRE(!fault.field || (sp_failed(status) && strstr(fault.path, fault.field)));
    if (sp_failed(status))
        return NULL;

    ProtobufCMessage *message = message_unpack(s->message, memory, bytes, size, &over_cap);

    REQUIRE(message && !over_cap);
    check_message(s, message, 1);
    return message;
}

static void check_packed(const subject *s, const ProtobufCMessage *message, arena *memory)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(memory, size);

    REQUIRE(bytes && protobuf_c_message_pack(message, bytes) == size);

    ProtobufCMessage *again = take(s, memory, bytes, size);

    REQUIRE(again && protobuf_c_message_get_packed_size(again) == size);

    uint8_t *bytes_again = arena_alloc(memory, size);

    REQUIRE(bytes_again && protobuf_c_message_pack(again, bytes_again) == size);
    REQUIRE(memcmp(bytes, bytes_again, size) == 0);
}

/* As a client does it with what a server sent; such bytes come from elsewhere too. */
static void read_details(const uint8_t *bytes, size_t size)
{
    char *reason = details_reason(bytes, size);

    REQUIRE(!reason || strlen(reason) <= size);
    free(reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ProtobufCMessage *message;
    arena memory;
    subject s;

    if (size < 1)
        return 0;
    if (data[0] == CHOICE_DETAILS) {
        read_details(data + 1, size - 1);
        return 0;
    }
    s = choose(data[0]);
    arena_init(&memory, MEMORY_MAX);
    message = take(&s, &memory, data + 1, size - 1);
    if (message)
        check_packed(&s, message, &memory);
    arena_done(&memory);
    return 0;
}
