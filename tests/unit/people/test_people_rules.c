/* Who hears of it when somebody changes. */
#include <check.h>
#include <string.h>

#include "people_rules.h"
#include "suite.h"

static const person_at_terminals ANN = {7, "Ann", "0007", "55"};

static const struct {
    const char *name;
    person_at_terminals after;
    bool differs;
} CHANGES[] = {
    {"nothing changed", {7, "Ann", "0007", "55"}, false},  {"another photo", {8, "Ann", "0007", "55"}, true},
    {"no photo any more", {0, "Ann", "0007", "55"}, true}, {"another name", {7, "Anna", "0007", "55"}, true},
    {"another number", {7, "Ann", "7", "55"}, true},       {"no card any more", {7, "Ann", "0007", ""}, true},
};

START_TEST(terminals_hear_of_what_they_show_and_recognise)
{
    ck_assert_msg(person_differs_at_terminals(&ANN, &CHANGES[_i].after) == CHANGES[_i].differs, "%s", CHANGES[_i].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people rules");
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, terminals_hear_of_what_they_show_and_recognise, 0, sizeof CHANGES / sizeof *CHANGES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
