/* The pass display: which picture is shown full screen when somebody is recognised, and for how long. The server plans
 * it, the terminal goes by it. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "pass_rules.h"

enum {
    DISPLAY_PICTURES_MAX = 16,
    DISPLAY_OWNERS_MAX = 1000,
    DISPLAY_BYTES_MAX = 512000, /* of one picture */
    DISPLAY_SECONDS_USUAL = 5,
    DISPLAY_SECONDS_MAX = 60,
};

typedef struct {
    int64_t id;
    uint8_t sha256[32];
    uint32_t size;    /* bytes of JPEG */
    uint32_t seconds; /* that it is shown */
    bool strangers;   /* for whoever is recognised as nobody */
} display_picture;

typedef struct {
    int64_t person_id;
    uint32_t picture; /* index in display_plan.pictures */
} display_owner;

/* Zeroed: nothing is shown to anybody. */
typedef struct {
    int64_t version; /* 0: none came yet, or the server knows of none */
    uint32_t picture_count, owner_count;
    display_picture pictures[DISPLAY_PICTURES_MAX];
    display_owner owners[DISPLAY_OWNERS_MAX]; /* by person, ascending */
} display_plan;

/* Puts a plan that came in order. False when it makes no sense: pictures without a version, one of no size or of too
 * many bytes, the same id twice, two for strangers, a person with two pictures or one that there is not. Times that
 * nobody could have set become the nearest that somebody could. */
bool display_plan_settle(display_plan *plan);

/* The picture that goes with a decision; NULL: none. Whoever may pass sees his own. A stranger sees that of strangers
 * whether or not strangers may pass, unless he is asked for a mask or is too warm: he must read that. */
const display_picture *display_plan_choose(const display_plan *plan, const terminal_settings *settings,
                                           const pass_verdict *verdict, person_kind kind, int64_t person_id);

/* NULL: the plan has no such picture. */
const display_picture *display_plan_find(const display_plan *plan, const uint8_t sha256[32]);
