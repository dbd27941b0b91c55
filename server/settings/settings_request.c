/* What a request asks for: the mask, and each value that it names. */
#include <string.h>

#include "field.h"
#include "pin_hash.h"
#include "settings.h"
#include "settings_rules.h"

typedef Smartpass__V1__DeviceSettings DeviceSettings;

enum { NAMED_AT_ONCE = 4 * SETTING_COUNT };

/* ---- The mask ---------------------------------------------------------------------------------------------------- */

static sp_status mask_refused(rpc_call *call, const char *reason, const char *why)
{
    return rpc_call_violation(call, "update_mask", reason, why);
}

/* Naming one twice does no harm. */
static sp_status take_mask(rpc_call *call, const Google__Protobuf__FieldMask *mask, bool named[SETTING_COUNT])
{
    memset(named, 0, SETTING_COUNT * sizeof *named);
    if (!mask || mask->n_paths == 0)
        return mask_refused(call, "FIELD_REQUIRED", "Name the settings that change.");
    if (mask->n_paths > NAMED_AT_ONCE)
        return mask_refused(call, "TOO_MANY", "There are not so many settings.");
    for (size_t i = 0; i < mask->n_paths; i++) {
        const setting_rule *rule = setting_find_name(mask->paths[i], strlen(mask->paths[i]));

        if (!rule)
            return mask_refused(call, "SETTING_UNKNOWN", "There is no setting with one of these names.");
        named[rule - setting_rules] = true;
    }
    return SP_DONE;
}

/* ---- The values -------------------------------------------------------------------------------------------------- */

static const char *demand(const setting_rule *rule)
{
    switch (rule->kind) {
    case SETTING_PIN:
        return "A password has 1 to 6 digits, and is not 123456.";
    case SETTING_URL:
        return "This begins with http:// or https://, or is empty.";
    case SETTING_RESOLUTION:
        return "This is like 1280x720.";
    case SETTING_CHOICE:
        return "There is no such choice.";
    case SETTING_LINE:
        return "This is one line, and not longer than its limit.";
    default:
        return "The value is out of range, or not in its steps.";
    }
}

static sp_status refuse(rpc_call *call, const setting_rule *rule, const char *field)
{
    const char *reason = rule->kind == SETTING_NUMBER ? "OUT_OF_RANGE" : "VALUE_INVALID";

    return rpc_call_violation(call, field, reason, demand(rule));
}

/* The digits become their hash. */
static sp_status take_pin(rpc_call *call, const setting_rule *rule, const char *field, setting_value *value)
{
    char *hash = arena_alloc(rpc_call_arena(call), PIN_HASH_SIZE);

    if (!hash)
        return OUT_OF_MEMORY;
    if (!setting_pin_is_sound(value->text))
        return refuse(call, rule, field);
    sp_status st = pin_hash_make(value->text, hash);
    value->text = hash;
    return st;
}

static sp_status take_line(rpc_call *call, const setting_rule *rule, const char *field, setting_value *value)
{
    char *text = (char *)value->text;
    sp_status st = field_take_line(call, field, &text, rule->key == SETTING_KEY_device_name);

    value->text = text;
    return st;
}

static sp_status take_value(rpc_call *call, const setting_rule *rule, setting_value *value)
{
    const char *field = arena_printf(rpc_call_arena(call), "settings.%s", rule->name);
    sp_status st = SP_DONE;

    if (!field)
        return OUT_OF_MEMORY;
    if (rule->kind == SETTING_PIN)
        return take_pin(call, rule, field, value);
    if (rule->kind == SETTING_LINE)
        st = take_line(call, rule, field, value);
    if (!sp_failed(st) && !setting_is_sound(rule, *value))
        st = refuse(call, rule, field);
    return st;
}

sp_status settings_take(rpc_call *call, const DeviceSettings *settings, const Google__Protobuf__FieldMask *mask,
                        setting_changes *ret_changes)
{
    bool named[SETTING_COUNT];
    sp_status st = take_mask(call, mask, named);

    ret_changes->count = 0;
    if (sp_failed(st))
        return st;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        setting_change change = {&setting_rules[i], settings_get(settings, &setting_rules[i])};

        if (!named[i])
            continue;
        st = sp_first_failure(st, take_value(call, change.rule, &change.value));
        ret_changes->list[ret_changes->count++] = change;
    }
    return st;
}

/* ---- What was taken ---------------------------------------------------------------------------------------------- */

const setting_change *settings_find_change(const setting_changes *changes, uint32_t key)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->list[i].rule->key == key)
            return &changes->list[i];
    return NULL;
}

const char *settings_names(arena *a, const setting_changes *changes)
{
    const char *names = "";

    for (size_t i = 0; names && i < changes->count; i++)
        names = arena_printf(a, "%s%s%s", names, i > 0 ? ", " : "", changes->list[i].rule->name);
    return names ? names : "";
}
