/* The settings of a terminal: what the contract says of each (DeviceSettings in devices.proto). Both the server and the
 * terminal judge values by it. Pure; everything is static. [any thread] */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Field numbers of DeviceSettings, as they travel: SETTING_KEY_volume. */
#define SETTING(key, name, kind, min, max, step, factory, text, longest) SETTING_KEY_##name = key,
enum {
#include "smartpass/v1/devices.settings.h"
};
#undef SETTING

#define SETTING(key, name, kind, min, max, step, factory, text, longest) +1
enum {
    SETTING_COUNT = 0
#include "smartpass/v1/devices.settings.h"
};
#undef SETTING

enum { SETTING_TEXT_SIZE = 257 }; /* of any text on the link, with its end */

typedef enum {
    SETTING_SWITCH, /* 0 or 1 */
    SETTING_NUMBER,
    SETTING_CHOICE, /* the number of an enum's value, from 1 */
    SETTING_LINE,   /* texts from here on */
    SETTING_PIN,    /* stored and sent as a hash; empty: the initial one, 123456 */
    SETTING_URL,
    SETTING_RESOLUTION,
} setting_kind;

typedef struct {
    uint32_t key;
    const char *name; /* the contract's */
    setting_kind kind;
    int32_t min, max, step;
    int32_t factory;
    const char *factory_text;
    size_t longest; /* bytes of a text as it is typed */
} setting_rule;

/* One value; of the two, a rule's kind says which counts. Texts are borrowed. */
typedef struct {
    int64_t number;
    const char *text; /* never NULL */
} setting_value;

/* All of them, by key. */
extern const setting_rule setting_rules[SETTING_COUNT];

/* NULL when there is none. */
const setting_rule *setting_find(uint32_t key);
const setting_rule *setting_find_name(const char *name, size_t length);

bool setting_is_text(const setting_rule *rule);
setting_value setting_factory(const setting_rule *rule);
bool setting_equal(const setting_rule *rule, setting_value a, setting_value b);

/* Whether the value is in range, or the text in its form: one line without control characters, a PIN's hash, an http(s)
 * address or none, WIDTHxHEIGHT. An empty device name is not. */
bool setting_is_sound(const setting_rule *rule, setting_value value);

/* What somebody types as a new password: 1 to 6 digits, and not the initial one. */
bool setting_pin_is_sound(const char *pin);
