/* What a record means: its state. */
#include "pass_rules.h"

Smartpass__V1__PassState pass_state(const Smartpass__Link__V1__PassRecord *record)
{
    if (record->no_mask)
        return SMARTPASS__V1__PASS_STATE__PASS_STATE_NO_MASK;
    if (record->abnormal || (record->temperature_centi > 0 && record->threshold_centi > 0 &&
                             record->temperature_centi >= record->threshold_centi))
        return SMARTPASS__V1__PASS_STATE__PASS_STATE_ABNORMAL_TEMPERATURE;
    return SMARTPASS__V1__PASS_STATE__PASS_STATE_NORMAL;
}
