/* Numbers, moments and number formats as texts. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cell_text.h"
#include "suite.h"

static const struct {
    const char *in, *out;
} decimals[] = {
    {"7", "7"},
    {"0.5", "0.5"},
    {"1.0", "1"},
    {"-0", "0"},
    {"-0.0", "0"},
    {"007", "7"},
    {"-12", "-12"},
    {"1e20", "100000000000000000000"},
    {"1E+20", "100000000000000000000"},
    {"1e15", "1000000000000000"},
    {"12345678901234567", "12345678901234567"},
    {"1.1010119900307401E+17", "110101199003074020"}, /* no double is nearer */
    {"4.3499999999999996", "4.35"},
    {"0.30000000000000004", "0.30000000000000004"},
    {"13800138000", "13800138000"},
    {"1E-7", "0.0000001"},
    {"-1.5e-3", "-0.0015"},
    {"123456.789", "123456.789"},
    {"0.1", "0.1"},
    {"1.7976931348623157e308", NULL}, /* 309 digits, looked at below */
};

START_TEST(numbers_are_the_shortest_text_without_an_exponent)
{
    char out[CELL_TEXT_MAX];
    size_t length;

    ck_assert(cell_text_of_decimal(decimals[_i].in, strlen(decimals[_i].in), out, &length));
    ck_assert_uint_eq(length, strlen(out));
    if (decimals[_i].out)
        ck_assert_str_eq(out, decimals[_i].out);
    else
        ck_assert(length == 309 && strncmp(out, "17976931348623157000", 20) == 0);
}
END_TEST

START_TEST(every_double_comes_back_from_its_text)
{
    char out[CELL_TEXT_MAX];
    size_t length;

    srand48(7);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = (uint64_t)mrand48() << 32 ^ (uint64_t)mrand48();
        double value;

        memcpy(&value, &bits, sizeof value);
        if (!cell_text_of_number(value, out, &length))
            continue;
        ck_assert_uint_eq(length, strlen(out));
        ck_assert_uint_eq(strspn(out, "-0123456789."), length);
        ck_assert(strtod(out, NULL) == value);
    }
}
END_TEST

START_TEST(what_is_no_number_is_none)
{
    static const char *const texts[] = {"",     "-",   "abc", "1,5",   "1e",    "--1",
                                        "0x10", "nan", "inf", "1e999", "1.2.3", " 1"};
    char out[CELL_TEXT_MAX];
    size_t length;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!cell_text_of_decimal(texts[i], strlen(texts[i]), out, &length), "%s", texts[i]);
}
END_TEST

static const struct {
    double days;
    number_format format;
    bool since_1904;
    const char *text; /* NULL: no moment */
} moments[] = {
    {1, FORMAT_DATE, false, "1900-01-01"},
    {59, FORMAT_DATE, false, "1900-02-28"},
    {60, FORMAT_DATE, false, "1900-02-29"}, /* as sheets count since the eighties */
    {61, FORMAT_DATE, false, "1900-03-01"},
    {25569, FORMAT_DATE, false, "1970-01-01"},
    {45351, FORMAT_DATE, false, "2024-02-29"},
    {45351.75, FORMAT_DATE, false, "2024-02-29"},
    {45351.75, FORMAT_DATE_TIME, false, "2024-02-29 18:00:00"},
    {45351, FORMAT_DATE_TIME, false, "2024-02-29"},
    {2958465, FORMAT_DATE, false, "9999-12-31"},
    {2958466, FORMAT_DATE, false, NULL},
    {-1, FORMAT_DATE, false, NULL},
    {0, FORMAT_DATE, false, NULL},
    {0, FORMAT_DATE, true, "1904-01-01"},
    {43889, FORMAT_DATE, true, "2024-02-29"},
    {0.5, FORMAT_TIME, false, "12:00:00"},
    {0.99999, FORMAT_TIME, false, "23:59:59"},
    {45351.5, FORMAT_TIME, false, "2024-02-29 12:00:00"},
    {1.25, FORMAT_SPAN, false, "30:00:00"},
    {45351, FORMAT_NUMBER, false, NULL},
};

START_TEST(days_are_dates_where_the_format_says_so)
{
    char out[CELL_TEXT_MAX] = "";
    size_t length;
    bool is = cell_text_of_moment(moments[_i].days, moments[_i].format, moments[_i].since_1904, out, &length);

    ck_assert_int_eq(is, moments[_i].text != NULL);
    if (is)
        ck_assert_str_eq(out, moments[_i].text);
}
END_TEST

static const struct {
    const char *code;
    number_format format;
} codes[] = {
    {"General", FORMAT_NUMBER},
    {"0", FORMAT_NUMBER},
    {"0.00", FORMAT_NUMBER},
    {"#,##0.00 \"days\"", FORMAT_NUMBER},
    {"0.00E+00", FORMAT_NUMBER},
    {"@", FORMAT_NUMBER},
    {"[Red]0.00", FORMAT_NUMBER},
    {"\\d0", FORMAT_NUMBER},
    {"0_d", FORMAT_NUMBER},
    {"yyyy-mm-dd", FORMAT_DATE},
    {"DD/MM/YYYY", FORMAT_DATE},
    {"[$-409]d\\-mmm\\-yy", FORMAT_DATE},
    {"yyyy\"年\"m\"月\"d\"日\"", FORMAT_DATE},
    {"mmm", FORMAT_DATE},
    {"yyyy-mm-dd hh:mm:ss", FORMAT_DATE_TIME},
    {"[$-409]m/d/yy h:mm AM/PM;@", FORMAT_DATE_TIME},
    {"hh:mm", FORMAT_TIME},
    {"mm:ss.0", FORMAT_TIME},
    {"h:mm AM/PM", FORMAT_TIME},
    {"[h]:mm:ss", FORMAT_SPAN},
    {"[mm]:ss", FORMAT_SPAN},
    {"0;yyyy", FORMAT_NUMBER},
    {"\"unfinished", FORMAT_NUMBER},
    {"[unfinished", FORMAT_NUMBER},
    {"\\", FORMAT_NUMBER},
    {"", FORMAT_NUMBER},
};

START_TEST(a_format_says_what_its_number_means)
{
    ck_assert_msg(number_format_of(codes[_i].code) == codes[_i].format, "%s: %d", codes[_i].code,
                  number_format_of(codes[_i].code));
}
END_TEST

START_TEST(formats_without_a_code_are_known_by_number)
{
    ck_assert_int_eq(number_format_built_in(0), FORMAT_NUMBER);
    ck_assert_int_eq(number_format_built_in(14), FORMAT_DATE);
    ck_assert_int_eq(number_format_built_in(22), FORMAT_DATE_TIME);
    ck_assert_int_eq(number_format_built_in(21), FORMAT_TIME);
    ck_assert_int_eq(number_format_built_in(31), FORMAT_DATE);
    ck_assert_int_eq(number_format_built_in(46), FORMAT_SPAN);
    ck_assert_int_eq(number_format_built_in(49), FORMAT_NUMBER);
    ck_assert_int_eq(number_format_built_in(58), FORMAT_DATE);
    ck_assert_int_eq(number_format_built_in(4000000000u), FORMAT_NUMBER);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet_text");
    TCase *tests = tcase_create("sheet_text");

    tcase_add_loop_test(tests, numbers_are_the_shortest_text_without_an_exponent, 0,
                        sizeof decimals / sizeof *decimals);
    tcase_add_test(tests, every_double_comes_back_from_its_text);
    tcase_add_test(tests, what_is_no_number_is_none);
    tcase_add_loop_test(tests, days_are_dates_where_the_format_says_so, 0, sizeof moments / sizeof *moments);
    tcase_add_loop_test(tests, a_format_says_what_its_number_means, 0, sizeof codes / sizeof *codes);
    tcase_add_test(tests, formats_without_a_code_are_known_by_number);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
