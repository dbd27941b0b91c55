/* The terminal's nanopb and the server's protobuf-c read each other: for every message of the link, with every field
 * filled, in both directions, on the same bytes. */
#include <check.h>
#include <pb_common.h>
#include <pb_decode.h>
#include <pb_encode.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "messages.h"
#include "suite.h"
#include "smartpass/link/v1/link.pb-c.h"

enum { BYTES_MAX = 256 * 1024, MEMBERS_MAX = 16 };

typedef struct {
    const char *name;
    const pb_msgdesc_t *nano;
    size_t nano_size;
    const ProtobufCMessageDescriptor *c;
} pair;

#define PAIR(name, lower)                                                                                              \
    {                                                                                                                  \
#name, smartpass_link_v1_##name##_fields, sizeof(smartpass_link_v1_##name),                                    \
            &smartpass__link__v1__##lower##__descriptor                                                                \
    }
static const pair pairs[] = {
    PAIR(EnrolRequest, enrol_request),
    PAIR(EnrolResponse, enrol_response),
    PAIR(RenewRequest, renew_request),
    PAIR(RenewResponse, renew_response),
    PAIR(Hello, hello),
    PAIR(RecordBatch, record_batch),
    PAIR(PassRecord, pass_record),
    PAIR(SnapshotChunk, snapshot_chunk),
    PAIR(PeopleReport, people_report),
    PAIR(PersonOutcome, person_outcome),
    PAIR(PhotoRequest, photo_request),
    PAIR(SettingsReport, settings_report),
    PAIR(Heartbeat, heartbeat),
    PAIR(CaptureReport, capture_report),
    PAIR(CaptureChunk, capture_chunk),
    PAIR(Welcome, welcome),
    PAIR(RecordAck, record_ack),
    PAIR(SnapshotAck, snapshot_ack),
    PAIR(PeopleChanges, people_changes),
    PAIR(PersonChange, person_change),
    PAIR(PhotoChunk, photo_chunk),
    PAIR(DesiredSettings, desired_settings),
    PAIR(SettingOutcome, setting_outcome),
    PAIR(SettingChanges, setting_changes),
    PAIR(SettingValue, setting_value),
    PAIR(HeartbeatAck, heartbeat_ack),
    PAIR(Wipe, wipe),
    PAIR(CaptureOrder, capture_order),
    PAIR(ScreenOrder, screen_order),
    PAIR(ScreenChunk, screen_chunk),
    PAIR(DisplayRequest, display_request),
    PAIR(DisplayReport, display_report),
    PAIR(DisplayRefusal, display_refusal),
    PAIR(DisplayPlan, display_plan),
    PAIR(DisplayPicture, display_picture),
    PAIR(DisplayOwner, display_owner),
    PAIR(DisplayChunk, display_chunk),
    PAIR(CommandReport, command_report),
    PAIR(CommandOrder, command_order),
    PAIR(CommandAck, command_ack),
    PAIR(LogBatch, log_batch),
    PAIR(LogLine, log_line),
    PAIR(LogAck, log_ack),
    PAIR(PackageRequest, package_request),
    PAIR(PackageReport, package_report),
    PAIR(PackageOffer, package_offer),
    PAIR(PackageChunk, package_chunk),
    PAIR(ConnectRequest, connect_request),
    PAIR(ConnectResponse, connect_response),
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static arena memory;
static uint8_t first[BYTES_MAX], second[BYTES_MAX];

/* ---- Filling by description ---- */

static void nano_fill(const pb_msgdesc_t *fields, void *message, unsigned member, unsigned *dice);

static void nano_fill_value(const pb_field_iter_t *at, uint8_t *value, unsigned *dice)
{
    unsigned number = ++*dice % 100 + 1;

    switch (PB_LTYPE(at->type)) {
    case PB_LTYPE_BOOL:
        *(bool *)value = true;
        break;
    case PB_LTYPE_VARINT:
    case PB_LTYPE_UVARINT:
    case PB_LTYPE_SVARINT:
    case PB_LTYPE_FIXED64:
        if (at->data_size == 8)
            *(int64_t *)value = (int64_t)number << 40;
        else
            *(int32_t *)value = (int32_t)number;
        break;
    case PB_LTYPE_STRING:
        memset(value, 'a' + (int)(number % 26), at->data_size - 1u);
        value[at->data_size - 1] = '\0';
        break;
    case PB_LTYPE_BYTES: {
        pb_bytes_array_t *bytes = (pb_bytes_array_t *)value;

        bytes->size = (pb_size_t)(at->data_size - PB_BYTES_ARRAY_T_ALLOCSIZE(0));
        memset(bytes->bytes, (int)number, bytes->size);
        break;
    }
    case PB_LTYPE_SUBMESSAGE:
        nano_fill(at->submsg_desc, value, 0, dice);
        break;
    default:
        ck_abort_msg("a kind of field that the link never had");
    }
}

/* Fills every field to its limit; of a oneof the member of that number, counted from 0. */
static void nano_fill(const pb_msgdesc_t *fields, void *message, unsigned member, unsigned *dice)
{
    pb_field_iter_t at;
    unsigned seen = 0;

    if (!pb_field_iter_begin(&at, fields, message))
        return;
    do {
        if (PB_HTYPE(at.type) == PB_HTYPE_ONEOF) {
            if (seen++ != member)
                continue;
            *(pb_size_t *)at.pSize = at.tag;
            nano_fill_value(&at, at.pData, dice);
        } else if (PB_HTYPE(at.type) == PB_HTYPE_REPEATED) {
            *(pb_size_t *)at.pSize = at.array_size;
            for (unsigned i = 0; i < at.array_size; i++)
                nano_fill_value(&at, (uint8_t *)at.pData + (size_t)i * at.data_size, dice);
        } else {
            nano_fill_value(&at, at.pData, dice);
        }
    } while (pb_field_iter_next(&at));
}

static ProtobufCMessage *c_fill(const ProtobufCMessageDescriptor *descriptor, unsigned member, unsigned *dice);

static void c_fill_value(const ProtobufCFieldDescriptor *field, void *value, unsigned *dice)
{
    unsigned number = ++*dice % 100 + 1;

    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)value = 1;
        break;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        *(int32_t *)value = (int32_t)(number % 3 + 1);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        *(int64_t *)value = (int64_t)number << 33;
        break;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)value = arena_printf(&memory, "text %u", number);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)value = (ProtobufCBinaryData){3, (uint8_t *)arena_copy(&memory, "\x01\x00\xff", 3)};
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)value = c_fill(field->descriptor, 0, dice);
        break;
    default:
        ck_abort_msg("a kind of field that the link never had");
    }
}

static size_t c_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        return sizeof(ProtobufCBinaryData); /* enough for any other */
    }
}

static ProtobufCMessage *c_fill(const ProtobufCMessageDescriptor *descriptor, unsigned member, unsigned *dice)
{
    uint8_t *message = arena_alloc(&memory, descriptor->sizeof_message);
    unsigned seen = 0;

    protobuf_c_message_init(descriptor, message);
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        uint8_t *value = message + field->offset;

        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            if (seen++ != member)
                continue;
            *(uint32_t *)(message + field->quantifier_offset) = field->id;
        } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t size = c_size(field);
            uint8_t *list = arena_array(&memory, 2, size);

            *(size_t *)(message + field->quantifier_offset) = 2;
            *(void **)value = list;
            c_fill_value(field, list, dice);
            c_fill_value(field, list + size, dice);
            continue;
        }
        c_fill_value(field, value, dice);
    }
    return (ProtobufCMessage *)message;
}

static unsigned oneof_members(const ProtobufCMessageDescriptor *descriptor)
{
    unsigned members = 0;

    for (unsigned i = 0; i < descriptor->n_fields; i++)
        members += (descriptor->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    return members > 0 ? members : 1;
}

/* ---- There and back ---- */

static size_t nano_encode(const pair *p, const void *message, uint8_t *out)
{
    pb_ostream_t stream = pb_ostream_from_buffer(out, BYTES_MAX);

    ck_assert_msg(pb_encode(&stream, p->nano, message), "%s: %s", p->name, PB_GET_ERROR(&stream));
    return stream.bytes_written;
}

static void nano_decode(const pair *p, const uint8_t *bytes, size_t size, void *message)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);

    ck_assert_msg(pb_decode(&stream, p->nano, message), "%s: %s", p->name, PB_GET_ERROR(&stream));
}

/* What the server makes of the bytes, in bytes again. */
static size_t c_echo(const pair *p, const uint8_t *bytes, size_t size, uint8_t *out)
{
    ProtobufCMessage *message = protobuf_c_message_unpack(p->c, NULL, size, bytes);
    size_t packed;

    ck_assert_msg(message != NULL, "%s is not read by the server", p->name);
    packed = protobuf_c_message_pack(message, out);
    protobuf_c_message_free_unpacked(message, NULL);
    return packed;
}

START_TEST(the_server_reads_whatever_the_terminal_writes)
{
    arena_init(&memory, 64 << 20);
    for (const pair *p = pairs; p < pairs + PAIRS; p++)
        for (unsigned member = 0; member < oneof_members(p->c); member++) {
            void *message = arena_alloc(&memory, p->nano_size);
            unsigned dice = member;
            size_t size, echoed;

            nano_fill(p->nano, message, member, &dice);
            size = nano_encode(p, message, first);
            ck_assert_msg(size > 0, "%s is empty", p->name);
            echoed = c_echo(p, first, size, second);
            ck_assert_msg(echoed == size && memcmp(first, second, size) == 0, "%s %u", p->name, member);
        }
    arena_done(&memory);
}
END_TEST

START_TEST(the_terminal_reads_whatever_the_server_writes)
{
    arena_init(&memory, 64 << 20);
    for (const pair *p = pairs; p < pairs + PAIRS; p++)
        for (unsigned member = 0; member < oneof_members(p->c); member++) {
            void *message = arena_alloc(&memory, p->nano_size);
            unsigned dice = member;
            size_t size = protobuf_c_message_pack(c_fill(p->c, member, &dice), first);
            size_t echoed;

            nano_decode(p, first, size, message);
            echoed = nano_encode(p, message, second);
            ck_assert_msg(echoed == size && memcmp(first, second, size) == 0, "%s %u", p->name, member);
        }
    arena_done(&memory);
}
END_TEST

START_TEST(every_message_of_the_contract_is_compared)
{
    const ProtobufCMessageDescriptor *const roots[] = {&smartpass__link__v1__connect_request__descriptor,
                                                       &smartpass__link__v1__connect_response__descriptor};

    for (size_t r = 0; r < 2; r++)
        for (unsigned i = 0; i < roots[r]->n_fields; i++) {
            bool compared = false;

            for (const pair *p = pairs; p < pairs + PAIRS; p++)
                compared |= p->c == roots[r]->fields[i].descriptor;
            ck_assert_msg(compared, "%s", roots[r]->fields[i].name);
        }
}
END_TEST

/* ---- The batch that is put together from bytes ---- */

static PassRecord some_record(uint64_t seq)
{
    PassRecord record = {.seq = seq,
                         .occurred_at_ms = 1700000000000,
                         .kind = smartpass_v1_PersonKind_PERSON_KIND_EMPLOYEE,
                         .person_id = 12};

    snprintf(record.person_name, sizeof record.person_name, "Wei Chen");
    return record;
}

START_TEST(a_batch_of_encoded_records_is_read_as_if_it_were_encoded_whole)
{
    ConnectRequest *whole;
    record_batch batch;
    size_t size, expected;
    const pair *p = &pairs[PAIRS - 2];

    arena_init(&memory, 64 << 20);
    whole = arena_alloc(&memory, sizeof *whole);
    whole->which_message = smartpass_link_v1_ConnectRequest_records_tag;
    whole->message.records.store_epoch = 300;
    whole->message.records.records_count = 128;
    record_batch_begin(&batch, 300, first, LINK_MESSAGE_MAX);
    for (unsigned i = 0; i < 128; i++) {
        uint8_t bytes[LINK_RECORD_MAX];

        whole->message.records.records[i] = some_record(1000 + i);
        ck_assert(record_batch_add(&batch, bytes,
                                   pass_record_encode(&whole->message.records.records[i], bytes, sizeof bytes)));
    }
    size = record_batch_end(&batch);
    expected = nano_encode(p, whole, second);
    ck_assert_uint_eq(size, expected);
    ck_assert_mem_eq(first, second, size);
    arena_done(&memory);
}
END_TEST

START_TEST(a_batch_stops_before_the_messages_limit)
{
    uint8_t bytes[LINK_RECORD_MAX] = {0};
    record_batch batch;
    unsigned added = 0;

    record_batch_begin(&batch, UINT32_MAX, first, LINK_MESSAGE_MAX);
    while (record_batch_add(&batch, bytes, 400))
        added++;
    ck_assert_uint_ge(added, 78);
    ck_assert_uint_le(record_batch_end(&batch), LINK_MESSAGE_MAX);
}
END_TEST

START_TEST(the_longest_record_fits_its_room)
{
    PassRecord record = {0};
    uint8_t bytes[LINK_RECORD_MAX];
    unsigned dice = 0;

    nano_fill(smartpass_link_v1_PassRecord_fields, &record, 0, &dice);
    record.seq = UINT64_MAX;
    record.occurred_at_ms = record.monotonic_ms = record.person_id = -1;
    record.temperature_centi = record.threshold_centi = -1;
    record.distance_milli = record.snapshot_size = UINT32_MAX;
    ck_assert_uint_gt(pass_record_encode(&record, bytes, sizeof bytes), 300);
}
END_TEST

START_TEST(damaged_messages_are_refused_or_read_but_never_more)
{
    static ConnectResponse down;
    unsigned dice = 7;
    size_t size;
    static ConnectResponse filled;

    nano_fill(smartpass_link_v1_ConnectResponse_fields, &filled, 3, &dice);
    size = nano_encode(&pairs[PAIRS - 1], &filled, first);
    for (int round = 0; round < 3000; round++) {
        memcpy(second, first, size);
        for (int hits = 0; hits < 4; hits++) {
            dice = dice * 1103515245u + 12345u;
            second[dice / 65536 % size] ^= (uint8_t)(1u << (dice >> 8) % 8);
        }
        (void)connect_response_decode(second, dice / 65536 % (size + 1), &down);
    }
    ck_assert(!connect_response_decode(first, LINK_MESSAGE_MAX + 1, &down));
}
END_TEST

int main(void)
{
    return RUN_SUITE("messages", 60, the_server_reads_whatever_the_terminal_writes,
                     the_terminal_reads_whatever_the_server_writes, every_message_of_the_contract_is_compared,
                     a_batch_of_encoded_records_is_read_as_if_it_were_encoded_whole,
                     a_batch_stops_before_the_messages_limit, the_longest_record_fits_its_room,
                     damaged_messages_are_refused_or_read_but_never_more);
}
