#include <check.h>
#include <string.h>

#include "suite.h"
#include "totp.h"

static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";

/* RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
static const struct {
    int64_t seconds;
    const char *code;
} VECTORS[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

START_TEST(codes_are_those_of_the_standard)
{
    char code[TOTP_CODE_SIZE];
    int64_t step = VECTORS[_i].seconds * 1000 / TOTP_STEP_MS;

    ck_assert(!sp_failed(totp_code(secret, step, code)));
    ck_assert_str_eq(code, VECTORS[_i].code);
}
END_TEST

/* RFC 4226, appendix D. */
START_TEST(counters_of_the_older_standard_fit_too)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    char code[TOTP_CODE_SIZE];

    for (int64_t step = 0; step < 10; step++) {
        ck_assert(!sp_failed(totp_code(secret, step, code)));
        ck_assert_str_eq(code, codes[step]);
    }
}
END_TEST

static int64_t found(const char *code, int64_t now_ms, int64_t after)
{
    int64_t step;

    ck_assert(!sp_failed(totp_find(secret, code, now_ms, after, &step)));
    return step;
}

START_TEST(a_code_is_good_one_step_before_and_after)
{
    static const int64_t step = 37037036; /* of 1111111109 s */
    int64_t begins_ms = step * TOTP_STEP_MS, ends_ms = begins_ms + TOTP_STEP_MS - 1;

    ck_assert_int_eq(found("081804", begins_ms, 0), step);
    ck_assert_int_eq(found("081804", ends_ms, 0), step);
    ck_assert_int_eq(found("081804", begins_ms - TOTP_STEP_MS, 0), step);
    ck_assert_int_eq(found("081804", ends_ms + TOTP_STEP_MS, 0), step);
    ck_assert_int_eq(found("081804", begins_ms - TOTP_STEP_MS - 1, 0), 0);
    ck_assert_int_eq(found("081804", ends_ms + TOTP_STEP_MS + 1, 0), 0);
}
END_TEST

START_TEST(a_step_that_was_taken_is_not_found_again)
{
    static const int64_t step = 37037036;

    ck_assert_int_eq(found("081804", step * TOTP_STEP_MS, step - 1), step);
    ck_assert_int_eq(found("081804", step * TOTP_STEP_MS, step), 0);
    ck_assert_int_eq(found("081804", step * TOTP_STEP_MS, step + 5), 0);
}
END_TEST

START_TEST(what_is_no_code_is_never_found)
{
    static const char *const wrong[] = {"", "08180", "0818040", "081805", "08180a", " 81804"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_int_eq(found(wrong[i], 1111111109000, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("totp");
    TCase *tests = tcase_create("totp");

    tcase_add_loop_test(tests, codes_are_those_of_the_standard, 0, sizeof VECTORS / sizeof *VECTORS);
    tcase_add_test(tests, counters_of_the_older_standard_fit_too);
    tcase_add_test(tests, a_code_is_good_one_step_before_and_after);
    tcase_add_test(tests, a_step_that_was_taken_is_not_found_again);
    tcase_add_test(tests, what_is_no_code_is_never_found);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
