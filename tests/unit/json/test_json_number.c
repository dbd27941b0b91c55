#include "json_number.h"

#include <check.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    bool fits;
    int64_t value;
} signed_cases[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"0.000", true, 0},
    {"0e99", true, 0},
    {"7", true, 7},
    {"-7", true, -7},
    {"1e3", true, 1000},
    {"1.5e1", true, 15},
    {"1500e-2", true, 15},
    {"100.00", true, 100},
    {"1.0E+2", true, 100},
    {"0.5e1", true, 5},
    {"10203", true, 10203},
    {"1.0203e4", true, 10203},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775807.000", true, INT64_MAX},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"1e19", false, 0},
    {"1e999999999999", false, 0},
    {"1e-999999999999", false, 0},
    {"1.5", false, 0},
    {"1e-1", false, 0},
    {"123456789012345678901234567890", false, 0},
};

START_TEST(integers_are_exact_however_they_are_written)
{
    int64_t value = 0;

    const char *text = signed_cases[_i].text;

    ck_assert_msg(number_to_int64(text, strlen(text), &value) == signed_cases[_i].fits, "%s", text);
    if (signed_cases[_i].fits)
        ck_assert_int_eq(value, signed_cases[_i].value);
}
END_TEST

START_TEST(unsigned_integers_reach_64_bits_and_are_never_negative)
{
    uint64_t value;

    ck_assert(number_to_uint64("18446744073709551615", 20, &value));
    ck_assert_uint_eq(value, UINT64_MAX);
    ck_assert(!number_to_uint64("18446744073709551616", 20, &value));
    ck_assert(!number_to_uint64("-1", 2, &value));
    ck_assert(number_to_uint64("-0", 2, &value));
    ck_assert_uint_eq(value, 0);
}
END_TEST

START_TEST(a_number_too_large_for_a_double_is_none)
{
    double value;

    ck_assert(number_to_double("1.7976931348623157e308", 22, &value));
    ck_assert_double_eq(value, DBL_MAX);
    ck_assert(!number_to_double("1e309", 5, &value));
    ck_assert(number_to_double("1e-999", 6, &value));
    ck_assert_double_eq(value, 0);
}
END_TEST

static const struct {
    double value;
    const char *text;
} double_cases[] = {
    {0, "0"},
    {-0.0, "-0"},
    {1, "1"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {1e21, "1e+21"},
    {123456789, "123456789"},
    {36.6, "36.6"},
    {1.0 / 3, "0.3333333333333333"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {5e-324, "4.94065645841247e-324"},
};

START_TEST(doubles_are_as_short_as_they_come_back_the_same)
{
    char text[NUMBER_TEXT_MAX];
    size_t n = number_from_double(double_cases[_i].value, text);

    ck_assert_uint_eq(n, strlen(double_cases[_i].text));
    ck_assert_mem_eq(text, double_cases[_i].text, n);
}
END_TEST

START_TEST(floats_are_not_longer_than_floats_are)
{
    char text[NUMBER_TEXT_MAX];

    ck_assert_uint_eq(number_from_float(0.1f, text), 3);
    ck_assert_mem_eq(text, "0.1", 3);
    ck_assert_uint_eq(number_from_float(0.33333334f, text), 10);
    ck_assert_mem_eq(text, "0.33333334", 10);
}
END_TEST

START_TEST(integers_are_written_whole)
{
    char text[NUMBER_TEXT_MAX];

    ck_assert_uint_eq(number_from_int64(INT64_MIN, text), 20);
    ck_assert_mem_eq(text, "-9223372036854775808", 20);
    ck_assert_uint_eq(number_from_uint64(UINT64_MAX, text), 20);
    ck_assert_mem_eq(text, "18446744073709551615", 20);
    ck_assert_uint_eq(number_from_int64(0, text), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json number");
    TCase *tests = tcase_create("number");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tests, integers_are_exact_however_they_are_written, 0,
                        sizeof signed_cases / sizeof *signed_cases);
    tcase_add_test(tests, unsigned_integers_reach_64_bits_and_are_never_negative);
    tcase_add_test(tests, a_number_too_large_for_a_double_is_none);
    tcase_add_loop_test(tests, doubles_are_as_short_as_they_come_back_the_same, 0,
                        sizeof double_cases / sizeof *double_cases);
    tcase_add_test(tests, floats_are_not_longer_than_floats_are);
    tcase_add_test(tests, integers_are_written_whole);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
