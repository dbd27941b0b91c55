#include "package_rules.h"

bool rollout_stages_are_sound(const int32_t *stages, size_t count)
{
    int32_t before = 0;

    if (count == 0 || count > ROLLOUT_STAGES_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (stages[i] <= before || stages[i] > 100)
            return false;
        before = stages[i];
    }
    return before == 100;
}

size_t rollout_stage_of(size_t place, size_t devices, const int32_t *stages, size_t count)
{
    size_t stage = 0;

    while (stage + 1 < count && place >= (devices * (size_t)stages[stage] + 99) / 100)
        stage++;
    return stage;
}

bool package_reason_is_sound(const char *reason)
{
    for (const char *c = reason; *c; c++)
        if (!(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') && *c != '_')
            return false;
    return *reason != '\0';
}
