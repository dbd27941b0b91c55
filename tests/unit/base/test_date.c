/* Days of the calendar as text. */
#include "date.h"
#include "suite.h"

START_TEST(a_day_of_the_calendar_is_real)
{
    ck_assert(date_is_real("2026-11-23"));
    ck_assert(date_is_real("0001-01-01"));
    ck_assert(date_is_real("9999-12-31"));
}
END_TEST

START_TEST(the_29th_of_february_is_real_in_leap_years_alone)
{
    ck_assert(date_is_real("2024-02-29"));
    ck_assert(date_is_real("2000-02-29"));
    ck_assert(!date_is_real("2023-02-29"));
    ck_assert(!date_is_real("1900-02-29"));
}
END_TEST

START_TEST(a_day_that_no_month_has_is_not_real)
{
    static const char *const wrong[] = {"2026-00-10", "2026-13-10", "2026-04-31",
                                        "2026-01-00", "2026-01-32", "0000-01-01"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!date_is_real(wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(any_other_form_is_not_real)
{
    static const char *const wrong[] = {"",           "2026",        "2026-1-1",
                                        "2026/01/01", "2026-01-01 ", " 2026-01-01",
                                        "20260101xx", "2026-01-0a",  "２０２６-01-01"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!date_is_real(wrong[i]), "%s", wrong[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tests = tcase_create("dates");

    tcase_add_test(tests, a_day_of_the_calendar_is_real);
    tcase_add_test(tests, the_29th_of_february_is_real_in_leap_years_alone);
    tcase_add_test(tests, a_day_that_no_month_has_is_not_real);
    tcase_add_test(tests, any_other_form_is_not_real);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
