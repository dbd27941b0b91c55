/* The test cases of server/link, one file each. */
#pragma once

#include <check.h>

TCase *greeting_tests(void);
TCase *arrival_tests(void);
TCase *record_tests(void);
TCase *feed_tests(void);
TCase *snapshot_tests(void);
TCase *snapshot_shelf_tests(void);
TCase *capture_tests(void);
TCase *enrolment_tests(void);
TCase *wipe_tests(void);
