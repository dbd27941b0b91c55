/* JSON becomes messages. What comes out is read back as JSON, and for each wire form once as bytes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "text.h"
#include "transcoding.h"

static const char *decoded_briefly(const char *message)
{
    wire_reply reply = {.pool = pool, .message = message_named(message), .omit_defaults = true};

    return decoded_by(&reply);
}

#define KINDS_ZERO                                                                                                     \
    "\"aDouble\":0,\"aFloat\":0,\"anInt32\":0,\"anInt64\":\"0\",\"aUint32\":0,\"aUint64\":\"0\",\"aSint32\":0,"        \
    "\"aSint64\":\"0\",\"aFixed32\":0,\"aFixed64\":\"0\",\"aSfixed32\":0,\"aSfixed64\":\"0\",\"aBool\":false,"         \
    "\"aString\":\"\",\"aBytes\":\"\",\"colour\":\"COLOUR_UNSPECIFIED\""

static const struct {
    const char *message;
    const char *in;
    const char *out;
} read_back[] = {
    {"Kinds", "{}", "{" KINDS_ZERO "}"},
    {"Kinds",
     "{\"aDouble\":-1.5e300,\"aFloat\":0.1,\"anInt32\":-2147483648,\"anInt64\":\"-9223372036854775808\",\"aUint32\":"
     "4294967295,\"aUint64\":\"18446744073709551615\",\"aSint32\":-2147483648,\"aSint64\":\"-9223372036854775808\","
     "\"aFixed32\":4294967295,\"aFixed64\":\"18446744073709551615\",\"aSfixed32\":-1,\"aSfixed64\":\"-1\",\"aBool\":"
     "true,\"aString\":\"\xe4\xb8\xad\\u0000\\\"\",\"aBytes\":\"AAEC/w==\",\"colour\":\"COLOUR_BLUE\"}",
     "{\"aDouble\":-1.5e+300,\"aFloat\":0.1,\"anInt32\":-2147483648,\"anInt64\":\"-9223372036854775808\",\"aUint32\":"
     "4294967295,\"aUint64\":\"18446744073709551615\",\"aSint32\":-2147483648,\"aSint64\":\"-9223372036854775808\","
     "\"aFixed32\":4294967295,\"aFixed64\":\"18446744073709551615\",\"aSfixed32\":-1,\"aSfixed64\":\"-1\",\"aBool\":"
     "true,\"aString\":\"\xe4\xb8\xad\\u0000\\\"\",\"aBytes\":\"AAEC/w==\",\"colour\":\"COLOUR_BLUE\"}"},
    /* Numbers as strings and strings as numbers, original names, url-safe base64, enum numbers. */
    {"Kinds",
     "{\"a_double\":\"2.5\",\"an_int32\":\"7\",\"an_int64\":8,\"a_bytes\":\"__8\",\"colour\":1,\"aFloat\":\"NaN\","
     "\"a_uint32\":1e2}",
     "{\"aDouble\":2.5,\"aFloat\":\"NaN\",\"anInt32\":7,\"anInt64\":\"8\",\"aUint32\":100,\"aUint64\":\"0\","
     "\"aSint32\":0,\"aSint64\":\"0\",\"aFixed32\":0,\"aFixed64\":\"0\",\"aSfixed32\":0,\"aSfixed64\":\"0\",\"aBool\":"
     "false,\"aString\":\"\",\"aBytes\":\"//8=\",\"colour\":\"COLOUR_RED\"}"},
    {"Kinds", "{\"colour\":77,\"inner\":{}}",
     "{\"aDouble\":0,\"aFloat\":0,\"anInt32\":0,\"anInt64\":\"0\",\"aUint32\":0,\"aUint64\":\"0\",\"aSint32\":0,"
     "\"aSint64\":\"0\",\"aFixed32\":0,\"aFixed64\":\"0\",\"aSfixed32\":0,\"aSfixed64\":\"0\",\"aBool\":false,"
     "\"aString\":\"\",\"aBytes\":\"\",\"colour\":77,\"inner\":{" KINDS_ZERO "}}"},
    {"Kinds", "{\"anInt32\":null,\"inner\":null,\"aString\":null}", "{" KINDS_ZERO "}"},
    {"Presence", "{}", "{\"@named\":\"\"}"},
    {"Presence", "{\"number\":0,\"text\":\"\"}", "{\"number\":0,\"text\":\"\",\"@named\":\"\"}"},
    {"Presence", "{\"number\":null,\"id\":\"0\"}", "{\"id\":\"0\",\"@named\":\"\"}"},
    {"Presence", "{\"@named\":\"x\",\"name\":\"\"}", "{\"name\":\"\",\"@named\":\"x\"}"},
    {"Presence", "{\"json_named\":\"y\",\"inner\":{\"inner\":{}}}",
     "{\"inner\":{\"inner\":{\"@named\":\"\"},\"@named\":\"\"},\"@named\":\"y\"}"},
    {"Presence", "{\"nothing\":null}", "{\"nothing\":null,\"@named\":\"\"}"},
    {"Presence", "{\"name\":null,\"id\":3}", "{\"id\":\"3\",\"@named\":\"\"}"},
    {"Lists", "{}",
     "{\"numbers\":[],\"texts\":[],\"colours\":[],\"messages\":[],\"unpacked\":[],\"doubles\":[],\"fixed\":[]}"},
    {"Lists",
     "{\"numbers\":[1,-2,300],\"texts\":[\"\",\"b\"],\"colours\":[\"COLOUR_CRIMSON\",-1,9],"
     "\"messages\":[{},{\"id\":1}],"
     "\"unpacked\":[\"5\",6],\"doubles\":[0.5,\"Infinity\"],\"fixed\":[7]}",
     "{\"numbers\":[1,-2,300],\"texts\":[\"\",\"b\"],\"colours\":[\"COLOUR_RED\",\"COLOUR_NEGATIVE\",9],\"messages\":["
     "{\"@named\":\"\"},{\"id\":\"1\",\"@named\":\"\"}],\"unpacked\":[\"5\",\"6\"],\"doubles\":[0.5,\"Infinity\"],"
     "\"fixed\":[7]}"},
    {"Lists", "{\"numbers\":null,\"texts\":[]}",
     "{\"numbers\":[],\"texts\":[],\"colours\":[],\"messages\":[],\"unpacked\":[],\"doubles\":[],\"fixed\":[]}"},
    {"Maps", "{}", "{\"texts\":{},\"numbers\":{},\"messages\":{},\"colours\":{},\"bytes\":{}}"},
    {"Maps",
     "{\"texts\":{\"a\":\"b\",\"\":\"\"},\"numbers\":{\"-1\":2,\"9223372036854775807\":0},"
     "\"messages\":{\"true\":{\"id\":1}"
     ",\"false\":{}},\"colours\":{\"4\":\"COLOUR_RED\"},\"bytes\":{\"k\":\"AA==\"}}",
     "{\"texts\":{\"a\":\"b\",\"\":\"\"},\"numbers\":{\"-1\":2,\"9223372036854775807\":0},"
     "\"messages\":{\"true\":{\"id\":"
     "\"1\",\"@named\":\"\"},\"false\":{\"@named\":\"\"}},\"colours\":{\"4\":\"COLOUR_RED\"},"
     "\"bytes\":{\"k\":\"AA==\"}}"},
    {"WellKnown", "{}", "{\"times\":[],\"values\":{},\"wrapped\":[]}"},
    {"WellKnown",
     "{\"time\":\"2026-02-28T23:59:59.5+01:00\",\"duration\":\"-1.500s\",\"mask\":\"photoId,group.name\",\"empty\":{}}",
     "{\"time\":\"2026-02-28T22:59:59.500Z\",\"duration\":\"-1.500s\",\"mask\":\"photoId,group.name\",\"empty\":{},"
     "\"times\":[],\"values\":{},\"wrapped\":[]}"},
    {"WellKnown",
     "{\"structure\":{\"a\":[1,\"x\",true,null,{\"b\":{}}]},\"value\":null,\"list\":[[],{}],\"values\":{\"n\":null}}",
     "{\"structure\":{\"a\":[1,\"x\",true,null,{\"b\":{}}]},\"value\":null,\"list\":[[],{}],\"times\":[],\"values\":{"
     "\"n\":null},\"wrapped\":[]}"},
    {"WellKnown",
     "{\"aDouble\":0,\"aFloat\":1.5,\"anInt64\":\"5\",\"aUint64\":6,\"anInt32\":-7,\"aUint32\":8,"
     "\"aBool\":true,\"aString\""
     ":\"\",\"aBytes\":\"AA==\",\"wrapped\":[\"1\",0]}",
     "{\"aDouble\":0,\"aFloat\":1.5,\"anInt64\":\"5\",\"aUint64\":\"6\",\"anInt32\":-7,\"aUint32\":8,\"aBool\":true,"
     "\"aString\":\"\",\"aBytes\":\"AA==\",\"times\":[],\"values\":{},\"wrapped\":[\"1\",\"0\"]}"},
    {"WellKnown", "{\"aDouble\":null,\"time\":null,\"any\":null,\"times\":[\"1970-01-01T00:00:00Z\"]}",
     "{\"times\":[\"1970-01-01T00:00:00Z\"],\"values\":{},\"wrapped\":[]}"},
    {"WellKnown", "{\"any\":{\"@type\":\"type.googleapis.com/transcode.test.Presence\",\"id\":\"4\"}}",
     "{\"any\":{\"@type\":\"type.googleapis.com/transcode.test.Presence\",\"id\":\"4\",\"@named\":\"\"},\"times\":[],"
     "\"values\":{},\"wrapped\":[]}"},
    /* The type may come last, behind an escape and within another Any. */
    {"WellKnown", "{\"any\":{\"id\":\"4\",\"name\":null,\"\\u0040type\":\"a.b/transcode.test.Presence\"}}",
     "{\"any\":{\"@type\":\"a.b/transcode.test.Presence\",\"id\":\"4\",\"@named\":\"\"},\"times\":[],\"values\":{},"
     "\"wrapped\":[]}"},
    {"WellKnown", "{\"any\":{\"value\":\"1.5s\",\"@type\":\"x/google.protobuf.Duration\"}}",
     "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1.500s\"},\"times\":[],\"values\":{},"
     "\"wrapped\":[]}"},
    {"WellKnown",
     "{\"any\":{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/google.protobuf.Int32Value\","
     "\"value\":3}}}",
     "{\"any\":{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/google.protobuf.Int32Value\","
     "\"value\":3}},"
     "\"times\":[],\"values\":{},\"wrapped\":[]}"},
    {"WellKnown", "{\"any\":{}}", "{\"any\":{},\"times\":[],\"values\":{},\"wrapped\":[]}"},
    /* Base64 of both alphabets, padded or not, with bits left over. */
    {"WellKnown", "{\"aBytes\":\"-_\"}", "{\"aBytes\":\"+w==\",\"times\":[],\"values\":{},\"wrapped\":[]}"},
    {"WellKnown", "{\"aBytes\":\"+/8=\"}", "{\"aBytes\":\"+/8=\",\"times\":[],\"values\":{},\"wrapped\":[]}"},
    {"Large", "{\"last\":\"x\",\"far\":1}", "{\"last\":\"x\",\"far\":1}"},
};

START_TEST(what_JSON_says_is_read_back_the_same)
{
    ck_assert_msg(encode(read_back[_i].message, read_back[_i].in), "%s: %s %s", read_back[_i].in, fault.where,
                  fault.message);
    ck_assert_str_eq(decoded(read_back[_i].message), read_back[_i].out);
}
END_TEST

static const struct {
    const char *message;
    const char *in;
    const char *hex;
} bytes[] = {
    {"Kinds", "{\"aDouble\":1}", "09000000000000f03f"},
    {"Kinds", "{\"aFloat\":1}", "150000803f"},
    {"Kinds", "{\"anInt32\":-1}", "18ffffffffffffffffff01"},
    {"Kinds", "{\"anInt64\":\"300\"}", "20ac02"},
    {"Kinds", "{\"aSint32\":-2}", "3803"},
    {"Kinds", "{\"aSint64\":\"-9223372036854775808\"}", "40ffffffffffffffffff01"},
    {"Kinds", "{\"aFixed32\":1}", "4d01000000"},
    {"Kinds", "{\"aSfixed64\":-2}", "61feffffffffffffff"},
    {"Kinds", "{\"aBool\":true}", "6801"},
    {"Kinds", "{\"aString\":\"ab\"}", "72026162"},
    {"Kinds", "{\"aBytes\":\"AP8=\"}", "7a0200ff"},
    {"Kinds", "{\"colour\":\"COLOUR_RED\"}", "800101"},
    {"Kinds", "{\"inner\":{\"inner\":{}}}", "8a01038a0100"},
    {"Lists", "{\"numbers\":[1,2,300]}", "0a040102ac02"},
    {"Lists", "{\"unpacked\":[1,2]}", "28012802"},
    {"Maps", "{\"numbers\":{\"5\":6}}", "120408051006"},
    {"WellKnown", "{\"time\":\"1970-01-01T00:00:01Z\"}", "0a020801"},
    {"WellKnown", "{\"mask\":\"aB\"}", "1a050a03615f62"},
    {"Large", "{\"last\":\"\"}", "c2b80200"},
};

START_TEST(wire_bytes_are_those_of_the_format)
{
    char hex[100];

    ck_assert(encode(bytes[_i].message, bytes[_i].in));
    ck_assert_uint_le(wire.size, 40);
    hex_encode(wire.data, wire.size, hex);
    ck_assert_str_eq(hex, bytes[_i].hex);
}
END_TEST

static const struct {
    const char *message;
    const char *in;
    fault_kind kind;
    const char *where;
} refused[] = {
    {"Kinds", "{\"nope\":1}", FAULT_UNKNOWN_FIELD, "nope"},
    {"Kinds", "{\"inner\":{\"inner\":{\"nope\":1}}}", FAULT_UNKNOWN_FIELD, "inner.inner.nope"},
    {"Lists", "{\"messages\":[{},{\"inner\":{\"nope\":1}}]}", FAULT_UNKNOWN_FIELD, "messages[1].inner.nope"},
    {"Maps", "{\"messages\":{\"true\":{\"nope\":1}}}", FAULT_UNKNOWN_FIELD, "messages.true.nope"},
    {"Kinds", "{\"anInt32\":1,\"anInt32\":1}", FAULT_DUPLICATE_FIELD, "anInt32"},
    {"Kinds", "{\"anInt32\":1,\"an_int32\":1}", FAULT_DUPLICATE_FIELD, "an_int32"},
    {"Maps", "{\"texts\":{\"a\":\"\",\"\\u0061\":\"\"}}", FAULT_DUPLICATE_FIELD, "texts.a"},
    {"Presence", "{\"name\":\"\",\"id\":1}", FAULT_DUPLICATE_FIELD, "id"},
    {"Kinds", "{\"anInt32\":2147483648}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":1.5}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":\"\"}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":\" 1\"}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":true}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":{}}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"anInt32\":[1]}", FAULT_INVALID_VALUE, "anInt32"},
    {"Kinds", "{\"aUint32\":-1}", FAULT_INVALID_VALUE, "aUint32"},
    {"Kinds", "{\"aUint64\":\"18446744073709551616\"}", FAULT_INVALID_VALUE, "aUint64"},
    {"Kinds", "{\"aFloat\":3.502823e+38}", FAULT_INVALID_VALUE, "aFloat"},
    {"Kinds", "{\"aDouble\":1e400}", FAULT_INVALID_VALUE, "aDouble"},
    {"Kinds", "{\"aDouble\":\"inf\"}", FAULT_INVALID_VALUE, "aDouble"},
    {"Kinds", "{\"aBool\":\"true\"}", FAULT_INVALID_VALUE, "aBool"},
    {"Kinds", "{\"aBool\":1}", FAULT_INVALID_VALUE, "aBool"},
    {"Kinds", "{\"aString\":1}", FAULT_INVALID_VALUE, "aString"},
    {"Kinds", "{\"aString\":[\"a\"]}", FAULT_INVALID_VALUE, "aString"},
    {"Kinds", "{\"aBytes\":\"a*\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"abcde\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"a\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"=\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"a===\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"ab=\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"ab=c\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"aBytes\":\"AB\\u00e9C\"}", FAULT_INVALID_VALUE, "aBytes"},
    {"Kinds", "{\"colour\":\"COLOUR_GREEN\"}", FAULT_INVALID_VALUE, "colour"},
    {"Kinds", "{\"colour\":2147483648}", FAULT_INVALID_VALUE, "colour"},
    {"Kinds", "{\"inner\":[]}", FAULT_INVALID_VALUE, "inner"},
    {"Lists", "{\"numbers\":[1,null]}", FAULT_INVALID_VALUE, "numbers[1]"},
    {"Lists", "{\"messages\":[null]}", FAULT_INVALID_VALUE, "messages[0]"},
    {"Lists", "{\"numbers\":1}", FAULT_INVALID_VALUE, "numbers"},
    {"Lists", "{\"numbers\":{}}", FAULT_INVALID_VALUE, "numbers"},
    {"Maps", "{\"texts\":[]}", FAULT_INVALID_VALUE, "texts"},
    {"Maps", "{\"texts\":{\"a\":null}}", FAULT_INVALID_VALUE, "texts.a"},
    {"Maps", "{\"numbers\":{\"x\":1}}", FAULT_INVALID_VALUE, "numbers.x"},
    {"Maps", "{\"messages\":{\"yes\":{}}}", FAULT_INVALID_VALUE, "messages.yes"},
    {"WellKnown", "{\"time\":\"yesterday\"}", FAULT_INVALID_VALUE, "time"},
    {"WellKnown", "{\"time\":0}", FAULT_INVALID_VALUE, "time"},
    {"WellKnown", "{\"duration\":\"1\"}", FAULT_INVALID_VALUE, "duration"},
    {"WellKnown", "{\"mask\":\"photo_id\"}", FAULT_INVALID_VALUE, "mask"},
    {"WellKnown", "{\"mask\":\"a,,b\"}", FAULT_INVALID_VALUE, "mask"},
    {"WellKnown", "{\"structure\":[]}", FAULT_INVALID_VALUE, "structure"},
    {"WellKnown", "{\"list\":{}}", FAULT_INVALID_VALUE, "list"},
    {"WellKnown", "{\"empty\":{\"a\":1}}", FAULT_UNKNOWN_FIELD, "empty.a"},
    {"WellKnown", "{\"any\":{\"id\":1}}", FAULT_INVALID_VALUE, "any"},
    {"WellKnown", "{\"any\":{\"@type\":\"x/no.such.Type\"}}", FAULT_INVALID_VALUE, "any"},
    {"WellKnown", "{\"any\":{\"@type\":\"transcode.test.Presence\"}}", FAULT_INVALID_VALUE, "any"},
    {"WellKnown", "{\"any\":{\"@type\":\"x/transcode.test.Presence\",\"a\":1}}", FAULT_UNKNOWN_FIELD, "any.a"},
    {"WellKnown", "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"v\":1}}", FAULT_INVALID_VALUE, "any"},
    {"WellKnown", "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":1}}", FAULT_INVALID_VALUE, "any.value"},
    {"Kinds", "", FAULT_NONE, ""},
    {"Kinds", "[]", FAULT_INVALID_VALUE, ""},
    {"Kinds", "null", FAULT_INVALID_VALUE, ""},
    {"Kinds", "{} {}", FAULT_MALFORMED_JSON, ""},
    {"Kinds", "{\"anInt32\":01}", FAULT_MALFORMED_JSON, "anInt32"},
    {"Kinds", "{\"aString\":\"\xff\"}", FAULT_MALFORMED_JSON, "aString"},
    {"Lists", "{\"numbers\":[1,", FAULT_MALFORMED_JSON, "numbers"},
    {"WellKnown", "{\"any\":{\"id\":[}}", FAULT_MALFORMED_JSON, "any"},
};

START_TEST(what_does_not_fit_is_refused_by_its_place)
{
    bool fits = encode(refused[_i].message, refused[_i].in);

    ck_assert_msg(fits == (refused[_i].kind == FAULT_NONE), "%s", refused[_i].in);
    ck_assert_msg(fault.kind == refused[_i].kind, "%s: %s", refused[_i].in, fault.message);
    ck_assert_str_eq(fault.where, refused[_i].where);
}
END_TEST

/* A newer client's fields and enum values, and what is left of them. */
static const struct {
    const char *message;
    const char *in;
    const char *out;
} newer[] = {
    {"Kinds", "{\"new\":{\"a\":[1,{}]},\"anInt32\":5,\"newer\":null}", "{\"anInt32\":5}"},
    {"Kinds", "{\"colour\":\"COLOUR_GREEN\"}", "{}"},
    {"Kinds", "{\"inner\":{\"new\":1}}", "{\"inner\":{}}"},
    {"Lists", "{\"colours\":[\"COLOUR_GREEN\",\"COLOUR_RED\",\"COLOUR_PINK\"]}", "{\"colours\":[\"COLOUR_RED\"]}"},
    {"Maps", "{\"colours\":{\"1\":\"COLOUR_GREEN\",\"2\":\"COLOUR_RED\"}}", "{\"colours\":{\"2\":\"COLOUR_RED\"}}"},
    {"WellKnown", "{\"any\":{\"@type\":\"x/transcode.test.Book\",\"new\":1}}",
     "{\"any\":{\"@type\":\"x/transcode.test.Book\"}}"},
};

START_TEST(what_only_a_newer_contract_has_is_passed_over_when_asked_to)
{
    wire_request request = {.message = message_named(newer[_i].message),
                            .body = BODY_WHOLE,
                            .json = newer[_i].in,
                            .json_size = strlen(newer[_i].in)};

    ck_assert(!json_to_wire(pool, &request, &memory, &wire, &fault));
    wire.size = 0;
    fault = (transcode_fault){0};
    request.ignore_unknown = true;
    ck_assert_msg(json_to_wire(pool, &request, &memory, &wire, &fault), "%s: %s", newer[_i].in, fault.message);
    ck_assert_str_eq(decoded_briefly(newer[_i].message), newer[_i].out);
}
END_TEST

START_TEST(unknown_names_do_not_excuse_malformed_values)
{
    static const char text[] = "{\"new\":[1,}";
    wire_request request = {.message = message_named("Kinds"),
                            .body = BODY_WHOLE,
                            .json = text,
                            .json_size = sizeof text - 1,
                            .ignore_unknown = true};

    ck_assert(!json_to_wire(pool, &request, &memory, &wire, &fault));
    ck_assert_int_eq(fault.kind, FAULT_MALFORMED_JSON);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    char text[2000] = "";

    for (int i = 0; i < 101; i++)
        strcat(text, "{\"inner\":");
    ck_assert(!encode("Kinds", text));
    ck_assert_int_eq(fault.kind, FAULT_MALFORMED_JSON);
    ck_assert_uint_lt(strlen(fault.where), sizeof fault.where);
}
END_TEST

START_TEST(a_message_beyond_the_buffers_cap_is_refused)
{
    static const char *const texts[] = {"{\"aString\":\"0123456789\"}", "{\"aBytes\":\"MDEyMzQ1Njc4OQ==\"}",
                                        "{\"inner\":{\"inner\":{\"aDouble\":1}}}", "{\"aDouble\":1,\"aFixed64\":1}"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        byte_buffer_done(&wire);
        byte_buffer_init(&wire, 10);
        fault = (transcode_fault){0};
        ck_assert_msg(!encode("Kinds", texts[i]), "%s", texts[i]);
        ck_assert_uint_le(wire.size, 10);
    }
}
END_TEST

/* Keys to tell apart, strings to unescape, parameters and nesting, all of which take memory of the arena. */
static const char hungry[] =
    "{\"maps\":{\"texts\":{\"a\\n\":\"\\u00e9\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\"},"
    "\"numbers\":{\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8,\"9\":9}},"
    "\"wellKnown\":{\"any\":{\"id\":1,\"@\\u0074ype\":\"x/transcode.test.Presence\"},"
    "\"structure\":{\"a\":[{\"b\":null}],\"c\":\"\\ud83d\\ude00\"}}}";

START_TEST(memory_never_exceeds_its_cap)
{
    size_t needed = 0;

    for (size_t cap = 0; needed == 0; cap += 16) {
        ck_assert_uint_lt(cap, 1 << 16);
        arena_done(&memory);
        arena_init(&memory, cap);
        wire.size = 0;
        fault = (transcode_fault){0};
        if (encode("EchoRequest", hungry))
            needed = cap;
        else
            ck_assert_msg(fault.kind == FAULT_TOO_LARGE || strstr(fault.message, "memory"), "%s", fault.message);
        ck_assert_uint_le(memory.taken, cap);
    }
    ck_assert_uint_gt(needed, 0);
}
END_TEST

START_TEST(a_long_key_is_shown_cut_between_characters)
{
    char text[1000] = "{\"";

    for (int i = 0; i < 60; i++)
        strcat(text, "\xe4\xb8\xad");
    strcat(text, "\":1}");
    ck_assert(!encode("Kinds", text));
    ck_assert_uint_eq(strlen(fault.where) % 3, 0);
    ck_assert_uint_lt(strlen(fault.where), 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("JSON to wire");
    TCase *tests = tcase_create("requests");

    tcase_add_unchecked_fixture(tests, open_pool, close_pool);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_loop_test(tests, what_JSON_says_is_read_back_the_same, 0, sizeof read_back / sizeof *read_back);
    tcase_add_loop_test(tests, wire_bytes_are_those_of_the_format, 0, sizeof bytes / sizeof *bytes);
    tcase_add_loop_test(tests, what_does_not_fit_is_refused_by_its_place, 0, sizeof refused / sizeof *refused);
    tcase_add_loop_test(tests, what_only_a_newer_contract_has_is_passed_over_when_asked_to, 0,
                        sizeof newer / sizeof *newer);
    tcase_add_test(tests, unknown_names_do_not_excuse_malformed_values);
    tcase_add_test(tests, deep_nesting_is_refused);
    tcase_add_test(tests, a_message_beyond_the_buffers_cap_is_refused);
    tcase_add_test(tests, memory_never_exceeds_its_cap);
    tcase_add_test(tests, a_long_key_is_shown_cut_between_characters);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
