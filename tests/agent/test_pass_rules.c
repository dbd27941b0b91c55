#include <check.h>

#include "pass_rules.h"
#include "suite.h"

#define NOON 1700000000000
#define OFF 0

typedef struct {
    const char *sentence;
    pass_sight sight;
    terminal_settings settings;
    deny_reason reason; /* DENY_NOTHING: allowed */
    bool authorised;
} decision;

/* What most cases share: detection on at 37.3, an abnormal temperature blocks. */
#define USUAL                                                                                                          \
    .temperature_detection = true, .alarm_threshold_centi = 3730, .block_abnormal = true, .temperature_kept = true,    \
    .temperature_display = true

static const decision decisions[] = {
    {"an employee with a permanent grant passes",
     {.kind = PERSON_EMPLOYEE, .temperature_centi = 3660},
     {USUAL},
     DENY_NOTHING,
     true},
    {"a visitor passes within the window",
     {.kind = PERSON_VISITOR, .valid_from_ms = NOON - 1, .valid_until_ms = NOON + 1},
     {USUAL},
     DENY_NOTHING,
     true},
    {"the first millisecond of the window is inside",
     {.kind = PERSON_VISITOR, .valid_from_ms = NOON},
     {USUAL},
     DENY_NOTHING,
     true},
    {"before the window nobody passes",
     {.kind = PERSON_EMPLOYEE, .valid_from_ms = NOON + 1},
     {USUAL},
     DENY_OUTSIDE_WINDOW,
     false},
    {"the end of the window is outside",
     {.kind = PERSON_EMPLOYEE, .valid_until_ms = NOON},
     {USUAL},
     DENY_OUTSIDE_WINDOW,
     false},
    {"the last millisecond before the end is inside",
     {.kind = PERSON_EMPLOYEE, .valid_until_ms = NOON + 1},
     {USUAL},
     DENY_NOTHING,
     true},
    {"a stranger is denied", {.kind = PERSON_STRANGER}, {USUAL}, DENY_STRANGER, false},
    {"in stranger mode a stranger passes but is not authorised",
     {.kind = PERSON_STRANGER},
     {USUAL, .stranger_mode = true},
     DENY_NOTHING,
     false},
    {"in stranger mode a feverish stranger is denied",
     {.kind = PERSON_STRANGER, .temperature_centi = 3900},
     {USUAL, .stranger_mode = true},
     DENY_TEMPERATURE,
     false},
    {"the blacklist is denied, even in stranger mode",
     {.kind = PERSON_BLACKLIST},
     {USUAL, .stranger_mode = true},
     DENY_BLACKLIST,
     false},
    {"the blacklist comes before everything about health",
     {.kind = PERSON_BLACKLIST, .mask_missing = true, .temperature_centi = 4000},
     {USUAL, .mask_required = true},
     DENY_BLACKLIST,
     false},
    {"the threshold itself is abnormal",
     {.kind = PERSON_EMPLOYEE, .temperature_centi = 3730},
     {USUAL},
     DENY_TEMPERATURE,
     true},
    {"just below the threshold is normal",
     {.kind = PERSON_EMPLOYEE, .temperature_centi = 3729},
     {USUAL},
     DENY_NOTHING,
     true},
    {"an abnormal temperature that does not block only alarms",
     {.kind = PERSON_EMPLOYEE, .temperature_centi = 3900},
     {.temperature_detection = true, .alarm_threshold_centi = 3730},
     DENY_NOTHING,
     true},
    {"without detection no temperature matters",
     {.kind = PERSON_EMPLOYEE, .temperature_centi = 3900},
     {.alarm_threshold_centi = 3730, .block_abnormal = true},
     DENY_NOTHING,
     true},
    {"who was not measured is normal", {.kind = PERSON_EMPLOYEE}, {USUAL}, DENY_NOTHING, true},
    {"without a mask nobody passes where it is required",
     {.kind = PERSON_EMPLOYEE, .mask_missing = true},
     {USUAL, .mask_required = true},
     DENY_NO_MASK,
     true},
    {"where no mask is required none is missed",
     {.kind = PERSON_EMPLOYEE, .mask_missing = true},
     {USUAL},
     DENY_NOTHING,
     true},
    {"the mask comes before the temperature",
     {.kind = PERSON_EMPLOYEE, .mask_missing = true, .temperature_centi = 3900},
     {USUAL, .mask_required = true},
     DENY_NO_MASK,
     true},
    {"the window comes before the mask",
     {.kind = PERSON_EMPLOYEE, .valid_until_ms = 1, .mask_missing = true},
     {USUAL, .mask_required = true},
     DENY_OUTSIDE_WINDOW,
     false},
    {"a kind that does not exist is not granted", {.kind = (person_kind)OFF}, {USUAL}, DENY_NOT_GRANTED, false},
};

START_TEST(each_decision_is_as_the_sentence_says)
{
    const decision *d = &decisions[_i];
    pass_verdict v = pass_decide(&d->sight, &d->settings, NOON);

    ck_assert_msg(v.reason == d->reason, "%s: %s", d->sentence, deny_reason_name(v.reason));
    ck_assert_msg((v.result == PASS_ALLOWED) == (d->reason == DENY_NOTHING), "%s", d->sentence);
    ck_assert_msg(v.authorised == d->authorised, "%s: authorised", d->sentence);
}
END_TEST

START_TEST(both_flags_are_recorded_when_both_apply)
{
    const pass_sight sight = {.kind = PERSON_EMPLOYEE, .mask_missing = true, .temperature_centi = 3800};
    const terminal_settings settings = {USUAL, .mask_required = true};
    pass_verdict v = pass_decide(&sight, &settings, NOON);

    ck_assert(v.no_mask);
    ck_assert(v.abnormal);
    ck_assert_int_eq(v.temperature_centi, 3800);
    ck_assert_int_eq(v.threshold_centi, 3730);
}
END_TEST

START_TEST(without_detection_neither_temperature_nor_threshold_is_recorded)
{
    const pass_sight sight = {.kind = PERSON_EMPLOYEE, .temperature_centi = 3800};
    const terminal_settings settings = {.alarm_threshold_centi = 3730};
    pass_verdict v = pass_decide(&sight, &settings, NOON);

    ck_assert_int_eq(v.temperature_centi, 0);
    ck_assert_int_eq(v.threshold_centi, 0);
    ck_assert(!v.abnormal);
}
END_TEST

START_TEST(a_value_that_is_not_kept_still_alarms_and_blocks_but_is_in_no_record)
{
    const pass_sight sight = {.kind = PERSON_EMPLOYEE, .temperature_centi = 3800};
    terminal_settings settings = {USUAL};
    pass_verdict v;

    settings.temperature_kept = false;
    v = pass_decide(&sight, &settings, NOON);
    ck_assert(v.abnormal);
    ck_assert_int_eq(v.reason, DENY_TEMPERATURE);
    ck_assert_int_eq(v.temperature_centi, 0);
    ck_assert_int_eq(v.threshold_centi, 3730);
    ck_assert_int_eq(v.shown_centi, 3800);
    settings.temperature_display = false;
    ck_assert_int_eq(pass_decide(&sight, &settings, NOON).shown_centi, 0);
}
END_TEST

START_TEST(only_strangers_can_go_unrecorded)
{
    const terminal_settings settings = {USUAL, .stranger_mode = true, .stranger_record = false};

    ck_assert(!pass_decide(&(pass_sight){.kind = PERSON_STRANGER}, &settings, NOON).recorded);
    ck_assert(pass_decide(&(pass_sight){.kind = PERSON_EMPLOYEE}, &settings, NOON).recorded);
    ck_assert(pass_decide(&(pass_sight){.kind = PERSON_BLACKLIST}, &settings, NOON).recorded);
}
END_TEST

START_TEST(a_card_names_its_owner_unless_the_face_is_blacklisted)
{
    ck_assert_int_eq(recognition_choose(0, 0), RECOGNISED_NOBODY);
    ck_assert_int_eq(recognition_choose(PERSON_EMPLOYEE, 0), RECOGNISED_BY_FACE);
    ck_assert_int_eq(recognition_choose(0, PERSON_EMPLOYEE), RECOGNISED_BY_CARD);
    ck_assert_int_eq(recognition_choose(PERSON_EMPLOYEE, PERSON_VISITOR), RECOGNISED_BY_CARD);
    ck_assert_int_eq(recognition_choose(PERSON_BLACKLIST, PERSON_EMPLOYEE), RECOGNISED_BY_FACE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pass_rules");
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, each_decision_is_as_the_sentence_says, 0, sizeof decisions / sizeof *decisions);
    tcase_add_test(tests, both_flags_are_recorded_when_both_apply);
    tcase_add_test(tests, without_detection_neither_temperature_nor_threshold_is_recorded);
    tcase_add_test(tests, a_value_that_is_not_kept_still_alarms_and_blocks_but_is_in_no_record);
    tcase_add_test(tests, only_strangers_can_go_unrecorded);
    tcase_add_test(tests, a_card_names_its_owner_unless_the_face_is_blacklisted);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
