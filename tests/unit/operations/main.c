#include "fixture.h"
#include "operations_tests.h"

int main(void)
{
    Suite *suite = suite_create("operations");

    suite_add_tcase(suite, rule_tests());
    suite_add_tcase(suite, store_tests());
    suite_add_tcase(suite, queue_tests());
    suite_add_tcase(suite, take_over_tests());
    return fixture_run(suite);
}
