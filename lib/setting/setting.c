#include "setting.h"

#include <string.h>

#define SETTING(key, name, kind, min, max, step, factory, text, longest)                                               \
    {key, #name, kind, min, max, step, factory, text, longest},
const setting_rule setting_rules[SETTING_COUNT] = {
#include "smartpass/v1/devices.settings.h"
};
#undef SETTING

enum { PIN_DIGITS = 6, SIDE_DIGITS = 4 };

const setting_rule *setting_find(uint32_t key)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (setting_rules[i].key == key)
            return &setting_rules[i];
    return NULL;
}

const setting_rule *setting_find_name(const char *name, size_t length)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strlen(setting_rules[i].name) == length && memcmp(setting_rules[i].name, name, length) == 0)
            return &setting_rules[i];
    return NULL;
}

bool setting_is_text(const setting_rule *rule)
{
    return rule->kind >= SETTING_LINE;
}

setting_value setting_factory(const setting_rule *rule)
{
    return (setting_value){rule->factory, rule->factory_text};
}

bool setting_equal(const setting_rule *rule, setting_value a, setting_value b)
{
    return setting_is_text(rule) ? strcmp(a.text, b.text) == 0 : a.number == b.number;
}

/* ---- Forms of texts ---------------------------------------------------------------------------------------------- */

static bool is_line(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return *text != ' ' && (*text == '\0' || text[strlen(text) - 1] != ' ');
}

static bool is_url(const char *text)
{
    const char *host = strncmp(text, "http://", 7) == 0    ? text + 7
                       : strncmp(text, "https://", 8) == 0 ? text + 8
                                                           : NULL;

    return *text == '\0' || (host && *host != '\0' && *host != '/' && strcspn(text, " \"<>\\^`{|}") == strlen(text));
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_resolution(const char *text)
{
    size_t width = digits(text);

    if (width == 0 || width > SIDE_DIGITS || *text == '0' || text[width] != 'x')
        return false;
    size_t height = digits(text + width + 1);
    return height > 0 && height <= SIDE_DIGITS && text[width + 1] != '0' && text[width + 1 + height] == '\0';
}

/* Empty: the initial one. */
static bool is_pin_hash(const char *text)
{
    static const char scheme[] = "pbkdf2-sha256$";

    return *text == '\0' || strncmp(text, scheme, sizeof scheme - 1) == 0;
}

bool setting_pin_is_sound(const char *pin)
{
    size_t length = digits(pin);

    return length > 0 && length <= PIN_DIGITS && pin[length] == '\0' && strcmp(pin, "123456") != 0;
}

bool setting_is_sound(const setting_rule *rule, setting_value value)
{
    if (!setting_is_text(rule))
        return value.number >= rule->min && value.number <= rule->max && (value.number - rule->min) % rule->step == 0;
    if (strlen(value.text) >= SETTING_TEXT_SIZE || !is_line(value.text))
        return false;
    switch (rule->kind) {
    case SETTING_PIN:
        return is_pin_hash(value.text);
    case SETTING_URL:
        return strlen(value.text) <= rule->longest && is_url(value.text);
    case SETTING_RESOLUTION:
        return is_resolution(value.text);
    default:
        return strlen(value.text) <= rule->longest && (rule->key != SETTING_KEY_device_name || *value.text != '\0');
    }
}
