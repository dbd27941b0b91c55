#include "fixture.h"
#include "link_tests.h"

int main(void)
{
    Suite *suite = suite_create("link");

    suite_add_tcase(suite, greeting_tests());
    suite_add_tcase(suite, arrival_tests());
    suite_add_tcase(suite, record_tests());
    suite_add_tcase(suite, feed_tests());
    suite_add_tcase(suite, snapshot_tests());
    suite_add_tcase(suite, snapshot_shelf_tests());
    suite_add_tcase(suite, capture_tests());
    suite_add_tcase(suite, enrolment_tests());
    suite_add_tcase(suite, wipe_tests());
    return fixture_run(suite);
}
