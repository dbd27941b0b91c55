/* The parts of this program. */
#pragma once

#include <check.h>

TCase *employees_tests(void);
TCase *photos_tests(void);
TCase *groups_tests(void);
TCase *writing_tests(void); /* brings its own fixture, which is the house's and more */
