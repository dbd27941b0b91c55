#include "json_reader.h"
#include "suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Reads to the end; JSON_END when every byte was fine. */
static json_token outcome(const char *text, size_t size)
{
    json_reader reader;
    json_token token;
    arena memory;

    arena_init(&memory, 1 << 20);
    json_reader_init(&reader, text, size, &memory);
    do
        token = json_next(&reader);
    while (token != JSON_END && token != JSON_BAD);
    ck_assert_int_eq(token == JSON_BAD, reader.fault != NULL);
    arena_done(&memory);
    return token;
}

static const struct {
    const char *name;
    const char *text;
} accepted[] = {
    {"number", "0"},
    {"negative zero", "-0"},
    {"number with all parts", "-12.50e+30"},
    {"capital exponent", "1E-2"},
    {"huge number", "123456789012345678901234567890123456789012345678901234567890"},
    {"true", "true"},
    {"false", "false"},
    {"null", "null"},
    {"empty string", "\"\""},
    {"string", "\"abc\""},
    {"every short escape", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""},
    {"escaped NUL", "\"\\u0000\""},
    {"escape in both cases", "\"\\u00e9\\u00E9\""},
    {"surrogate pair", "\"\\ud83d\\ude00\""},
    {"two bytes", "\"\xc3\xa9\""},
    {"three bytes", "\"\xe4\xb8\xad\""},
    {"four bytes", "\"\xf0\x9f\x98\x80\""},
    {"last character of all", "\"\xf4\x8f\xbf\xbf\""},
    {"last before the surrogates", "\"\xed\x9f\xbf\""},
    {"delete character", "\"\x7f\""},
    {"long string", "\"abcdefghijklmnopqrstuvwxyz0123456789 abcdefghijklmnopqrstuvwxyz0123456789\""},
    {"care after eight plain bytes", "\"abcdefgh\\n\""},
    {"empty object", "{}"},
    {"empty array", "[]"},
    {"spaces of all kinds", " \t\r\n{ \"a\" : [ 1 , 2 ] } \t\r\n"},
    {"the same key twice is the transcoder's matter", "{\"a\":1,\"a\":2}"},
    {"empty key", "{\"\":0}"},
    {"nesting", "[[[{\"a\":[{}]}]]]"},
    {"array of everything", "[1,\"a\",true,false,null,{},[]]"},
};

static const struct {
    const char *name;
    const char *text;
} refused[] = {
    {"nothing", ""},
    {"only space", " "},
    {"byte order mark", "\xef\xbb\xbf{}"},
    {"comma in front", "[,1]"},
    {"comma at the end of an array", "[1,]"},
    {"comma at the end of an object", "{\"a\":1,}"},
    {"two commas", "[1,,2]"},
    {"no comma in an array", "[1 2]"},
    {"no comma in an object", "{\"a\":1 \"b\":2}"},
    {"colon in an array", "[\"a\":1]"},
    {"no colon", "{\"a\" 1}"},
    {"two colons", "{\"a\"::1}"},
    {"no value", "{\"a\":}"},
    {"no value before the end", "{\"a\":"},
    {"key alone", "{\"a\""},
    {"number as a key", "{1:1}"},
    {"bare key", "{a:1}"},
    {"key in single quotes", "{'a':1}"},
    {"unclosed object", "{\"a\":1"},
    {"unclosed array", "[1"},
    {"only an opening", "["},
    {"closed by the other kind", "[1}"},
    {"object closed by a bracket", "{\"a\":1]"},
    {"closing alone", "]"},
    {"second value", "{} {}"},
    {"word after the value", "1 x"},
    {"comment", "/**/1"},
    {"NaN", "NaN"},
    {"Infinity", "-Infinity"},
    {"capital word", "TRUE"},
    {"cut word", "tru"},
    {"longer word", "nulls"},
    {"leading zero", "01"},
    {"negative leading zero", "-012"},
    {"plus", "+1"},
    {"minus alone", "-"},
    {"point in front", ".5"},
    {"point at the end", "1."},
    {"no digit after minus", "-.5"},
    {"exponent without digits", "1e"},
    {"exponent with a sign alone", "1e+"},
    {"hexadecimal", "0x10"},
    {"two points", "1.2.3"},
    {"unclosed string", "\"abc"},
    {"unclosed after a backslash", "\"abc\\"},
    {"line feed in a string", "\"a\nb\""},
    {"tab in a string", "\"a\tb\""},
    {"unknown escape", "\"\\x41\""},
    {"escape of NUL's byte", "\"\\"},
    {"short unicode escape", "\"\\u12\""},
    {"unicode escape with a wrong digit", "\"\\u12g4\""},
    {"high surrogate alone", "\"\\ud800\""},
    {"high surrogate before something else", "\"\\ud800a\""},
    {"two high surrogates", "\"\\ud800\\ud800\""},
    {"low surrogate alone", "\"\\udc00\""},
    {"continuation alone", "\"\x80\""},
    {"overlong slash", "\"\xc0\xaf\""},
    {"overlong in three bytes", "\"\xe0\x80\xaf\""},
    {"overlong in four bytes", "\"\xf0\x80\x80\xaf\""},
    {"encoded surrogate", "\"\xed\xa0\x80\""},
    {"beyond the last character", "\"\xf4\x90\x80\x80\""},
    {"byte that never stands", "\"\xff\""},
    {"cut character", "\"\xe4\xb8\""},
    {"cut character at the end of the text", "\"\xe4\xb8"},
    {"Latin-1", "\"\xe9\""},
    {"UTF-8 outside of strings", "\xc3\xa9"},
};

/* Bytes that are no UTF-8, wherever a reader might not look for it. */
static const struct {
    const char *name;
    const char *bytes;
    size_t size;
} raw[] = {
#define RAW(name, bytes)                                                                                               \
    {                                                                                                                  \
        name, bytes, sizeof(bytes) - 1                                                                                 \
    }
    RAW("byte in place of a value", "[\xff]"),
    RAW("byte after a word", "[a\xe5]"),
    RAW("byte after an integer", "[123\xe5]"),
    RAW("byte after a zero", "[0\xe5]\n"),
    RAW("byte after a fraction", "[1.5\xe5]"),
    RAW("byte in place of an exponent", "[1e\xe5]"),
    RAW("byte after an exponent", "[1e1\xe5]"),
    RAW("byte after a minus", "[-\xe5]"),
    RAW("byte after a backslash", "[\"\\\xe5\"]"),
    RAW("byte in a unicode escape", "[\"\\u\xe5\"]"),
    RAW("continuation in a key", "{\"\xb9\":\"0\"}"),
    RAW("cut character in a key", "{\"\xe6\x97\":1}"),
    RAW("byte between key and colon", "{\"a\"\xa0:1}"),
    RAW("byte between values", "[1,\xa0 2]"),
    RAW("byte after the text", "{}\xff"),
    RAW("byte alone", "\xe5"),
    RAW("accented letter alone", "\xc3\xa9"),
    RAW("cut byte order mark", "\xef\xbb{}"),
    RAW("byte order mark of UTF-16, low byte first", "\xff\xfe[\0\"\0\xe9\0\"\0]\0"),
    RAW("UTF-16, low byte first", "[\0\"\0\xe9\0\"\0]\0"),
    RAW("UTF-16, high byte first", "\0[\0\"\0\xe9\0\"\0]"),
    RAW("wrong byte late in a long string", "\"0123456789abcdef0123456789abcdef\xfe\""),
    RAW("wrong byte in the middle of a character", "\"\xe6\x97\xd1\""),
    RAW("five bytes", "\"\xf8\x87\xbf\xbf\xbf\""),
    RAW("six bytes", "\"\xfc\x83\xbf\xbf\xbf\xbf\""),
    RAW("overlong NUL", "\"\xc0\x80\""),
    RAW("overlong NUL in six bytes", "\"\xfc\x80\x80\x80\x80\x80\""),
    RAW("two encoded surrogates", "\"\xed\xa0\xbd\xed\xb8\x80\""),
    RAW("above the last plane", "\"\xf7\xbf\xbf\xbf\""),
    RAW("form feed between values", "[1,\f2]"),
    RAW("no-break space between values", "[1,\xc2\xa0 2]"),
    RAW("vertical tab in a string", "\"\v\""),
    RAW("NUL after the text", "{}\0"),
#undef RAW
};

START_TEST(bytes_that_are_no_text_are_refused_everywhere)
{
    char *exact = malloc(raw[_i].size);

    memcpy(exact, raw[_i].bytes, raw[_i].size);
    ck_assert_msg(outcome(exact, raw[_i].size) == JSON_BAD, "%s", raw[_i].name);
    free(exact);
}
END_TEST

START_TEST(well_formed_text_is_accepted)
{
    ck_assert_msg(outcome(accepted[_i].text, strlen(accepted[_i].text)) == JSON_END, "%s", accepted[_i].name);
}
END_TEST

START_TEST(malformed_text_is_refused)
{
    ck_assert_msg(outcome(refused[_i].text, strlen(refused[_i].text)) == JSON_BAD, "%s", refused[_i].name);
}
END_TEST

/* A text in memory of exactly its size shows a sanitizer every read past the end. */
START_TEST(every_beginning_of_a_text_is_refused_within_its_bytes)
{
    static const char whole[] = "{\"a\\u00e9\\ud83d\\ude00\xf0\x9f\x98\x80\":[true,null,-1.5e3,\"x\"]}";

    for (size_t size = 0; size < sizeof whole - 1; size++) {
        char *cut = malloc(size ? size : 1);

        memcpy(cut, whole, size);
        ck_assert_int_eq(outcome(cut, size), JSON_BAD);
        free(cut);
    }
    ck_assert_int_eq(outcome(whole, sizeof whole - 1), JSON_END);
}
END_TEST

START_TEST(a_NUL_byte_is_refused)
{
    ck_assert_int_eq(outcome("1\0", 2), JSON_BAD);
    ck_assert_int_eq(outcome("\"a\0b\"", 5), JSON_BAD);
}
END_TEST

START_TEST(a_hundred_levels_are_read_and_no_more)
{
    char text[2 * (JSON_MAX_DEPTH + 1)];

    memset(text, '[', JSON_MAX_DEPTH);
    memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
    ck_assert_int_eq(outcome(text, 2 * JSON_MAX_DEPTH), JSON_END);
    memset(text, '[', JSON_MAX_DEPTH + 1);
    memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    ck_assert_int_eq(outcome(text, sizeof text), JSON_BAD);
}
END_TEST

static void expect_text(json_reader *reader, json_token token, const char *text, size_t length)
{
    ck_assert_int_eq(json_next(reader), token);
    ck_assert_uint_eq(reader->length, length);
    ck_assert_mem_eq(reader->text, text, length);
}

START_TEST(tokens_come_in_order_with_their_text)
{
    static const char text[] = "{\"a\\n\":[1.50,\"\\ud83d\\ude00\\u0000x\",null],\"b\":{\"c\":true}}";
    json_reader reader;
    arena memory;

    arena_init(&memory, 1 << 16);
    json_reader_init(&reader, text, sizeof text - 1, &memory);
    ck_assert_int_eq(json_next(&reader), JSON_OBJECT);
    expect_text(&reader, JSON_KEY, "a\n", 2);
    ck_assert_int_eq(json_next(&reader), JSON_ARRAY);
    expect_text(&reader, JSON_NUMBER, "1.50", 4);
    expect_text(&reader, JSON_STRING, "\xf0\x9f\x98\x80\0x", 6);
    ck_assert_int_eq(json_next(&reader), JSON_NULL);
    ck_assert_int_eq(json_next(&reader), JSON_ARRAY_END);
    expect_text(&reader, JSON_KEY, "b", 1);
    ck_assert_int_eq(json_next(&reader), JSON_OBJECT);
    expect_text(&reader, JSON_KEY, "c", 1);
    ck_assert_int_eq(json_next(&reader), JSON_TRUE);
    ck_assert_int_eq(json_next(&reader), JSON_OBJECT_END);
    ck_assert_int_eq(json_next(&reader), JSON_OBJECT_END);
    ck_assert_int_eq(json_next(&reader), JSON_END);
    ck_assert_int_eq(json_next(&reader), JSON_END);
    arena_done(&memory);
}
END_TEST

START_TEST(a_skipped_value_is_still_checked)
{
    static const char fine[] = "[{\"a\":[\"\\n\",{}]},7]", broken[] = "[{\"a\":[\"\\x\"]},7]";
    json_reader reader;
    arena memory;

    arena_init(&memory, 1 << 16);
    json_reader_init(&reader, fine, sizeof fine - 1, &memory);
    json_next(&reader);
    ck_assert(json_skip(&reader, json_next(&reader)));
    expect_text(&reader, JSON_NUMBER, "7", 1);

    json_reader_init(&reader, broken, sizeof broken - 1, &memory);
    json_next(&reader);
    ck_assert(!json_skip(&reader, json_next(&reader)));
    ck_assert_ptr_nonnull(reader.fault);
    arena_done(&memory);
}
END_TEST

START_TEST(a_copy_of_the_reader_is_a_bookmark)
{
    static const char text[] = "[\"\\u0041\",2]";
    json_reader reader, bookmark;
    arena memory;

    arena_init(&memory, 1 << 16);
    json_reader_init(&reader, text, sizeof text - 1, &memory);
    json_next(&reader);
    bookmark = reader;
    expect_text(&reader, JSON_STRING, "A", 1);
    expect_text(&reader, JSON_NUMBER, "2", 1);
    expect_text(&bookmark, JSON_STRING, "A", 1);
    arena_done(&memory);
}
END_TEST

START_TEST(faults_have_a_line_and_a_column)
{
    static const char text[] = "{\n  \"a\": x}";
    unsigned line, column;
    json_reader reader;
    arena memory;

    arena_init(&memory, 1 << 16);
    json_reader_init(&reader, text, sizeof text - 1, &memory);
    while (json_next(&reader) != JSON_BAD)
        ;
    json_position(&reader, &line, &column);
    ck_assert_uint_eq(line, 2);
    ck_assert_uint_eq(column, 8);
    arena_done(&memory);
}
END_TEST

START_TEST(an_exhausted_arena_is_a_fault)
{
    static const char text[] = "\"\\n\"";
    json_reader reader;
    arena memory;

    arena_init(&memory, 0);
    json_reader_init(&reader, text, sizeof text - 1, &memory);
    ck_assert_int_eq(json_next(&reader), JSON_BAD);
    arena_done(&memory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json reader");
    TCase *tests = tcase_create("reader");

    tcase_add_loop_test(tests, well_formed_text_is_accepted, 0, sizeof accepted / sizeof *accepted);
    tcase_add_loop_test(tests, malformed_text_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_loop_test(tests, bytes_that_are_no_text_are_refused_everywhere, 0, sizeof raw / sizeof *raw);
    tcase_add_test(tests, every_beginning_of_a_text_is_refused_within_its_bytes);
    tcase_add_test(tests, a_NUL_byte_is_refused);
    tcase_add_test(tests, a_hundred_levels_are_read_and_no_more);
    tcase_add_test(tests, tokens_come_in_order_with_their_text);
    tcase_add_test(tests, a_skipped_value_is_still_checked);
    tcase_add_test(tests, a_copy_of_the_reader_is_a_bookmark);
    tcase_add_test(tests, faults_have_a_line_and_a_column);
    tcase_add_test(tests, an_exhausted_arena_is_a_fault);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
