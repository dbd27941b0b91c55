/* The end of every Check program here: runs one list of tests. */
#pragma once

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

/* seconds: each test's limit; begin and end, which may be NULL, run around each. */
static inline int run_suite(const char *name, const TTest *const tests[], size_t count, double seconds,
                            void (*begin)(void), void (*end)(void))
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(all, seconds);
    tcase_add_checked_fixture(all, begin, end);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RUN_SUITE_IN(begin, end, name, seconds, ...)                                                                   \
    run_suite(name, (const TTest *const[]){__VA_ARGS__},                                                               \
              sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(const TTest *), seconds, begin, end)
#define RUN_SUITE(name, seconds, ...) RUN_SUITE_IN(NULL, NULL, name, seconds, __VA_ARGS__)
