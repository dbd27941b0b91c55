/* The settings that this terminal obeys: factory values, and what may replace them. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SETTINGS_THRESHOLD_MIN_CENTI = 3000,
    SETTINGS_THRESHOLD_MAX_CENTI = 4500,
    SETTINGS_RELAY_MIN_MS = 1000,
    SETTINGS_RELAY_MAX_MS = 63000,
    SETTINGS_COUNT = 7,
};

typedef struct {
    int64_t version; /* of the server's desired settings; 0: factory */
    bool temperature_detection;
    int32_t alarm_threshold_centi; /* hundredths of a degree Celsius */
    bool block_abnormal;           /* an abnormal temperature keeps the door shut */
    bool mask_required;
    bool stranger_mode;   /* strangers open the door */
    bool stranger_record; /* strangers are recorded */
    uint32_t relay_ms;    /* how long the relay stays active */
} terminal_settings;

terminal_settings settings_factory(void);

/* Takes every desired value that is in range, keeps the present one for the others, and takes the version. Writes the
 * contract's names of those refused (static strings) and returns how many. */
size_t settings_take(terminal_settings *present, const terminal_settings *desired,
                     const char *ret_refused[SETTINGS_COUNT]);
