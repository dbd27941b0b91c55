/* The state of a record. */
#include <stdbool.h>

#include "pass_rules.h"
#include "pass_tests.h"

static const struct {
    const char *what;
    int temperature_centi, threshold_centi;
    bool no_mask;
    Smartpass__V1__PassState state;
    bool said; /* the terminal says that it was abnormal */
} CASES[] = {
    {"below the threshold is normal", 3729, 3730, false, SMARTPASS__V1__PASS_STATE__PASS_STATE_NORMAL, false},
    {"reaching the threshold is abnormal", 3730, 3730, false,
     SMARTPASS__V1__PASS_STATE__PASS_STATE_ABNORMAL_TEMPERATURE, false},
    {"not measured is normal", 0, 3730, false, SMARTPASS__V1__PASS_STATE__PASS_STATE_NORMAL, false},
    {"without a threshold all is normal", 4200, 0, false, SMARTPASS__V1__PASS_STATE__PASS_STATE_NORMAL, false},
    {"a missing mask comes before the temperature", 4200, 3730, true, SMARTPASS__V1__PASS_STATE__PASS_STATE_NO_MASK,
     false},
    {"a terminal that keeps the value to itself says that it was abnormal", 0, 3730, false,
     SMARTPASS__V1__PASS_STATE__PASS_STATE_ABNORMAL_TEMPERATURE, true},
    {"also then a missing mask comes first", 0, 3730, true, SMARTPASS__V1__PASS_STATE__PASS_STATE_NO_MASK, true},
};

START_TEST(a_record_has_the_state_that_its_values_say)
{
    Smartpass__Link__V1__PassRecord record = SMARTPASS__LINK__V1__PASS_RECORD__INIT;

    record.temperature_centi = CASES[_i].temperature_centi;
    record.threshold_centi = CASES[_i].threshold_centi;
    record.no_mask = CASES[_i].no_mask;
    record.abnormal = CASES[_i].said;
    ck_assert_msg(pass_state(&record) == CASES[_i].state, "%s", CASES[_i].what);
}
END_TEST

TCase *pass_rule_tests(void)
{
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, a_record_has_the_state_that_its_values_say, 0, sizeof CASES / sizeof *CASES);
    return tests;
}
