#include <check.h>

#include "status.h"
#include "suite.h"

SP_STATUS(GATE_STUCK, SP_FAILED_PRECONDITION, "The gate is stuck.");

START_TEST(a_code_is_spelled_as_google_rpc_does)
{
    ck_assert_str_eq(sp_code_name(SP_OK), "OK");
    ck_assert_str_eq(sp_code_name(SP_NOT_FOUND), "NOT_FOUND");
    ck_assert_str_eq(sp_code_name(SP_UNAUTHENTICATED), "UNAUTHENTICATED");
}
END_TEST

START_TEST(a_number_off_the_table_is_unknown)
{
    ck_assert_str_eq(sp_code_name((sp_code)17), "UNKNOWN");
    ck_assert_str_eq(sp_code_name((sp_code)-1), "UNKNOWN");
}
END_TEST

START_TEST(a_declared_status_carries_its_own_name)
{
    ck_assert(sp_failed(GATE_STUCK));
    ck_assert_str_eq(GATE_STUCK.reason, "GATE_STUCK");
    ck_assert(!sp_failed(SP_DONE));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *tests = tcase_create("status");

    tcase_add_test(tests, a_code_is_spelled_as_google_rpc_does);
    tcase_add_test(tests, a_number_off_the_table_is_unknown);
    tcase_add_test(tests, a_declared_status_carries_its_own_name);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
