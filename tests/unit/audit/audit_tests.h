/* The parts of test_audit. */
#pragma once

#include <check.h>

TCase *sealer_tests(void);
TCase *json_tests(void);
