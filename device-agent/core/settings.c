#include "settings.h"

terminal_settings settings_factory(void)
{
    return (terminal_settings){
        .temperature_detection = true,
        .alarm_threshold_centi = 3730,
        .block_abnormal = true,
        .stranger_record = true,
        .relay_ms = 5000,
    };
}

size_t settings_take(terminal_settings *present, const terminal_settings *desired,
                     const char *ret_refused[SETTINGS_COUNT])
{
    terminal_settings taken = *desired;
    size_t refused = 0;

    if (desired->alarm_threshold_centi < SETTINGS_THRESHOLD_MIN_CENTI ||
        desired->alarm_threshold_centi > SETTINGS_THRESHOLD_MAX_CENTI) {
        taken.alarm_threshold_centi = present->alarm_threshold_centi;
        ret_refused[refused++] = "alarm_threshold_centi";
    }
    if (desired->relay_ms < SETTINGS_RELAY_MIN_MS || desired->relay_ms > SETTINGS_RELAY_MAX_MS) {
        taken.relay_ms = present->relay_ms;
        ret_refused[refused++] = "relay_ms";
    }
    *present = taken;
    return refused;
}
