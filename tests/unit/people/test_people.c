/* The PeopleService and the OrgService, called over a socket by signed-in callers. */
#include "house.h"
#include "people_tests.h"

int main(void)
{
    Suite *suite = suite_create("people");
    TCase *cases[] = {employees_tests(), photos_tests(), groups_tests()};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tcase_add_checked_fixture(cases[i], house_up, house_down);
        tcase_set_timeout(cases[i], 60);
        suite_add_tcase(suite, cases[i]);
    }
    suite_add_tcase(suite, writing_tests());
    return fixture_run(suite);
}
