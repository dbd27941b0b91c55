#include "alloc_scenario.h"

#include <check.h>
#include <stdio.h>

#include "suite.h"

enum {
    FAULTS_MAX = 20, /* after so many, those that follow tell nothing new */
    MISSES_MAX = 3,  /* after so many runs without a failure there is nothing left to fail: threads vary a little */
};

static const char *const failure_names[] = {
    [ALLOC_FAILS_ONCE] = "alone",
    [ALLOC_FAILS_ONWARD] = "and all that follow",
};

static bool ended_well(const alloc_scenario *s, sp_code code, bool failed)
{
    if (code == s->expected)
        return true;
    return failed && (code == SP_RESOURCE_EXHAUSTED || (s->also != SP_OK && code == s->also));
}

/* One run. *ret_failed tells whether there was still an allocation to fail. */
static bool try_once(const alloc_scenario *s, size_t before, size_t nth, alloc_failure failure, bool *ret_failed)
{
    alloc_arm(nth, failure);

    sp_code code = s->run();

    *ret_failed = alloc_disarm() > 0;

    const char *fault = NULL;

    if (!ended_well(s, code, *ret_failed))
        fault = sp_code_name(code);
    else if (!alloc_settles_at(before))
        fault = "memory is lost";
    else if (s->works != NULL && !s->works())
        fault = "it does not work afterwards";
    else if (!alloc_settles_at(before))
        fault = "memory is lost afterwards";
    if (fault != NULL)
        fprintf(stderr, "%s, allocation %zu %s: %s\n", s->name, nth, failure_names[failure], fault);
    return fault == NULL;
}

static bool passes(const alloc_scenario *s)
{
    size_t runs[2] = {0, 0};
    size_t faults = 0;

    if (s->open != NULL)
        s->open();
    for (alloc_failure failure = ALLOC_FAILS_ONCE; failure <= ALLOC_FAILS_ONWARD; failure++) {
        size_t before = alloc_held_at_rest();
        int misses = 0;

        for (size_t nth = 1; misses < MISSES_MAX && faults < FAULTS_MAX; nth++) {
            bool failed = false;

            if (!try_once(s, before, nth, failure, &failed)) {
                before = alloc_held_at_rest(); /* the next run begins with what this one left */
                faults++;
            }
            runs[failure] += failed;
            misses = failed ? 0 : misses + 1;
        }
    }
    if (s->close != NULL)
        s->close();
    printf("%s: %zu allocations failed alone, %zu with all that follow\n", s->name, runs[0], runs[1]);
    fflush(stdout);
    return faults == 0;
}

static const alloc_scenario *under_test; /* Check hands its tests nothing but a number */

START_TEST(every_allocation_may_fail)
{
    ck_assert(passes(&under_test[_i]));
}
END_TEST

int alloc_scenarios_run(const char *name, const alloc_scenario *scenarios, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *cases = tcase_create(name);

    under_test = scenarios;
    tcase_set_timeout(cases, 240);
    tcase_add_loop_test(cases, every_allocation_may_fail, 0, (int)count);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
