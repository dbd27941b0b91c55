#include "settings.h"

#include <string.h>

/* Where each setting lies, in the order of setting_rules. */
#define SETTING(key, name, kind, min, max, step, factory, text, longest)                                               \
    {offsetof(terminal_settings, name), sizeof(((terminal_settings *)0)->name)},
static const struct {
    size_t offset;
    size_t size;
} places[SETTING_COUNT] = {
#include "smartpass/v1/devices.settings.h"
};
#undef SETTING

static void *place_of(terminal_settings *settings, const setting_rule *rule)
{
    return (char *)settings + places[rule - setting_rules].offset;
}

static const void *look_at(const terminal_settings *settings, const setting_rule *rule)
{
    return (const char *)settings + places[rule - setting_rules].offset;
}

terminal_settings settings_factory(void)
{
    terminal_settings settings = {0};

    for (size_t i = 0; i < SETTING_COUNT; i++)
        settings_put(&settings, &setting_rules[i], setting_factory(&setting_rules[i]));
    return settings;
}

setting_value settings_get(const terminal_settings *settings, const setting_rule *rule)
{
    const void *place = look_at(settings, rule);

    if (setting_is_text(rule))
        return (setting_value){0, place};
    return (setting_value){rule->kind == SETTING_SWITCH ? *(const bool *)place : *(const int32_t *)place, ""};
}

/* The text may be the very one that is there. */
static void put_text(char *place, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);

    memmove(place, text, length);
    memset(place + length, 0, size - length);
}

void settings_put(terminal_settings *settings, const setting_rule *rule, setting_value value)
{
    void *place = place_of(settings, rule);

    if (setting_is_text(rule))
        put_text(place, places[rule - setting_rules].size, value.text);
    else if (rule->kind == SETTING_SWITCH)
        *(bool *)place = value.number != 0;
    else
        *(int32_t *)place = (int32_t)value.number;
}
