#include "control_settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "pin_hash.h"
#include "text.h"

/* ---- set ----------------------------------------------------------------------------------------------------------
 */

static bool parse_value(const setting_rule *rule, const char *text, char hash[PIN_HASH_SIZE], setting_value *ret)
{
    *ret = (setting_value){0, ""};
    if (rule->kind == SETTING_PIN) {
        ret->text = hash;
        return setting_pin_is_sound(text) && !sp_failed(pin_hash_make(text, hash));
    }
    if (setting_is_text(rule)) {
        ret->text = text;
        return true;
    }
    if (rule->kind == SETTING_SWITCH && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        ret->number = strcmp(text, "true") == 0;
        return true;
    }
    return rule->kind != SETTING_SWITCH && int64_parse(text, INT32_MIN, INT32_MAX, &ret->number);
}

void control_set(terminal *t, const char *name, const char *text, char *answer, size_t cap)
{
    static const char *const words[] = {"", "OUT_OF_RANGE", "NOT_OFFERED", "NOT_STORED"};
    const setting_rule *rule = setting_find_name(name, strlen(name));
    setting_change_result result = SETTING_CHANGE_UNSOUND;
    char hash[PIN_HASH_SIZE];
    setting_value value;
    json_line j;

    if (rule && parse_value(rule, text, hash, &value))
        result = terminal_change_setting(t, rule, value);
    json_begin(&j, answer, cap);
    if (!rule)
        json_text(&j, "error", "UNKNOWN");
    else if (result != SETTING_CHANGE_DONE)
        json_text(&j, "error", words[result]);
    else
        json_bool(&j, "done", true);
    json_end(&j);
}

/* ---- status -------------------------------------------------------------------------------------------------------
 */

/* relay_mode is relayMode in JSON, as everywhere in the product. */
static void camel_name(const char *name, char out[64])
{
    size_t n = 0;

    for (; *name && n < 63; name++)
        out[n++] = (char)(*name == '_' && name[1] ? toupper((unsigned char)*++name) : *name);
    out[n] = '\0';
}

static void describe(json_line *j, const setting_rule *rule, setting_value value)
{
    char name[64];

    camel_name(rule->name, name);
    if (rule->kind == SETTING_PIN)
        json_text(j, name, value.text[0] ? "set" : "initial");
    else if (setting_is_text(rule))
        json_text(j, name, value.text);
    else if (rule->kind == SETTING_SWITCH)
        json_bool(j, name, value.number != 0);
    else
        json_number(j, name, value.number);
}

void control_describe_settings(json_line *j, const terminal *t)
{
    terminal_facts facts = terminal_status(t);

    json_open(j, "settings");
    json_number(j, "version", facts.settings_version);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        describe(j, &setting_rules[i], settings_get(facts.settings, &setting_rules[i]));
    json_close(j, '}');
    json_open(j, "unanswered");
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char name[64];

        camel_name(setting_rules[i].name, name);
        if (terminal_setting_state(t, &setting_rules[i]).edit != 0)
            json_bool(j, name, true);
    }
    json_close(j, '}');
}
