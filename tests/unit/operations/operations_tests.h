/* The test cases of server/operations, one file each. */
#pragma once

#include <check.h>

TCase *rule_tests(void);
TCase *queue_tests(void);
TCase *store_tests(void);
TCase *take_over_tests(void);
