/* Replies: wire bytes as no encoder of ours would write them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "text.h"
#include "transcoding.h"

static const char *decode(const char *message, const uint8_t *bytes, size_t size, bool any_as_base64)
{
    wire_reply reply = {.pool = pool,
                        .message = descriptor_pool_message(pool, message, strlen(message)),
                        .unknown_any_as_base64 = any_as_base64};
    const char *wrong;
    json_writer out;

    ck_assert_ptr_nonnull(reply.message);
    json_writer_init(&out, &json);
    wrong = wire_to_json(&reply, bytes, size, &memory, &out);
    ck_assert(byte_buffer_append(&json, "", 1));
    return wrong;
}

/* In memory of exactly its size, so that a sanitizer sees every byte too many. */
static const char *decode_hex(const char *message, const char *hex)
{
    size_t size = strlen(hex) / 2;
    uint8_t *bytes = malloc(size ? size : 1);
    const char *wrong;

    ck_assert(hex_decode(hex, bytes, size));
    wrong = decode(message, bytes, size, false);
    free(bytes);
    return wrong;
}

static const struct {
    const char *name;
    const char *message;
    const char *hex;
    const char *json;
} fine[] = {
    {"the last of several values counts", "transcode.test.Upload", "100110021003",
     "{\"contentType\":\"\",\"size\":\"3\",\"sha256\":\"\",\"parts\":0,\"largestPart\":0}"},
    {"fields in any order", "transcode.test.Upload", "2005100a0a0161",
     "{\"contentType\":\"a\",\"size\":\"10\",\"sha256\":\"\",\"parts\":5,\"largestPart\":0}"},
    {"unknown fields of every kind are passed over", "transcode.test.Seen",
     "3801410000000000000000"
     "4a0161"
     "55000000000801",
     "{\"cancelled\":1,\"active\":0,\"sent\":\"0\"}"},
    {"an unknown group is passed over", "transcode.test.Seen", "3350015b0a01615c340801",
     "{\"cancelled\":1,\"active\":0,\"sent\":\"0\"}"},
    {"a known number of another kind is unknown", "transcode.test.Seen", "0a01610802",
     "{\"cancelled\":2,\"active\":0,\"sent\":\"0\"}"},
    {"packed, unpacked and apart", "transcode.test.Lists", "0a0201020803120161100a0a0104",
     "{\"numbers\":[1,2,3,4],\"texts\":[\"a\"],\"colours\":[],\"messages\":[],\"unpacked\":[],\"doubles\":[],\"fixed\":"
     "[]}"},
    {"packed where the contract says unpacked", "transcode.test.Lists", "2a0201022803",
     "{\"numbers\":[],\"texts\":[],\"colours\":[],\"messages\":[],\"unpacked\":[\"1\",\"2\",\"3\"],\"doubles\":[],"
     "\"fixed\":[]}"},
    {"an empty packed field", "transcode.test.Lists", "0a00",
     "{\"numbers\":[],\"texts\":[],\"colours\":[],\"messages\":[],\"unpacked\":[],\"doubles\":[],\"fixed\":[]}"},
    {"a message in two pieces is one", "transcode.test.Presence", "2a0208012a021200",
     "{\"inner\":{\"number\":1,\"text\":\"\",\"@named\":\"\"},\"@named\":\"\"}"},
    {"the last member of a oneof counts", "transcode.test.Presence", "1a01612001", "{\"id\":\"1\",\"@named\":\"\"}"},
    {"a oneof that changed its mind twice", "transcode.test.Presence", "2a02080120012a021200",
     "{\"inner\":{\"text\":\"\",\"@named\":\"\"},\"@named\":\"\"}"},
    {"map entries without key or value", "transcode.test.Maps", "0a000a030a01610a0312017a",
     "{\"texts\":{\"a\":\"\",\"\":\"z\"},\"numbers\":{},\"messages\":{},\"colours\":{},\"bytes\":{}}"},
    {"a map key given twice", "transcode.test.Maps", "12040801100112040802100212040801100c",
     "{\"texts\":{},\"numbers\":{\"2\":2,\"1\":12},\"messages\":{},\"colours\":{},\"bytes\":{}}"},
    {"a map value that is a message and missing", "transcode.test.Maps", "1a020801",
     "{\"texts\":{},\"numbers\":{},\"messages\":{\"true\":{\"@named\":\"\"}},\"colours\":{},\"bytes\":{}}"},
    {"a 32-bit field that came as 64 bits", "transcode.test.Seen", "08ffffffffffffffffff01",
     "{\"cancelled\":-1,\"active\":0,\"sent\":\"0\"}"},
    {"a bool that is not 1", "transcode.test.LoginRequest", "10ac02", "{\"username\":\"\",\"keep\":true}"},
    {"a Value that holds nothing", "google.protobuf.Value", "", "null"},
    {"an empty mask", "google.protobuf.FieldMask", "", "\"\""},
    {"an empty Any", "google.protobuf.Any", "", "{}"},
    {"epoch", "google.protobuf.Timestamp", "", "\"1970-01-01T00:00:00Z\""},
    {"a wrapper of a default", "google.protobuf.Int64Value", "", "\"0\""},
};

START_TEST(wire_that_others_may_write_is_understood)
{
    const char *wrong = decode_hex(fine[_i].message, fine[_i].hex);

    ck_assert_msg(!wrong, "%s: %s", fine[_i].name, wrong);
    ck_assert_str_eq((const char *)json.data, fine[_i].json);
}
END_TEST

static const struct {
    const char *name;
    const char *message;
    const char *hex;
    bool malformed; /* else its meaning is wrong */
} bad[] = {
    {"a tag without a value", "transcode.test.Seen", "08", true},
    {"a varint without an end", "transcode.test.Seen", "08ffffffffffffffffffffff01", true},
    {"a cut varint", "transcode.test.Seen", "0880", true},
    {"a length beyond the end", "transcode.test.Upload", "0a0561", true},
    {"a huge length", "transcode.test.Upload", "0affffffffffffffffff01", true},
    {"field number zero", "transcode.test.Seen", "0001", true},
    {"a wire kind that is none", "transcode.test.Seen", "0e", true},
    {"a field number beyond all", "transcode.test.Seen", "80808080808001", true},
    {"a cut fixed64", "transcode.test.Kinds", "0900000000000000", true},
    {"a cut fixed32", "transcode.test.Kinds", "15000000", true},
    {"packed fixed of an odd size", "transcode.test.Lists", "3a03000000", true},
    {"a packed varint cut off", "transcode.test.Lists", "0a0180", true},
    {"a group's end without its beginning", "transcode.test.Seen", "34", true},
    {"a group without its end", "transcode.test.Seen", "33", true},
    {"a group closed by another", "transcode.test.Seen", "333c", true},
    {"a string that is not UTF-8", "transcode.test.Upload", "0a01ff", false},
    {"a map key that is not UTF-8", "transcode.test.Maps", "0a030a01ff", false},
    {"a malformed inner message", "transcode.test.Presence", "2a0108", true},
    {"a time out of range", "google.protobuf.Timestamp", "08ffffffffffffffff7f", false},
    {"nanos out of range", "google.protobuf.Timestamp", "108094ebdc03", false},
    {"a duration of two signs", "google.protobuf.Duration", "080110ffffffffffffffffff01", false},
    {"a mask path that would not come back", "google.protobuf.FieldMask", "0a0361425f", false},
    {"an Any of an unknown type", "google.protobuf.Any", "0a03612f62", false},
    {"an Any without a type", "google.protobuf.Any", "12020801", false},
    {"a Value that is no number", "google.protobuf.Value", "11000000000000f87f", false},
};

START_TEST(malformed_wire_is_refused)
{
    const char *wrong = decode_hex(bad[_i].message, bad[_i].hex);

    ck_assert_msg(wrong != NULL, "%s", bad[_i].name);
    ck_assert_msg((wrong == wire_malformed) == bad[_i].malformed, "%s: %s", bad[_i].name, wrong);
}
END_TEST

START_TEST(nesting_ends_at_the_limit)
{
    uint8_t bytes[1024];
    size_t at = sizeof bytes, size = 0;

    for (int depth = 1; depth <= WIRE_MAX_DEPTH + 5; depth++) {
        const char *wrong = decode("transcode.test.Presence", bytes + at, size, false);

        ck_assert_msg((wrong == NULL) == (depth <= WIRE_MAX_DEPTH), "depth %d: %s", depth, wrong);
        json.size = 0;
        arena_reset(&memory);
        bytes[--at] = (uint8_t)(size & 0x7f);
        if (size >= 0x80) {
            bytes[at] = (uint8_t)(size >> 7);
            bytes[--at] = (uint8_t)(size | 0x80);
        }
        bytes[--at] = 0x2a;
        size = sizeof bytes - at;
    }
}
END_TEST

START_TEST(an_unknown_detail_shows_its_bytes_when_asked_to)
{
    static const uint8_t any[] = {0x0a, 3, 'a', '/', 'b', 0x12, 1, 0xff};

    ck_assert_ptr_null(decode("google.protobuf.Any", any, sizeof any, true));
    ck_assert_str_eq((const char *)json.data, "{\"@type\":\"a/b\",\"value\":\"/w==\"}");
}
END_TEST

START_TEST(one_field_can_be_the_whole_answer)
{
    static const uint8_t book[] = {0x08, 7, 0x12, 2, 'h', 'i'};
    const message_type *type = descriptor_pool_message(pool, "transcode.test.Book", 19);
    wire_reply reply = {.pool = pool, .message = type, .only = message_field_by_name(type, "title", 5)};
    json_writer out;

    json_writer_init(&out, &json);
    ck_assert_ptr_null(wire_to_json(&reply, book, sizeof book, &memory, &out));
    ck_assert_uint_eq(json.size, 4);
    ck_assert_mem_eq(json.data, "\"hi\"", 4);
}
END_TEST

START_TEST(defaults_are_left_out_when_asked_to)
{
    /* A zero that was sent, a list, a map and an optional field that is there. */
    static const uint8_t kinds[] = {0x18, 0, 0x72, 0, 0x20, 1}, presence[] = {0x08, 0, 0x3a, 0};
    wire_reply reply = {.pool = pool, .omit_defaults = true};
    json_writer out;

    json_writer_init(&out, &json);
    json_open_array(&out);
    reply.message = descriptor_pool_message(pool, "transcode.test.Kinds", 20);
    ck_assert_ptr_null(wire_to_json(&reply, kinds, sizeof kinds, &memory, &out));
    reply.message = descriptor_pool_message(pool, "transcode.test.Presence", 23);
    ck_assert_ptr_null(wire_to_json(&reply, presence, sizeof presence, &memory, &out));
    reply.message = descriptor_pool_message(pool, "transcode.test.Lists", 20);
    ck_assert_ptr_null(wire_to_json(&reply, NULL, 0, &memory, &out));
    json_close_array(&out);
    ck_assert(byte_buffer_append(&json, "", 1));
    ck_assert_str_eq((const char *)json.data, "[{\"anInt64\":\"1\"},{\"number\":0},{}]");
}
END_TEST

START_TEST(a_reply_beyond_the_buffers_cap_is_refused)
{
    static const uint8_t seen[] = {0x08, 1};
    wire_reply reply = {.pool = pool, .message = descriptor_pool_message(pool, "transcode.test.Seen", 19)};
    json_writer out;

    byte_buffer_done(&json);
    byte_buffer_init(&json, 20);
    json_writer_init(&out, &json);
    ck_assert_ptr_nonnull(wire_to_json(&reply, seen, sizeof seen, &memory, &out));
    ck_assert_uint_le(json.size, 20);
}
END_TEST

/* A map whose keys are told apart, a message in pieces, and nesting. */
START_TEST(memory_never_exceeds_its_cap)
{
    static const uint8_t echo[] = {0x22, 0x18, 0x12, 0x04, 0x08, 0x01, 0x10, 0x01, 0x12, 0x04, 0x08, 0x02,
                                   0x10, 0x02, 0x12, 0x04, 0x08, 0x03, 0x10, 0x03, 0x12, 0x04, 0x08, 0x04,
                                   0x10, 0x04, 0x32, 0x02, 0x2a, 0x00, 0x32, 0x04, 0x2a, 0x02, 0x08, 0x01};
    wire_reply reply = {.pool = pool, .message = descriptor_pool_message(pool, "transcode.test.EchoRequest", 26)};
    const char *wrong = "";
    json_writer out;

    for (size_t cap = 0; wrong; cap += 16) {
        ck_assert_uint_lt(cap, 1 << 16);
        arena_done(&memory);
        arena_init(&memory, cap);
        json.size = 0;
        json_writer_init(&out, &json);
        wrong = wire_to_json(&reply, echo, sizeof echo, &memory, &out);
        ck_assert_msg(!wrong || strstr(wrong, "memory"), "%s", wrong);
        ck_assert_uint_le(memory.taken, cap);
    }
    ck_assert_ptr_nonnull(memmem(json.data, json.size, "\"inner\":{\"number\":1", 19));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire to JSON");
    TCase *tests = tcase_create("replies");

    tcase_add_unchecked_fixture(tests, open_pool, close_pool);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_loop_test(tests, wire_that_others_may_write_is_understood, 0, sizeof fine / sizeof *fine);
    tcase_add_loop_test(tests, malformed_wire_is_refused, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, nesting_ends_at_the_limit);
    tcase_add_test(tests, an_unknown_detail_shows_its_bytes_when_asked_to);
    tcase_add_test(tests, one_field_can_be_the_whole_answer);
    tcase_add_test(tests, defaults_are_left_out_when_asked_to);
    tcase_add_test(tests, a_reply_beyond_the_buffers_cap_is_refused);
    tcase_add_test(tests, memory_never_exceeds_its_cap);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
