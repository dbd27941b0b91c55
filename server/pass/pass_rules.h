/* What a record means. Pure: values in, verdict out. */
#pragma once

#include "smartpass/link/v1/link.pb-c.h"

/* The state that is shown and filtered by: no mask before abnormal temperature before normal (ledger 5.1c). A
 * temperature that reaches the threshold is abnormal, also when the terminal keeps the value to itself and only says
 * so; not measured, or no threshold in force, is normal. */
Smartpass__V1__PassState pass_state(const Smartpass__Link__V1__PassRecord *record);
