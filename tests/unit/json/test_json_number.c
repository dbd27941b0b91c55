#include "json_number.h"
#include "suite.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
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

/* Texts that lie beside, on and between two doubles or floats, and those that leave the fast way. */
static const char *const decimals[] = {
    "0",
    "0.0",
    "0e5",
    "1",
    "36.6",
    "0.1",
    "0.3",
    "1e3",
    "1e-3",
    "2.5E+7",
    "123.456e-2",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9007199254740993.0000001",
    "9007199254740994.9999999999999999999",
    "9223372036854775807",
    "9999999999999999999",
    "18446744073709551616",
    "36893488147419103232",
    "0.30000000000000004",
    "0.1000000000000000055",
    "0.10000000000000000555111512312578270211815834045410156250000001",
    "16777217",
    "16777217.0000001",
    "16777219",
    "1.00000005960464477539",
    "1.000000059604644775390625",
    "1.0000000596046447753906250000001",
    "1e19",
    "1e22",
    "1e23",
    "1e-19",
    "1e-20",
    "8.5e37",
    "3.4028234663852886e38",
    "1.1754942e-38",
    "7.006492321624085e-46",
    "7.0064923216240854e-46",
    "1e-45",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "4.9406564584124654e-324",
    "1e00005",
    "1e-00005",

};

START_TEST(the_nearest_double_and_float_are_found)
{
    const char *text = decimals[_i];
    double wide;
    float narrow;

    ck_assert(number_to_double(text, strlen(text), &wide));
    ck_assert_msg(wide == strtod(text, NULL), "%s", text);
    ck_assert(number_to_float(text, strlen(text), &narrow));
    ck_assert_msg(narrow == strtof(text, NULL), "%s", text);
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

START_TEST(a_number_too_large_for_a_float_is_none)
{
    float value;

    /* Half a step beyond the largest float is already too far. */
    ck_assert(number_to_float("3.4028235677973366e38", 21, &value));
    ck_assert_float_eq(value, FLT_MAX);
    ck_assert(!number_to_float("3.4028235677973367e38", 21, &value));
    ck_assert(!number_to_float("-1e39", 5, &value));
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
    {0.001, "0.001"},
    {0.0001, "0.0001"},
    {0.00099999999999999, "0.00099999999999999"},
    {0.00001, "1e-05"},
    {100.25, "100.25"},
    {0.30000000000000004, "0.30000000000000004"},
    {4503599627370495.5, "4503599627370495.5"},
    {0x1p53, "9007199254740992"},
    {1234567890123456.7, "1234567890123456.8"},
    {0.5000000000000001, "0.5000000000000001"},
    {0.49999999999999994, "0.49999999999999994"},
    {-123.45600000000002, "-123.45600000000002"},
    {36.6, "36.6"},
    {1.0 / 3, "0.3333333333333333"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {5e-324, "5e-324"},
};

START_TEST(doubles_are_as_short_as_they_come_back_the_same)
{
    char text[NUMBER_TEXT_MAX];
    size_t n = number_from_double(double_cases[_i].value, text);

    ck_assert_uint_eq(n, strlen(double_cases[_i].text));
    ck_assert_mem_eq(text, double_cases[_i].text, n);
}
END_TEST

/* Round trips of numbers with all kinds of mantissas, and no text with fewer digits would do. */
static void check_double(double value)
{
    char text[NUMBER_TEXT_MAX], shorter[NUMBER_TEXT_MAX + 8];
    size_t n = number_from_double(value, text);
    double back;
    int digits = 0;

    if (!number_to_double(text, n, &back) || back != value)
        ck_abort_msg("%.17g as %.*s", value, (int)n, text);
    for (size_t i = 0; i < n && text[i] != 'e'; i++)
        digits += text[i] >= '0' && text[i] <= '9' && (digits > 0 || text[i] != '0');
    if (digits > 1 && fabs(value) < 1e15) {
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
        if (strtod(shorter, NULL) == value && text[n - 1] != '0')
            ck_abort_msg("%.17g as %.*s", value, (int)n, text);
    }
}

static void check_float(float value)
{
    char text[NUMBER_TEXT_MAX];
    size_t n = number_from_float(value, text);
    float back;

    if (!number_to_float(text, n, &back) || back != value || n > 15)
        ck_abort_msg("%.9g as %.*s", (double)value, (int)n, text);
}

START_TEST(ten_thousand_numbers_come_back_the_same)
{
    uint64_t state = 88172645463325252u;

    for (int i = 0; i < 10000; i++) {
        double value;
        float narrow;
        uint32_t low;

        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        check_double((double)(int64_t)state / 1e14);
        check_double((double)(state % 100000000) / 1e4);
        check_double(ldexp((double)(state >> 11), -(int)(state % 80)));
        memcpy(&value, &state, sizeof value);
        if (isfinite(value))
            check_double(value);
        low = (uint32_t)state;
        memcpy(&narrow, &low, sizeof narrow);
        if (isfinite(narrow))
            check_float(narrow);
        check_float((float)(state % 1000000) / 1e3f);
    }
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

    tcase_add_loop_test(tests, integers_are_exact_however_they_are_written, 0,
                        sizeof signed_cases / sizeof *signed_cases);
    tcase_add_test(tests, unsigned_integers_reach_64_bits_and_are_never_negative);
    tcase_add_loop_test(tests, the_nearest_double_and_float_are_found, 0, sizeof decimals / sizeof *decimals);
    tcase_add_test(tests, a_number_too_large_for_a_double_is_none);
    tcase_add_test(tests, a_number_too_large_for_a_float_is_none);
    tcase_add_test(tests, ten_thousand_numbers_come_back_the_same);
    tcase_add_loop_test(tests, doubles_are_as_short_as_they_come_back_the_same, 0,
                        sizeof double_cases / sizeof *double_cases);
    tcase_add_test(tests, floats_are_not_longer_than_floats_are);
    tcase_add_test(tests, integers_are_written_whole);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
