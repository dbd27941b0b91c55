#include "upgrade_rules.h"

#include <string.h>

upgrade_state upgrade_fresh(upgrade_slot current, package_version version)
{
    return (upgrade_state){.current = current, .current_version = version};
}

bool upgrade_is_newer(package_version from, package_version to)
{
    return package_version_compare(to, from) > 0;
}

/* ---- Offers ---- */

static bool is_under_way(const upgrade_state *s)
{
    return s->phase == UPGRADE_INSTALLING || s->phase == UPGRADE_TRYING;
}

static upgrade_failure look_at(const upgrade_state *s, const upgrade_offer *offer, const upgrade_means *means)
{
    if (!means->slots)
        return UPGRADE_NO_SLOTS;
    if (offer->size == 0 || offer->size > UPGRADE_PACKAGE_MAX)
        return UPGRADE_DAMAGED;
    if (!offer->force && !upgrade_is_newer(s->current_version, offer->version))
        return UPGRADE_OLDER;
    if (means->free_bytes < 2 * offer->size + UPGRADE_SPARE_BYTES)
        return UPGRADE_NO_SPACE;
    return UPGRADE_NO_FAILURE;
}

upgrade_action upgrade_take_offer(upgrade_state *s, const upgrade_offer *offer, const upgrade_means *means)
{
    bool known = s->phase != UPGRADE_IDLE && s->offer.rollout_id == offer->rollout_id;

    if (known && s->phase == UPGRADE_FETCHING && memcmp(s->offer.sha256, offer->sha256, sizeof offer->sha256) == 0)
        return UPGRADE_GO_ON;
    if (known && s->phase != UPGRADE_FETCHING)
        return UPGRADE_TELL;
    if (is_under_way(s))
        return UPGRADE_DO_NOTHING;
    s->offer = *offer;
    if (s->offer.size > UPGRADE_PACKAGE_MAX)
        s->offer.size = 0; /* a state that can be written can be read */
    s->fetched = 0;
    s->boots = 0;
    s->failure = look_at(s, offer, means);
    s->phase = s->failure == UPGRADE_NO_FAILURE ? UPGRADE_FETCHING : UPGRADE_FAILED;
    if (s->failure == UPGRADE_OLDER && package_version_compare(s->current_version, offer->version) == 0) {
        s->phase = UPGRADE_DONE; /* it runs already */
        s->failure = UPGRADE_NO_FAILURE;
    }
    return s->phase == UPGRADE_FETCHING ? UPGRADE_FETCH : UPGRADE_TELL;
}

upgrade_action upgrade_take_back(upgrade_state *s, int64_t rollout_id)
{
    if (s->phase == UPGRADE_IDLE || is_under_way(s) || s->offer.rollout_id != rollout_id)
        return UPGRADE_DO_NOTHING;
    *s = upgrade_fresh(s->current, s->current_version);
    return UPGRADE_FORGET;
}

/* ---- Steps ---- */

bool upgrade_fetched(upgrade_state *s, uint64_t bytes)
{
    if (s->phase != UPGRADE_FETCHING || bytes > s->offer.size)
        return false;
    s->fetched = bytes;
    return true;
}

bool upgrade_complete(upgrade_state *s)
{
    if (s->phase != UPGRADE_FETCHING || s->fetched != s->offer.size)
        return false;
    s->phase = UPGRADE_INSTALLING;
    return true;
}

bool upgrade_installed(upgrade_state *s, bool online)
{
    if (s->phase != UPGRADE_INSTALLING)
        return false;
    s->phase = UPGRADE_TRYING;
    s->was_online = online;
    s->boots = 0;
    return true;
}

bool upgrade_confirm(upgrade_state *s)
{
    if (s->phase != UPGRADE_TRYING)
        return false;
    s->phase = UPGRADE_DONE;
    s->current = upgrade_other(s->current);
    s->current_version = s->offer.version;
    return true;
}

bool upgrade_fail(upgrade_state *s, upgrade_failure why)
{
    if (s->phase != UPGRADE_FETCHING && !is_under_way(s))
        return false;
    s->phase = UPGRADE_FAILED;
    s->failure = why;
    return true;
}

bool upgrade_bring(upgrade_state *s, package_version version)
{
    if (s->phase == UPGRADE_FETCHING || is_under_way(s))
        return false;
    s->offer = (upgrade_offer){.version = version};
    s->phase = UPGRADE_TRYING;
    s->was_online = false;
    s->boots = 0;
    s->failure = UPGRADE_NO_FAILURE;
    return true;
}

/* ---- The launcher ---- */

upgrade_slot upgrade_boot(upgrade_state *s)
{
    if (s->phase == UPGRADE_TRYING && s->boots >= UPGRADE_BOOTS_MAX)
        (void)upgrade_fail(s, UPGRADE_ROLLED_BACK);
    if (s->phase != UPGRADE_TRYING)
        return s->current;
    s->boots++;
    return upgrade_other(s->current);
}

/* ---- Words ---- */

const char *upgrade_failure_name(upgrade_failure failure)
{
    static const char *const names[UPGRADE_FAILURES] = {
        "", "SIGNATURE_BAD", "DAMAGED", "NO_SPACE", "ROLLED_BACK", "WRONG_MODEL", "OLDER", "NO_SLOTS"};

    return failure < UPGRADE_FAILURES ? names[failure] : "";
}

const char *upgrade_phase_name(upgrade_phase phase)
{
    static const char *const names[] = {"idle", "fetching", "installing", "trying", "done", "failed"};

    return phase <= UPGRADE_FAILED ? names[phase] : "";
}
