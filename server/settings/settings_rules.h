/* Settings as numbers and texts of one kind, whatever the message calls them; and who wins when both sides changed one.
 * Pure. */
#pragma once

#include "setting.h"
#include "smartpass/v1/devices.pb-c.h"

setting_value settings_get(const Smartpass__V1__DeviceSettings *settings, const setting_rule *rule);

/* The text is borrowed. A password is never put anywhere. */
void settings_put(Smartpass__V1__DeviceSettings *settings, const setting_rule *rule, setting_value value);

/* The risk that a value in force is; DEVICE_RISK_UNSPECIFIED: none. */
Smartpass__V1__DeviceRisk settings_risk(const setting_rule *rule, setting_value in_force);

/* What a terminal may have said of one of its settings, told or changed there (link's SettingOutcome). */
typedef struct {
    const setting_rule *rule;
    int64_t version;
    int64_t edit;
    setting_value value;
    const char *refused;
} setting_outcome;

/* What is kept of it here. */
typedef struct {
    int64_t version; /* 0: there is no row */
    int64_t edit;
    setting_value value;
} setting_kept;

typedef enum {
    EDIT_KNOWN,     /* accepted before: what is kept answers it */
    EDIT_ACCEPTED,  /* is kept from now on */
    EDIT_OVERRULED, /* what is kept is newer, and goes down */
    EDIT_RESTORED,  /* is not accepted, and the terminal would not take what is kept, unless as something newer */
} edit_verdict;

edit_verdict settings_judge(const setting_kept *kept, const setting_outcome *edit);
