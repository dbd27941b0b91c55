#include "settings_rules.h"

#include <string.h>

typedef Smartpass__V1__DeviceSettings DeviceSettings;

static void *place_of(const DeviceSettings *settings, const setting_rule *rule)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&smartpass__v1__device_settings__descriptor, rule->key);

    return (char *)settings + field->offset;
}

/* Switches, numbers and choices are all int32_t in the message. */
_Static_assert(sizeof(protobuf_c_boolean) == sizeof(int32_t), "a boolean has another size");
_Static_assert(sizeof(Smartpass__V1__RelayMode) == sizeof(int32_t), "an enum has another size");

setting_value settings_get(const DeviceSettings *settings, const setting_rule *rule)
{
    if (setting_is_text(rule))
        return (setting_value){.text = *(char *const *)place_of(settings, rule)};
    return (setting_value){.number = *(const int32_t *)place_of(settings, rule), .text = ""};
}

void settings_put(DeviceSettings *settings, const setting_rule *rule, setting_value value)
{
    if (rule->kind == SETTING_PIN)
        return;
    if (setting_is_text(rule))
        *(char **)place_of(settings, rule) = (char *)value.text;
    else
        *(int32_t *)place_of(settings, rule) = (int32_t)value.number;
}

Smartpass__V1__DeviceRisk settings_risk(const setting_rule *rule, setting_value in_force)
{
    switch (rule->key) {
    case SETTING_KEY_relay_mode:
        return in_force.number == SMARTPASS__V1__RELAY_MODE__RELAY_MODE_STAYS_OPEN
                   ? SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_RELAY_STAYS_OPEN
                   : SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED;
    case SETTING_KEY_stranger_mode:
        return in_force.number != 0 ? SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_STRANGERS_PASS
                                    : SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED;
    case SETTING_KEY_password:
        return *in_force.text == '\0' ? SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_INITIAL_PASSWORD
                                      : SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED;
    case SETTING_KEY_liveness:
        return in_force.number == 0 ? SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_NO_LIVENESS
                                    : SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED;
    default:
        return SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_UNSPECIFIED;
    }
}

edit_verdict settings_judge(const setting_kept *kept, const setting_outcome *edit)
{
    if (kept->version != 0 && kept->edit == edit->edit)
        return EDIT_KNOWN;
    if (!setting_is_sound(edit->rule, edit->value))
        return EDIT_RESTORED;
    if (edit->version == kept->version || kept->edit != 0)
        return EDIT_ACCEPTED;
    return kept->version > edit->version ? EDIT_OVERRULED : EDIT_RESTORED;
}
