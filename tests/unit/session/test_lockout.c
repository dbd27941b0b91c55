#include <check.h>

#include "lockout.h"
#include "suite.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const int64_t NOON = 1800000000000;

START_TEST(four_failures_cost_nothing)
{
    lockout_count here = {0}, everywhere = {0};

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, NOON);
    ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, NOON), 0);
}
END_TEST

START_TEST(the_delay_doubles_from_the_fifth_failure_up_to_a_quarter_of_an_hour)
{
    static const int64_t delays[] = {30 * SECOND, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 15 * MINUTE};
    lockout_count here = {0}, everywhere = {0};
    int64_t now_ms = NOON;

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, now_ms);
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        lockout_count_failure(&here, &everywhere, now_ms);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, now_ms), delays[i]);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, now_ms + delays[i] - 1), 1);
        now_ms += delays[i];
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, now_ms), 0);
    }
}
END_TEST

START_TEST(an_hour_without_failures_is_forgotten)
{
    lockout_count here = {0}, everywhere = {0};

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, NOON);
    lockout_count_failure(&here, &everywhere, NOON + HOUR + 1);
    ck_assert_int_eq(here.failures, 1);
    ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, NOON + HOUR + 1), 0);
}
END_TEST

START_TEST(a_hundred_failures_within_the_hour_lock_the_account_everywhere)
{
    lockout_count everywhere = {0}, elsewhere = {0};

    for (int i = 0; i < LOCKOUT_HOURLY_FAILURES; i++) {
        lockout_count here = {0};

        ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, NOON + i), 0);
        lockout_count_failure(&here, &everywhere, NOON + i);
    }
    ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, NOON + MINUTE), HOUR - MINUTE);
    ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, NOON + HOUR), 0);
}
END_TEST

START_TEST(failures_spread_over_hours_do_not_add_up)
{
    lockout_count everywhere = {0};

    for (int i = 0; i < 500; i++) {
        lockout_count here = {0};

        lockout_count_failure(&here, &everywhere, NOON + i * (int64_t)MINUTE);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, NOON + i * (int64_t)MINUTE), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lockout");
    TCase *tests = tcase_create("rules");

    tcase_add_test(tests, four_failures_cost_nothing);
    tcase_add_test(tests, the_delay_doubles_from_the_fifth_failure_up_to_a_quarter_of_an_hour);
    tcase_add_test(tests, an_hour_without_failures_is_forgotten);
    tcase_add_test(tests, a_hundred_failures_within_the_hour_lock_the_account_everywhere);
    tcase_add_test(tests, failures_spread_over_hours_do_not_add_up);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
