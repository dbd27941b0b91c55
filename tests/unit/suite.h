/* The end of every Check program here. */
#pragma once

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

/* Runs the suite and frees it. What main returns. CK_VERBOSITY in the environment says how much is printed. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A suite of one list of tests. seconds: each test's limit; begin and end, which may be NULL, run around each. */
static inline int suite_run_list(const char *name, const TTest *const tests[], size_t count, double seconds,
                                 void (*begin)(void), void (*end)(void))
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);

    tcase_set_timeout(all, seconds);
    tcase_add_checked_fixture(all, begin, end);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    return suite_run(suite);
}

#define RUN_SUITE_IN(begin, end, name, seconds, ...)                                                                   \
    suite_run_list(name, (const TTest *const[]){__VA_ARGS__},                                                          \
                   sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(const TTest *), seconds, begin, end)
#define RUN_SUITE(name, seconds, ...) RUN_SUITE_IN(NULL, NULL, name, seconds, __VA_ARGS__)
