#include "fixture.h"
#include "pass_tests.h"

int main(void)
{
    Suite *suite = suite_create("pass");

    suite_add_tcase(suite, pass_rule_tests());
    suite_add_tcase(suite, ingest_tests());
    suite_add_tcase(suite, ingest_again_tests());
    suite_add_tcase(suite, ingest_kill_tests());
    suite_add_tcase(suite, grant_tests());
    suite_add_tcase(suite, pass_list_tests());
    suite_add_tcase(suite, retention_tests());
    return fixture_run(suite);
}
