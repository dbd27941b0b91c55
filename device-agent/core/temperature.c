#include "temperature.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    SETTLED_READINGS = 3,
    SETTLED_CENTI = 10,
    AMBIENT_USUAL_CENTI = 2500,
    AMBIENT_STEP = 50, /* of the ambient temperature for one of the compensation */
    COMPENSATION_MAX_CENTI = 100,
    TEMPERATURE_MAX_CENTI = 9999,
};

temperature_run temperature_begin(int32_t mode)
{
    return (temperature_run){.mode = mode};
}

static int by_size(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

static int32_t median(const int32_t *readings, uint32_t count)
{
    int32_t sorted[TEMPERATURE_READINGS_MAX];

    for (uint32_t i = 0; i < count; i++)
        sorted[i] = readings[i];
    qsort(sorted, count, sizeof *sorted, by_size);
    return sorted[count / 2];
}

static bool is_settled(const temperature_run *run)
{
    const int32_t *last = run->readings + run->count - SETTLED_READINGS;
    int32_t lowest, highest;

    if (run->count < SETTLED_READINGS)
        return false;
    lowest = highest = last[0];
    for (int i = 1; i < SETTLED_READINGS; i++) {
        lowest = last[i] < lowest ? last[i] : lowest;
        highest = last[i] > highest ? last[i] : highest;
    }
    return highest - lowest <= SETTLED_CENTI;
}

bool temperature_add(temperature_run *run, int32_t centi)
{
    if (run->mode != TEMPERATURE_FINE) {
        run->readings[0] = centi;
        run->count = centi != 0;
        return false;
    }
    if (centi == 0)
        return false;
    run->readings[run->count++] = centi;
    return run->count < TEMPERATURE_READINGS_MAX && !is_settled(run);
}

int32_t temperature_result(const temperature_run *run)
{
    if (run->count == 0)
        return 0;
    return is_settled(run) ? median(run->readings + run->count - SETTLED_READINGS, SETTLED_READINGS)
                           : median(run->readings, run->count);
}

int32_t temperature_compensation(const terminal_settings *settings, bool ambient_known, int32_t ambient_centi)
{
    int32_t centi;

    if (!settings->compensation_automatic)
        return settings->compensation_tenths * 10;
    if (settings->temperature_scenario != SCENARIO_OUTDOOR || !ambient_known)
        return 0;
    centi = (AMBIENT_USUAL_CENTI - ambient_centi) / AMBIENT_STEP;
    if (centi > COMPENSATION_MAX_CENTI)
        return COMPENSATION_MAX_CENTI;
    return centi < -COMPENSATION_MAX_CENTI ? -COMPENSATION_MAX_CENTI : centi;
}

int32_t temperature_compensate(int32_t centi, int32_t compensation_centi)
{
    int32_t sum = centi + compensation_centi;

    if (centi == 0)
        return 0;
    if (sum > TEMPERATURE_MAX_CENTI)
        return TEMPERATURE_MAX_CENTI;
    return sum > 0 ? sum : 1;
}

void temperature_words(int32_t centi, int32_t unit, char *out, size_t cap)
{
    double celsius = centi / 100.0;
    double fahrenheit = celsius * 9 / 5 + 32;

    if (centi == 0)
        snprintf(out, cap, "%s", "");
    else if (unit == UNIT_FAHRENHEIT)
        snprintf(out, cap, "%.1f ℉", fahrenheit);
    else if (unit == UNIT_BOTH)
        snprintf(out, cap, "%.1f ℃ / %.1f ℉", celsius, fahrenheit);
    else
        snprintf(out, cap, "%.1f ℃", celsius);
}
