/* Refusals of one caller become rows within bounds, and what was swallowed is told once. */
#include "audit_limit.h"

#include <stdio.h>

#include "rules_tests.h"

enum { NOW = 1000000, MINUTE = 60000 };

static audit_limiter *limiter;
static audit_swallowed earlier;

static void up(void)
{
    limiter = audit_limiter_new(3);
    ck_assert_ptr_nonnull(limiter);
}

static void down(void)
{
    audit_limiter_free(limiter);
}

static int admitted(const char *who, int64_t now_ms, int times)
{
    int rows = 0;

    for (int i = 0; i < times; i++)
        rows += audit_limiter_admits(limiter, 1, who, now_ms, &earlier);
    return rows;
}

START_TEST(beyond_the_bound_refusals_are_counted_and_told_in_the_next_minute)
{
    ck_assert_int_eq(admitted("eve", NOW, 10), 3);
    ck_assert_int_eq(earlier.count, 0);
    ck_assert_int_eq(admitted("eve", NOW + MINUTE, 1), 1);
    ck_assert_int_eq(earlier.count, 7);
    ck_assert_str_eq(earlier.operator_name, "eve");
    ck_assert_int_eq(admitted("eve", NOW + MINUTE, 1), 1);
    ck_assert_int_eq(earlier.count, 0);
}
END_TEST

START_TEST(who_is_refused_no_more_is_told_by_the_sweep)
{
    admitted("eve", NOW, 5);
    ck_assert(!audit_limiter_next(limiter, NOW + MINUTE - 1, &earlier));
    ck_assert(audit_limiter_next(limiter, NOW + MINUTE, &earlier));
    ck_assert_int_eq(earlier.count, 2);
    ck_assert_int_eq(earlier.enterprise_id, 1);
    ck_assert(!audit_limiter_next(limiter, NOW + MINUTE, &earlier));
}
END_TEST

START_TEST(callers_do_not_use_up_each_others_bound)
{
    ck_assert_int_eq(admitted("eve", NOW, 5), 3);
    ck_assert_int_eq(admitted("mallory", NOW, 5), 3);
    ck_assert(audit_limiter_admits(limiter, 2, "eve", NOW, &earlier));
}
END_TEST

START_TEST(with_more_callers_than_places_nothing_swallowed_is_lost)
{
    int64_t told = 0;
    char who[32];

    for (int i = 0; i < 1000; i++) {
        snprintf(who, sizeof who, "caller %d", i);
        for (int n = 0; n < 5; n++) {
            audit_limiter_admits(limiter, 1, who, NOW + i, &earlier);
            told += earlier.count;
        }
    }
    while (audit_limiter_next(limiter, NOW + 10 * MINUTE, &earlier))
        told += earlier.count;
    ck_assert_int_eq(told, 2000);
}
END_TEST

START_TEST(a_clock_that_is_set_back_silences_nobody)
{
    admitted("eve", NOW, 5);
    ck_assert_int_eq(admitted("eve", NOW - 10 * MINUTE, 1), 1);
}
END_TEST

TCase *limit_tests(void)
{
    TCase *tests = tcase_create("limit");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, beyond_the_bound_refusals_are_counted_and_told_in_the_next_minute);
    tcase_add_test(tests, who_is_refused_no_more_is_told_by_the_sweep);
    tcase_add_test(tests, callers_do_not_use_up_each_others_bound);
    tcase_add_test(tests, with_more_callers_than_places_nothing_swallowed_is_lost);
    tcase_add_test(tests, a_clock_that_is_set_back_silences_nobody);
    return tests;
}
