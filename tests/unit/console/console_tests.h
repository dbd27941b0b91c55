/* The test cases of server/console, one file each. */
#pragma once

#include <check.h>

TCase *event_tests(void);
TCase *note_tests(void);
TCase *summary_tests(void);
