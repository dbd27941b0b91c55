#include <check.h>
#include <string.h>

#include "bytes.h"
#include "suite.h"

START_TEST(pieces_come_out_as_one_text)
{
    byte_buffer buffer;

    byte_buffer_init(&buffer, 1000);
    ck_assert(byte_buffer_append(&buffer, "gate", 4));
    ck_assert(byte_buffer_append_text(&buffer, " is "));
    ck_assert(byte_buffer_printf(&buffer, "%s %d", "number", 7));
    ck_assert_str_eq((char *)buffer.data, "gate is number 7");
    ck_assert_uint_eq(buffer.size, strlen("gate is number 7"));
    byte_buffer_done(&buffer);
}
END_TEST

START_TEST(what_would_pass_the_cap_is_refused_whole)
{
    byte_buffer buffer;

    byte_buffer_init(&buffer, 5);
    ck_assert(byte_buffer_append_text(&buffer, "abc"));
    ck_assert(!byte_buffer_append_text(&buffer, "def"));
    ck_assert(!byte_buffer_printf(&buffer, "%d", 1000));
    ck_assert_str_eq((char *)buffer.data, "abc");
    ck_assert(byte_buffer_append_text(&buffer, "de"));
    ck_assert_str_eq((char *)buffer.data, "abcde");
    ck_assert_ptr_null(byte_buffer_reserve(&buffer, SIZE_MAX));
    byte_buffer_done(&buffer);
}
END_TEST

START_TEST(a_large_buffer_keeps_every_byte)
{
    byte_buffer buffer;

    byte_buffer_init(&buffer, 1000000);
    for (int i = 0; i < 100000; i++)
        ck_assert(byte_buffer_append(&buffer, &(uint8_t){(uint8_t)i}, 1));
    for (int i = 0; i < 100000; i++)
        ck_assert_uint_eq(buffer.data[i], (uint8_t)i);
    byte_buffer_done(&buffer);
}
END_TEST

START_TEST(dropping_moves_the_rest_to_the_front)
{
    byte_buffer buffer;

    byte_buffer_init(&buffer, 100);
    byte_buffer_drop(&buffer, 1);
    ck_assert(byte_buffer_append_text(&buffer, "headbody"));
    byte_buffer_drop(&buffer, 4);
    ck_assert_str_eq((char *)buffer.data, "body");
    byte_buffer_drop(&buffer, 99);
    ck_assert_uint_eq(buffer.size, 0);
    ck_assert_str_eq((char *)buffer.data, "");
    byte_buffer_done(&buffer);
}
END_TEST

START_TEST(a_stream_that_lost_something_says_so)
{
    byte_buffer buffer;
    FILE *stream;

    byte_buffer_init(&buffer, 20000);
    stream = byte_buffer_stream(&buffer);
    ck_assert_ptr_nonnull(stream);
    for (int i = 0; i < 10; i++)
        fprintf(stream, "%1000d", i);
    ck_assert(byte_buffer_stream_close(stream));
    ck_assert_uint_eq(buffer.size, 10000);
    ck_assert_int_eq(buffer.data[9999], '9');

    stream = byte_buffer_stream(&buffer);
    for (int i = 0; i < 100; i++)
        fprintf(stream, "%1000d", i);
    ck_assert(!byte_buffer_stream_close(stream));
    ck_assert_uint_le(buffer.size, 20000);
    byte_buffer_done(&buffer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bytes");
    TCase *tests = tcase_create("bytes");

    tcase_add_test(tests, pieces_come_out_as_one_text);
    tcase_add_test(tests, what_would_pass_the_cap_is_refused_whole);
    tcase_add_test(tests, a_large_buffer_keeps_every_byte);
    tcase_add_test(tests, dropping_moves_the_rest_to_the_front);
    tcase_add_test(tests, a_stream_that_lost_something_says_so);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
