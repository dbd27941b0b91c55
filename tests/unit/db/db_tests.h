/* The parts of this program. */
#pragma once

#include <check.h>

TCase *values_tests(void);
TCase *tuples_tests(void);
TCase *access_tests(void);
TCase *cluster_tests(void);
