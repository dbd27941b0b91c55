#include "json_writer.h"
#include "suite.h"

#include <check.h>
#include <math.h>

static byte_buffer buffer;
static json_writer writer;

static void begin(void)
{
    byte_buffer_init(&buffer, 1 << 20);
    json_writer_init(&writer, &buffer);
}

static void end(void)
{
    byte_buffer_done(&buffer);
}

static void expect(const char *text)
{
    ck_assert(!json_failed(&writer));
    ck_assert_uint_eq(buffer.size, strlen(text));
    ck_assert_mem_eq(buffer.data, text, buffer.size);
}

START_TEST(commas_stand_between_and_nowhere_else)
{
    json_open_object(&writer);
    json_key(&writer, "a", 1);
    json_open_array(&writer);
    json_int(&writer, -1);
    json_uint(&writer, 2);
    json_open_array(&writer);
    json_close_array(&writer);
    json_open_object(&writer);
    json_close_object(&writer);
    json_text(&writer, "x", 1);
    json_close_array(&writer);
    json_ready_key(&writer, "\"b\":", 4);
    json_bool(&writer, true);
    json_key(&writer, "c", 1);
    json_null(&writer);
    json_close_object(&writer);
    expect("{\"a\":[-1,2,[],{},\"x\"],\"b\":true,\"c\":null}");
}
END_TEST

START_TEST(strings_are_escaped)
{
    json_text(&writer, "a\"\\\b\f\n\r\t\x01\x7f/\xe4\xb8\xad", 14);
    expect("\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7f/\xe4\xb8\xad\"");
}
END_TEST

START_TEST(a_NUL_in_a_string_is_escaped)
{
    json_text(&writer, "a\0b", 3);
    expect("\"a\\u0000b\"");
}
END_TEST

START_TEST(long_strings_with_characters_on_every_border_survive)
{
    static char text[20000];
    size_t n = 0;

    text[n++] = 'x';
    while (n + 3 < sizeof text) {
        memcpy(text + n, "\xe4\xb8\xad", 3);
        n += 3;
    }
    json_text(&writer, text, n);
    ck_assert(!json_failed(&writer));
    ck_assert_uint_eq(buffer.size, n + 2);
    ck_assert_mem_eq(buffer.data + 1, text, n);
}
END_TEST

START_TEST(invalid_UTF8_fails_or_is_replaced_as_asked)
{
    json_text_lossy(&writer, "a\xff\xe4z", 4);
    expect("\"a\xef\xbf\xbd\xef\xbf\xbdz\"");
    json_text(&writer, "a\xff", 2);
    ck_assert(json_failed(&writer));
}
END_TEST

START_TEST(base64_is_padded)
{
    json_open_array(&writer);
    json_base64(&writer, (const uint8_t *)"", 0);
    json_base64(&writer, (const uint8_t *)"f", 1);
    json_base64(&writer, (const uint8_t *)"fo", 2);
    json_base64(&writer, (const uint8_t *)"foo", 3);
    json_base64(&writer, (const uint8_t *)"\xfb\xff", 2);
    json_close_array(&writer);
    expect("[\"\",\"Zg==\",\"Zm8=\",\"Zm9v\",\"+/8=\"]");
}
END_TEST

START_TEST(wide_integers_are_quoted_and_special_floats_have_names)
{
    json_open_array(&writer);
    json_quoted_int(&writer, INT64_MIN);
    json_quoted_uint(&writer, UINT64_MAX);
    json_double(&writer, (double)NAN);
    json_double(&writer, -(double)INFINITY);
    json_float(&writer, INFINITY);
    json_float(&writer, 1.5f);
    json_close_array(&writer);
    expect("[\"-9223372036854775808\",\"18446744073709551615\",\"NaN\",\"-Infinity\",\"Infinity\",1.5]");
}
END_TEST

START_TEST(a_full_buffer_fails_and_stays_failed)
{
    byte_buffer_done(&buffer);
    byte_buffer_init(&buffer, 10);
    json_writer_init(&writer, &buffer);
    json_open_array(&writer);
    json_text(&writer, "0123456789", 10);
    ck_assert(json_failed(&writer));
    json_null(&writer);
    ck_assert(json_failed(&writer));
    ck_assert_uint_le(buffer.size, 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json writer");
    TCase *tests = tcase_create("writer");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, commas_stand_between_and_nowhere_else);
    tcase_add_test(tests, strings_are_escaped);
    tcase_add_test(tests, a_NUL_in_a_string_is_escaped);
    tcase_add_test(tests, long_strings_with_characters_on_every_border_survive);
    tcase_add_test(tests, invalid_UTF8_fails_or_is_replaced_as_asked);
    tcase_add_test(tests, base64_is_padded);
    tcase_add_test(tests, wide_integers_are_quoted_and_special_floats_have_names);
    tcase_add_test(tests, a_full_buffer_fails_and_stays_failed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
