/* Days of the calendar as text. */
#pragma once

#include <stdbool.h>

/* "YYYY-MM-DD" and a day that the Gregorian calendar has, from year 1 to 9999. Dates of this form sort as text does. */
bool date_is_real(const char *text);
