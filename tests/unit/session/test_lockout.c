#include <check.h>

#include "lockout.h"
#include "suite.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const int64_t NOON = 1800000000000;

START_TEST(four_failures_cost_nothing)
{
    lockout_count here = {0}, everywhere = {0};

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, false, NOON);
    ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, NOON), 0);
}
END_TEST

START_TEST(the_delay_doubles_from_the_fifth_failure_up_to_a_quarter_of_an_hour)
{
    static const int64_t delays[] = {30 * SECOND, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 15 * MINUTE};
    lockout_count here = {0}, everywhere = {0};
    int64_t now_ms = NOON;

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, false, now_ms);
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        lockout_count_failure(&here, &everywhere, false, now_ms);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, now_ms), delays[i]);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, now_ms + delays[i] - 1), 1);
        now_ms += delays[i];
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, now_ms), 0);
    }
}
END_TEST

START_TEST(an_hour_without_failures_is_forgotten)
{
    lockout_count here = {0}, everywhere = {0};

    for (int i = 0; i < 4; i++)
        lockout_count_failure(&here, &everywhere, false, NOON);
    lockout_count_failure(&here, &everywhere, false, NOON + HOUR + 1);
    ck_assert_int_eq(here.failures, 1);
    ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, NOON + HOUR + 1), 0);
}
END_TEST

START_TEST(a_hundred_failures_within_the_hour_lock_the_account_everywhere)
{
    lockout_count everywhere = {0}, elsewhere = {0};

    for (int i = 0; i < LOCKOUT_HOURLY_FAILURES; i++) {
        lockout_count here = {0};

        ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, false, NOON + i), 0);
        lockout_count_failure(&here, &everywhere, false, NOON + i);
    }
    ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, false, NOON + MINUTE), HOUR - MINUTE);
    ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, false, NOON + HOUR), 0);
}
END_TEST

START_TEST(failures_spread_over_hours_do_not_add_up)
{
    lockout_count everywhere = {0};

    for (int i = 0; i < 500; i++) {
        lockout_count here = {0};

        lockout_count_failure(&here, &everywhere, false, NOON + i * (int64_t)MINUTE);
        ck_assert_int_eq(lockout_wait_ms(&here, &everywhere, false, NOON + i * (int64_t)MINUTE), 0);
    }
}
END_TEST

START_TEST(a_place_that_the_account_knows_is_not_locked_by_what_others_try_elsewhere)
{
    lockout_count everywhere = {0}, home = {0};

    for (int i = 0; i < LOCKOUT_HOURLY_FAILURES; i++) {
        lockout_count here = {0};

        lockout_count_failure(&here, &everywhere, false, NOON);
    }
    ck_assert_int_eq(lockout_wait_ms(&home, &everywhere, false, NOON), HOUR);
    ck_assert_int_eq(lockout_wait_ms(&home, &everywhere, true, NOON), 0);
}
END_TEST

START_TEST(failures_in_a_known_place_delay_that_place_and_count_nowhere_else)
{
    lockout_count everywhere = {0}, home = {0}, elsewhere = {0};

    for (int i = 0; i < 2 * LOCKOUT_HOURLY_FAILURES; i++)
        lockout_count_failure(&home, &everywhere, true, NOON);
    ck_assert_int_eq(lockout_wait_ms(&home, &everywhere, true, NOON), 15 * MINUTE);
    ck_assert_int_eq(lockout_wait_ms(&elsewhere, &everywhere, false, NOON), 0);
}
END_TEST

START_TEST(a_network_of_ipv6_is_one_place)
{
    static const struct {
        const char *address, *place;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"2001:db8:1:2::9", "2001:db8:1:2::/64"},
        {"::1", "::/64"},
        {"", "unknown"},
        {"localhost", "unknown"},
    };
    char place[LOCKOUT_PLACE_SIZE];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lockout_place(rows[i].address, place);
        ck_assert_str_eq(place, rows[i].place);
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
    tcase_add_test(tests, a_place_that_the_account_knows_is_not_locked_by_what_others_try_elsewhere);
    tcase_add_test(tests, failures_in_a_known_place_delay_that_place_and_count_nowhere_else);
    tcase_add_test(tests, a_network_of_ipv6_is_one_place);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
