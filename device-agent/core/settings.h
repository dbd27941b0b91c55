/* The settings that this terminal obeys, typed: one member for each setting of the contract, by its name there. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setting.h"

/* The numbers of these are the contract's (DeviceSettings in devices.proto). */
enum { RELAY_STAYS_OPEN = 1, RELAY_PULSES_HIGH = 2, RELAY_PULSES_LOW = 3 };
enum { SCENARIO_INDOOR = 1, SCENARIO_OUTDOOR = 2 };
enum { TEMPERATURE_PRIMARY = 1, TEMPERATURE_FINE = 2 };
enum { UNIT_CELSIUS = 1, UNIT_FAHRENHEIT = 2, UNIT_BOTH = 3 };
enum { SUCCESS_IMAGE = 1, SUCCESS_TEXT = 2 };
enum { FAILURE_RED_LIGHT = 1, FAILURE_NO_LIGHT = 2 };
enum { FILL_THREE_COLOUR = 1, FILL_WHITE = 2, FILL_OFF = 3 };

#define SETTING_SWITCH_MEMBER(name, longest) bool name;
#define SETTING_NUMBER_MEMBER(name, longest) int32_t name;
#define SETTING_CHOICE_MEMBER(name, longest) int32_t name;
#define SETTING_LINE_MEMBER(name, longest) char name[(longest) + 1];
#define SETTING_PIN_MEMBER(name, longest) char name[SETTING_TEXT_SIZE]; /* its hash */
#define SETTING_URL_MEMBER(name, longest) char name[(longest) + 1];
#define SETTING_RESOLUTION_MEMBER(name, longest) char name[(longest) + 1];
#define SETTING(key, name, kind, min, max, step, factory, text, longest) kind##_MEMBER(name, longest)
typedef struct {
#include "smartpass/v1/devices.settings.h"
} terminal_settings;
#undef SETTING

terminal_settings settings_factory(void);

/* One setting out of the struct, or into it; texts that come out are borrowed from the struct. The value that goes in
 * is sound. */
setting_value settings_get(const terminal_settings *settings, const setting_rule *rule);
void settings_put(terminal_settings *settings, const setting_rule *rule, setting_value value);
