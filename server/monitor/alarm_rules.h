/* Kinds of alarms, as the database and the contract name them. Pure. */
#pragma once

#include "smartpass/v1/monitor.pb-c.h"

/* "DEVICE_OFFLINE"; "" for a kind that the contract does not have. Static. */
const char *alarm_kind_word(Smartpass__V1__AlarmKind kind);

/* UNSPECIFIED for any other word. */
Smartpass__V1__AlarmKind alarm_kind_from_word(const char *word);
