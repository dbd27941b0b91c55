/* The parts of test_audit_rules. */
#pragma once

#include <check.h>

TCase *limit_tests(void);
TCase *csv_tests(void);
