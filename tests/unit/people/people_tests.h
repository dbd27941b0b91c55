/* The parts of this program. */
#pragma once

#include <check.h>

TCase *employees_tests(void);
TCase *photos_tests(void);
TCase *groups_tests(void);
