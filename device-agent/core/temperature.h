/* What a measured temperature becomes: compensated, settled from several readings, and put into words. Hundredths of a
 * degree Celsius everywhere; 0: not measured. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

enum { TEMPERATURE_READINGS_MAX = 10 };

/* One measurement: readings come until it is settled. */
typedef struct {
    int32_t readings[TEMPERATURE_READINGS_MAX];
    uint32_t count;
    int32_t mode; /* TEMPERATURE_PRIMARY, … */
} temperature_run;

temperature_run temperature_begin(int32_t mode);

/* Takes a reading; false: it was the last one that is needed. The primary mode needs one; the fine one goes on until
 * three in a row lie within a tenth of a degree. */
bool temperature_add(temperature_run *run, int32_t centi);

/* Fine: the median, of the last three when they settled. Readings of nothing do not count. */
int32_t temperature_result(const temperature_run *run);

/* What is added to a measurement. By hand: the setting's tenths. Automatic: nothing indoors; outdoors a tenth of a
 * degree for each 5 degrees by which it is colder than 25 there, taken away when it is warmer, at most one degree.
 * Without knowing how warm it is, nothing. */
int32_t temperature_compensation(const terminal_settings *settings, bool ambient_known, int32_t ambient_centi);

/* A measurement with its compensation, within what a record can hold. */
int32_t temperature_compensate(int32_t centi, int32_t compensation_centi);

/* "36.6 ℃", "97.9 ℉", "36.6 ℃ / 97.9 ℉"; "" for nothing measured. */
void temperature_words(int32_t centi, int32_t unit, char *out, size_t cap);
