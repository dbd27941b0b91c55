/* The end of every Check program here: runs one list of tests. */
#pragma once

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

/* seconds: each test's limit. */
static inline int run_suite(const char *name, const TTest *const tests[], size_t count, double seconds)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(all, seconds);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RUN_SUITE(name, seconds, ...)                                                                                  \
    run_suite(name, (const TTest *const[]){__VA_ARGS__},                                                               \
              sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(const TTest *), seconds)
