#include "pass_rules.h"

#include <stddef.h>

static bool in_window(const pass_sight *sight, int64_t now_ms)
{
    if (sight->valid_from_ms != 0 && now_ms < sight->valid_from_ms)
        return false;
    return sight->valid_until_ms == 0 || now_ms < sight->valid_until_ms;
}

/* Who it is decides first; health is asked only of those who would otherwise pass. */
static deny_reason refuse_identity(const pass_sight *sight, const terminal_settings *settings, int64_t now_ms)
{
    switch (sight->kind) {
    case PERSON_STRANGER:
        return settings->stranger_mode ? DENY_NOTHING : DENY_STRANGER;
    case PERSON_BLACKLIST:
        return DENY_BLACKLIST;
    case PERSON_EMPLOYEE:
    case PERSON_VISITOR:
        return in_window(sight, now_ms) ? DENY_NOTHING : DENY_OUTSIDE_WINDOW;
    }
    return DENY_NOT_GRANTED;
}

pass_verdict pass_decide(const pass_sight *sight, const terminal_settings *settings, int64_t now_ms)
{
    pass_verdict verdict = {.recorded = true};
    deny_reason identity = refuse_identity(sight, settings, now_ms);

    verdict.no_mask = settings->mask_required && sight->mask_missing;
    if (settings->temperature_detection) {
        verdict.temperature_centi = settings->temperature_kept ? sight->temperature_centi : 0;
        verdict.shown_centi = settings->temperature_display ? sight->temperature_centi : 0;
        verdict.threshold_centi = settings->alarm_threshold_centi;
        verdict.abnormal = sight->temperature_centi != 0 && sight->temperature_centi >= settings->alarm_threshold_centi;
    }
    verdict.authorised = sight->kind != PERSON_STRANGER && identity == DENY_NOTHING;

    if (identity != DENY_NOTHING)
        verdict.reason = identity;
    else if (verdict.no_mask)
        verdict.reason = DENY_NO_MASK;
    else if (verdict.abnormal && settings->block_abnormal)
        verdict.reason = DENY_TEMPERATURE;
    verdict.result = verdict.reason == DENY_NOTHING ? PASS_ALLOWED : PASS_DENIED;

    if (sight->kind == PERSON_STRANGER && !settings->stranger_record)
        verdict.recorded = false;
    return verdict;
}

recognised_by recognition_choose(person_kind by_face, person_kind by_card)
{
    if (by_face == PERSON_BLACKLIST)
        return RECOGNISED_BY_FACE;
    if (by_card != 0)
        return RECOGNISED_BY_CARD;
    return by_face != 0 ? RECOGNISED_BY_FACE : RECOGNISED_NOBODY;
}

const char *person_kind_name(person_kind kind)
{
    static const char *const names[] = {"", "EMPLOYEE", "VISITOR", "BLACKLIST", "STRANGER"};

    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "";
}

const char *pass_result_name(pass_result result)
{
    return result == PASS_ALLOWED ? "ALLOWED" : "DENIED";
}

const char *deny_reason_name(deny_reason reason)
{
    static const char *const names[] = {"",        "STRANGER",    "BLACKLIST",  "OUTSIDE_WINDOW",
                                        "NO_MASK", "TEMPERATURE", "NOT_GRANTED"};

    return (size_t)reason < sizeof names / sizeof *names ? names[reason] : "";
}
