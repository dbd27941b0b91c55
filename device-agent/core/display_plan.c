#include "display_plan.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static int compare_owners(const void *a, const void *b)
{
    int64_t left = ((const display_owner *)a)->person_id;
    int64_t right = ((const display_owner *)b)->person_id;

    return (left > right) - (left < right);
}

static bool settle_pictures(display_plan *plan)
{
    uint32_t for_strangers = 0;

    for (uint32_t i = 0; i < plan->picture_count; i++) {
        display_picture *p = &plan->pictures[i];

        if (p->id <= 0 || p->size == 0 || p->size > DISPLAY_BYTES_MAX)
            return false;
        for (uint32_t j = 0; j < i; j++)
            if (plan->pictures[j].id == p->id)
                return false;
        for_strangers += p->strangers;
        if (p->seconds == 0)
            p->seconds = DISPLAY_SECONDS_USUAL;
        if (p->seconds > DISPLAY_SECONDS_MAX)
            p->seconds = DISPLAY_SECONDS_MAX;
    }
    return for_strangers <= 1;
}

static bool settle_owners(display_plan *plan)
{
    qsort(plan->owners, plan->owner_count, sizeof *plan->owners, compare_owners);
    for (uint32_t i = 0; i < plan->owner_count; i++) {
        const display_owner *o = &plan->owners[i];

        if (o->person_id <= 0 || o->picture >= plan->picture_count ||
            (i > 0 && plan->owners[i - 1].person_id == o->person_id))
            return false;
    }
    return true;
}

bool display_plan_settle(display_plan *plan)
{
    bool empty = plan->picture_count == 0 && plan->owner_count == 0;

    return (plan->version > 0 || (plan->version == 0 && empty)) && plan->picture_count <= DISPLAY_PICTURES_MAX &&
           plan->owner_count <= DISPLAY_OWNERS_MAX && settle_pictures(plan) && settle_owners(plan);
}

static const display_picture *of_person(const display_plan *plan, int64_t person_id)
{
    const display_owner key = {.person_id = person_id};
    const display_owner *owner = bsearch(&key, plan->owners, plan->owner_count, sizeof *plan->owners, compare_owners);

    return owner ? &plan->pictures[owner->picture] : NULL;
}

static const display_picture *of_strangers(const display_plan *plan)
{
    for (uint32_t i = 0; i < plan->picture_count; i++)
        if (plan->pictures[i].strangers)
            return &plan->pictures[i];
    return NULL;
}

const display_picture *display_plan_choose(const display_plan *plan, const terminal_settings *settings,
                                           const pass_verdict *verdict, person_kind kind, int64_t person_id)
{
    if (!settings->pass_display)
        return NULL;
    switch (kind) {
    case PERSON_EMPLOYEE:
    case PERSON_VISITOR:
        return verdict->result == PASS_ALLOWED ? of_person(plan, person_id) : NULL;
    case PERSON_STRANGER:
        return verdict->reason == DENY_NOTHING || verdict->reason == DENY_STRANGER ? of_strangers(plan) : NULL;
    case PERSON_BLACKLIST:
        break;
    }
    return NULL;
}

const display_picture *display_plan_find(const display_plan *plan, const uint8_t sha256[32])
{
    for (uint32_t i = 0; i < plan->picture_count; i++)
        if (memcmp(plan->pictures[i].sha256, sha256, sizeof plan->pictures[i].sha256) == 0)
            return &plan->pictures[i];
    return NULL;
}
