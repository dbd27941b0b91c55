/* The stub generator when memory runs out: each of its allocations fails once. It answers as if nothing had happened,
 * or ends with a complaint and no answer; never with half of one. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "failing_alloc.h"
#include "generator.h"
#include "suite.h"

enum { BEGINS_ONLY_SO_MANY_TIMES = 5000 };

/* Between this process and the generator's. */
static struct {
    size_t nth;
    alloc_failure failure;
    size_t held_before;
    size_t held_after; /* counts when the generator came to its end */
    size_t failed;
} * shared;

static void share(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(shared, MAP_FAILED);
}

static void unshare(void)
{
    munmap(shared, sizeof *shared);
}

static void begin(void)
{
    shared->held_before = alloc_held();
    alloc_arm(shared->nth, shared->failure);
}

static void end(int exit_code)
{
    (void)exit_code;
    shared->failed = alloc_disarm();
    shared->held_after = alloc_held();
}

static bool same_answer(const generator_result *a, const generator_result *b)
{
    return a->exit_code == b->exit_code && a->output_size == b->output_size &&
           memcmp(a->output, b->output, a->output_size) == 0;
}

/* One run; false once there is no allocation left to fail. */
static bool try_once(const uint8_t *request, size_t size, const generator_result *expected)
{
    generator_result result;

    generator_run(request, size, begin, end, &result);
    ck_assert_msg(generator_ended_well(&result), "allocation %zu: exit code %d: %s", shared->nth, result.exit_code,
                  result.complaint);
    if (result.exit_code == 0) {
        ck_assert_msg(same_answer(&result, expected), "allocation %zu: another answer", shared->nth);
        ck_assert_uint_eq(shared->held_before, shared->held_after);
    } else {
        ck_assert_msg(shared->failed > 0, "%s", result.complaint);
    }
    generator_result_drop(&result);
    return shared->failed > 0;
}

static const char *const requests[] = {"shop.request", "shop_nanopb.request", "people.request", "refused.request"};

START_TEST(every_allocation_may_fail)
{
    size_t size;
    uint8_t *request = generator_request(requests[_i], &size);
    generator_result expected;
    size_t runs[2] = {0, 0};

    generator_run(request, size, NULL, NULL, &expected);
    ck_assert_int_eq(expected.exit_code, 0);
    for (alloc_failure failure = ALLOC_FAILS_ONCE; failure <= ALLOC_FAILS_ONWARD; failure++) {
        shared->failure = failure;
        for (shared->nth = 1; try_once(request, size, &expected); shared->nth++)
            ck_assert_uint_lt(++runs[failure], BEGINS_ONLY_SO_MANY_TIMES);
    }
    ck_assert_uint_gt(runs[0], 5);
    printf("generator, %s: %zu allocations failed alone, %zu with all that follow\n", requests[_i], runs[0], runs[1]);
    fflush(stdout);
    generator_result_drop(&expected);
    free(request);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generator without memory");
    TCase *cases = tcase_create("requests");

    tcase_add_checked_fixture(cases, share, unshare);
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, every_allocation_may_fail, 0, sizeof requests / sizeof *requests);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
