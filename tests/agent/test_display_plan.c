/* The pass display's rules: which plans make sense, and who sees what. */
#include <string.h>

#include "display_plan.h"
#include "suite.h"

enum { WEI = 100, ANNA = 200 };

static display_picture picture(int64_t id, bool strangers)
{
    display_picture p = {.id = id, .size = 1000, .seconds = 5, .strangers = strangers};

    p.sha256[0] = (uint8_t)id;
    return p;
}

/* Wei has picture 11, Anna 12, strangers 13. */
static display_plan usual(void)
{
    return (display_plan){
        .version = 1,
        .picture_count = 3,
        .owner_count = 2,
        .pictures = {picture(11, false), picture(12, false), picture(13, true)},
        .owners = {{ANNA, 1}, {WEI, 0}},
    };
}

/* ---- Plans ------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *sentence;
    void (*change)(display_plan *plan);
    bool sound;
} plan_case;

static void change_nothing(display_plan *plan)
{
    (void)plan;
}

static void empty(display_plan *plan)
{
    plan->picture_count = plan->owner_count = 0;
}

static void take_version(display_plan *plan)
{
    plan->version = 0;
}

static void take_everything(display_plan *plan)
{
    empty(plan);
    plan->version = 0;
}

static void go_below(display_plan *plan)
{
    empty(plan);
    plan->version = -1;
}

static void take_id(display_plan *plan)
{
    plan->pictures[1].id = 0;
}

static void repeat_id(display_plan *plan)
{
    plan->pictures[2].id = 11;
}

static void repeat_picture(display_plan *plan)
{
    memcpy(plan->pictures[1].sha256, plan->pictures[0].sha256, 32);
}

static void take_size(display_plan *plan)
{
    plan->pictures[0].size = 0;
}

static void grow_to_the_limit(display_plan *plan)
{
    plan->pictures[0].size = DISPLAY_BYTES_MAX;
}

static void grow_beyond_it(display_plan *plan)
{
    plan->pictures[0].size = DISPLAY_BYTES_MAX + 1;
}

static void add_one_for_strangers(display_plan *plan)
{
    plan->pictures[0].strangers = true;
}

static void repeat_person(display_plan *plan)
{
    plan->owners[0].person_id = WEI;
}

static void give_what_there_is_not(display_plan *plan)
{
    plan->owners[0].picture = 3;
}

static void give_nobody(display_plan *plan)
{
    plan->owners[0].person_id = 0;
}

static void have_too_many(display_plan *plan)
{
    plan->picture_count = DISPLAY_PICTURES_MAX + 1;
}

static void own_too_many(display_plan *plan)
{
    plan->owner_count = DISPLAY_OWNERS_MAX + 1;
}

static const plan_case plans[] = {
    {"a plan with people and strangers", change_nothing, true},
    {"an empty plan", empty, true},
    {"nothing, of a server that knows of none", take_everything, true},
    {"the same picture under two ids", repeat_picture, true},
    {"a picture as large as may be", grow_to_the_limit, true},
    {"pictures without a version", take_version, false},
    {"a version that there is not", go_below, false},
    {"a picture without an id", take_id, false},
    {"an id twice", repeat_id, false},
    {"a picture of no size", take_size, false},
    {"a picture that is too large", grow_beyond_it, false},
    {"two pictures for strangers", add_one_for_strangers, false},
    {"a person with two pictures", repeat_person, false},
    {"a picture that there is not", give_what_there_is_not, false},
    {"a picture for nobody", give_nobody, false},
    {"more pictures than may be", have_too_many, false},
    {"more people than may be", own_too_many, false},
};

START_TEST(only_plans_that_make_sense_are_taken)
{
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        display_plan plan = usual();

        plans[i].change(&plan);
        ck_assert_msg(display_plan_settle(&plan) == plans[i].sound, "%s", plans[i].sentence);
    }
}
END_TEST

START_TEST(times_are_brought_into_their_range)
{
    static const struct {
        uint32_t came, becomes;
    } times[] = {{0, 5}, {1, 1}, {60, 60}, {61, 60}, {UINT32_MAX, 60}};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        display_plan plan = usual();

        plan.pictures[1].seconds = times[i].came;
        ck_assert(display_plan_settle(&plan));
        ck_assert_uint_eq(plan.pictures[1].seconds, times[i].becomes);
    }
}
END_TEST

/* ---- Who sees what ----------------------------------------------------------------------------------------------- */

typedef struct {
    const char *sentence;
    person_kind kind;
    int64_t person_id;
    deny_reason reason;
    int64_t id; /* 0: no picture */
} choice;

static const choice choices[] = {
    {"an employee who may pass sees his own", PERSON_EMPLOYEE, WEI, DENY_NOTHING, 11},
    {"so does a visitor", PERSON_VISITOR, ANNA, DENY_NOTHING, 12},
    {"whoever has none sees none, not that of strangers", PERSON_EMPLOYEE, 300, DENY_NOTHING, 0},
    {"outside the window it is not shown", PERSON_EMPLOYEE, WEI, DENY_OUTSIDE_WINDOW, 0},
    {"nor without a mask", PERSON_VISITOR, ANNA, DENY_NO_MASK, 0},
    {"nor to whoever is too warm", PERSON_EMPLOYEE, WEI, DENY_TEMPERATURE, 0},
    {"the blacklist sees nothing, whatever the plan says", PERSON_BLACKLIST, WEI, DENY_BLACKLIST, 0},
    {"a stranger who is refused sees that of strangers", PERSON_STRANGER, 0, DENY_STRANGER, 13},
    {"so does one who may pass", PERSON_STRANGER, 0, DENY_NOTHING, 13},
    {"but not one who is asked for a mask", PERSON_STRANGER, 0, DENY_NO_MASK, 0},
    {"nor one who is too warm", PERSON_STRANGER, 0, DENY_TEMPERATURE, 0},
};

START_TEST(each_sees_what_is_his)
{
    display_plan plan = usual();
    terminal_settings settings = settings_factory();

    ck_assert(!settings.pass_display);
    ck_assert(display_plan_settle(&plan));
    for (int on = 0; on <= 1; on++) {
        settings.pass_display = on;
        for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
            const choice *c = &choices[i];
            const pass_verdict verdict = {.result = c->reason == DENY_NOTHING ? PASS_ALLOWED : PASS_DENIED,
                                          .reason = c->reason};
            const display_picture *p = display_plan_choose(&plan, &settings, &verdict, c->kind, c->person_id);

            ck_assert_msg((p ? p->id : 0) == (on ? c->id : 0), "%s (switch %d)", c->sentence, on);
        }
    }
}
END_TEST

START_TEST(among_a_thousand_each_is_found)
{
    static display_plan plan;
    terminal_settings settings = settings_factory();
    const pass_verdict allowed = {.result = PASS_ALLOWED};

    settings.pass_display = true;
    plan = (display_plan){.version = 9, .picture_count = DISPLAY_PICTURES_MAX, .owner_count = DISPLAY_OWNERS_MAX};
    for (uint32_t i = 0; i < DISPLAY_PICTURES_MAX; i++)
        plan.pictures[i] = picture(i + 1, false);
    for (uint32_t i = 0; i < DISPLAY_OWNERS_MAX; i++) /* 7 and 1000 share no divisor: each once, in no order */
        plan.owners[i] = (display_owner){1 + i * 7 % 1000, (1 + i * 7 % 1000) % DISPLAY_PICTURES_MAX};
    ck_assert(display_plan_settle(&plan));
    for (int64_t person = 1; person <= 1000; person++) {
        const display_picture *p = display_plan_choose(&plan, &settings, &allowed, PERSON_EMPLOYEE, person);

        ck_assert(p && p->id == person % DISPLAY_PICTURES_MAX + 1);
    }
    ck_assert_ptr_null(display_plan_choose(&plan, &settings, &allowed, PERSON_EMPLOYEE, 1001));
    ck_assert_ptr_null(display_plan_choose(&plan, &settings, &allowed, PERSON_EMPLOYEE, 0));
}
END_TEST

int main(void)
{
    return RUN_SUITE("display plan", 10, only_plans_that_make_sense_are_taken, times_are_brought_into_their_range,
                     each_sees_what_is_his, among_a_thousand_each_is_found);
}
