#include "console_tests.h"
#include "fixture.h"

int main(void)
{
    Suite *suite = suite_create("console");

    suite_add_tcase(suite, event_tests());
    suite_add_tcase(suite, note_tests());
    suite_add_tcase(suite, summary_tests());
    return fixture_run(suite);
}
