#include "operation_rules.h"
#include "operations.h"
#include "operations_tests.h"

SP_STATUS(OUT_OF_PAPER, SP_FAILED_PRECONDITION, "There is no paper.");
SP_STATUS(LINE_BUSY, SP_UNAVAILABLE, "The line is busy.");

enum {
    SUCCEEDED = SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_SUCCEEDED,
    FAILED = SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_FAILED,
    CANCELLED = SMARTPASS__V1__OPERATION_STATE__OPERATION_STATE_CANCELLED,
};

START_TEST(everybody_sees_his_own_and_an_administrator_all)
{
    const operation_viewer ann = {7, false}, chief = {8, true}, nobody = {0, false};

    ck_assert(operation_visible(&ann, 7));
    ck_assert(!operation_visible(&ann, 8));
    ck_assert(operation_visible(&chief, 7));
    ck_assert(operation_visible(&chief, 8));
    ck_assert(!operation_visible(&nobody, 0));
}
END_TEST

static void assert_end(sp_status outcome, bool resumable, int attempt, int state, const char *reason)
{
    operation_ending ending = operation_end(outcome, resumable, attempt);

    ck_assert(!ending.back);
    ck_assert_int_eq(ending.state, state);
    ck_assert_str_eq(ending.error.reason, reason);
}

static void assert_back(sp_status outcome, int attempt, bool counts)
{
    operation_ending ending = operation_end(outcome, true, attempt);

    ck_assert(ending.back);
    ck_assert_int_eq(ending.counts, counts);
}

START_TEST(what_a_kind_returns_is_the_end)
{
    for (int resumable = 0; resumable < 2; resumable++) {
        assert_end(SP_DONE, resumable, 1, SUCCEEDED, "");
        assert_end(OPERATION_CANCELLED, resumable, 1, CANCELLED, "");
        assert_end(OUT_OF_PAPER, resumable, 1, FAILED, "OUT_OF_PAPER");
    }
    assert_end(LINE_BUSY, false, 1, FAILED, "LINE_BUSY");
}
END_TEST

START_TEST(only_what_can_be_resumed_goes_back_to_the_queue)
{
    assert_back(OPERATION_RELEASED, 1, false);
    assert_back(OPERATION_LOST, 1, true);
    assert_back(LINE_BUSY, 1, true);
    assert_end(OPERATION_RELEASED, false, 1, FAILED, "INTERRUPTED");
    assert_end(OPERATION_LOST, false, 1, FAILED, "INTERRUPTED");
}
END_TEST

START_TEST(the_fifth_attempt_is_the_last)
{
    assert_back(LINE_BUSY, 4, true);
    assert_end(LINE_BUSY, true, 5, FAILED, "ATTEMPTS_EXHAUSTED");
    assert_end(OPERATION_LOST, true, 5, FAILED, "ATTEMPTS_EXHAUSTED");
    assert_back(OPERATION_RELEASED, 5, false); /* it did not fail: the server stopped */
    assert_end(SP_DONE, true, 5, SUCCEEDED, "");
}
END_TEST

TCase *rule_tests(void)
{
    TCase *tests = tcase_create("rules");

    tcase_add_test(tests, everybody_sees_his_own_and_an_administrator_all);
    tcase_add_test(tests, what_a_kind_returns_is_the_end);
    tcase_add_test(tests, only_what_can_be_resumed_goes_back_to_the_queue);
    tcase_add_test(tests, the_fifth_attempt_is_the_last);
    return tests;
}
