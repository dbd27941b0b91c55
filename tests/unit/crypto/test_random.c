#include <check.h>
#include <string.h>

#include "random.h"
#include "suite.h"

static bool sevens(void *bytes, size_t n)
{
    memset(bytes, 7, n);
    return true;
}

static bool dry(void *bytes, size_t n)
{
    (void)bytes, (void)n;
    return false;
}

START_TEST(no_two_draws_are_alike)
{
    uint8_t a[32] = {0}, b[32] = {0}, zero[32] = {0};

    ck_assert(!sp_failed(crypto_random(a, sizeof a)));
    ck_assert(!sp_failed(crypto_random(b, sizeof b)));
    ck_assert_mem_ne(a, b, sizeof a);
    ck_assert_mem_ne(a, zero, sizeof a);
}
END_TEST

START_TEST(a_test_may_be_the_source_and_give_it_back)
{
    uint8_t bytes[8], wanted[8] = {7, 7, 7, 7, 7, 7, 7, 7};

    crypto_random_replace(sevens);
    ck_assert(!sp_failed(crypto_random(bytes, sizeof bytes)));
    ck_assert_mem_eq(bytes, wanted, sizeof bytes);
    crypto_random_replace(NULL);
    ck_assert(!sp_failed(crypto_random(bytes, sizeof bytes)));
    ck_assert_mem_ne(bytes, wanted, sizeof bytes);
}
END_TEST

START_TEST(a_source_that_fails_is_told)
{
    uint8_t bytes[8];

    crypto_random_replace(dry);
    ck_assert_str_eq(crypto_random(bytes, sizeof bytes).reason, "CRYPTO_FAILED");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");

    tcase_add_test(tests, no_two_draws_are_alike);
    tcase_add_test(tests, a_test_may_be_the_source_and_give_it_back);
    tcase_add_test(tests, a_source_that_fails_is_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
