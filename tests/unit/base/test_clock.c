#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "suite.h"

static const char *own_path;

START_TEST(now_is_the_time_of_day)
{
    int64_t by_libc_ms = (int64_t)time(NULL) * 1000;

    ck_assert_int_le(llabs(clock_now_ms() - by_libc_ms), 5000);
}
END_TEST

START_TEST(a_shift_moves_now_and_nothing_else)
{
    int64_t before_ms = clock_now_ms();
    int64_t monotonic_ms = clock_monotonic_ms();

    clock_shift_ms(3600000);
    ck_assert_int_ge(clock_now_ms(), before_ms + 3600000);
    ck_assert_int_le(clock_monotonic_ms(), monotonic_ms + 60000);
    clock_shift_ms(0);
    ck_assert_int_lt(clock_now_ms(), before_ms + 3600000);
}
END_TEST

START_TEST(the_environment_shifts_from_the_start)
{
    char command[1024];

    snprintf(command, sizeof command, "SMARTPASS_CLOCK_SHIFT_MS=-86400000 '%s' tell", own_path);
    FILE *child = popen(command, "r");
    long long told_ms = 0;

    ck_assert_int_eq(fscanf(child, "%lld", &told_ms), 1);
    pclose(child);
    ck_assert_int_le(llabs(told_ms + 86400000 - clock_now_ms()), 60000);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite;
    TCase *tests;

    if (argc == 2 && strcmp(argv[1], "tell") == 0)
        return printf("%lld\n", (long long)clock_now_ms()) < 0;
    own_path = argv[0];
    suite = suite_create("clock");
    tests = tcase_create("clock");
    tcase_add_test(tests, now_is_the_time_of_day);
    tcase_add_test(tests, a_shift_moves_now_and_nothing_else);
    tcase_add_test(tests, the_environment_shifts_from_the_start);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
