/* Who hears of it when somebody changes. */
#include <check.h>
#include <string.h>

#include "people_rules.h"
#include "suite.h"

static person employee_with(person_text text, const char *value)
{
    static char none[] = "", number[] = "0007", name[] = "Ann";
    person p = {.kind = PERSON_EMPLOYEE};

    for (int i = 0; i < PERSON_TEXTS; i++)
        p.texts[i] = none;
    p.texts[PERSON_NUMBER] = number;
    p.texts[PERSON_NAME] = name;
    p.texts[text] = (char *)value;
    return p;
}

static const struct {
    const char *name;
    person_text text;
    const char *before, *after;
    bool differs;
} CHANGES[] = {
    {"another name", PERSON_NAME, "Ann", "Anna", true},
    {"another number", PERSON_NUMBER, "0007", "7", true},
    {"no card any more", PERSON_CARD_NUMBER, "55", "", true},
    {"an identity that the blacklist may name", PERSON_IDENTITY_NUMBER, "", "X1", true},
    {"another note", PERSON_NOTES, "", "left-handed", false},
    {"the same card", PERSON_CARD_NUMBER, "55", "55", false},
};

START_TEST(terminals_hear_of_what_they_show_and_recognise)
{
    person before = employee_with(CHANGES[_i].text, CHANGES[_i].before);
    person after = employee_with(CHANGES[_i].text, CHANGES[_i].after);

    ck_assert_msg(person_differs_at_terminals(&before, &after) == CHANGES[_i].differs, "%s", CHANGES[_i].name);
}
END_TEST

START_TEST(terminals_hear_of_another_photo_and_of_none)
{
    person before = employee_with(PERSON_NOTES, ""), after = before;

    before.photo_id = 7;
    ck_assert(person_differs_at_terminals(&before, &after));
    after.photo_id = 8;
    ck_assert(person_differs_at_terminals(&before, &after));
    after.photo_id = 7;
    ck_assert(!person_differs_at_terminals(&before, &after));
}
END_TEST

START_TEST(an_entry_names_others_by_identity_and_card)
{
    person before = employee_with(PERSON_NOTES, "");
    person name = employee_with(PERSON_NAME, "Bob"), card = employee_with(PERSON_CARD_NUMBER, "1");
    person identity = employee_with(PERSON_IDENTITY_NUMBER, "1");

    ck_assert(!person_names_others(&before, &name));
    ck_assert(person_names_others(&before, &card));
    ck_assert(person_names_others(&before, &identity));
}
END_TEST

static const struct {
    const char *name;
    person_text text;
    const char *value;
    const char *reason; /* NULL: no fault */
} VALUES[] = {
    {"a number with leading zeros", PERSON_NUMBER, "0001", NULL},
    {"no number", PERSON_NUMBER, "", "FIELD_REQUIRED"},
    {"no name", PERSON_NAME, "", "FIELD_REQUIRED"},
    {"no card", PERSON_CARD_NUMBER, "", NULL},
    {"a card of 32 bytes", PERSON_CARD_NUMBER, "12345678901234567890123456789012", NULL},
    {"a card of 33 bytes", PERSON_CARD_NUMBER, "123456789012345678901234567890123", "FIELD_TOO_LONG"},
    {"a line end in a name", PERSON_NAME, "Ann\nLee", "VALUE_INVALID"},
    {"a line end in the notes", PERSON_NOTES, "one\ntwo", NULL},
    {"a day of birth", PERSON_BIRTH_DATE, "1990-02-28", NULL},
    {"a day that does not exist", PERSON_BIRTH_DATE, "1990-02-30", "DATE_INVALID"},
    {"a day of another form", PERSON_BIRTH_DATE, "28.2.1990", "DATE_INVALID"},
    {"a company, which employees do not have", PERSON_COMPANY, "ACME", "FIELD_TOO_LONG"},
};

START_TEST(what_is_wrong_with_a_person_is_told_at_the_field)
{
    person_fault faults[PERSON_FAULTS_MAX];
    person p = employee_with(VALUES[_i].text, VALUES[_i].value);
    size_t count = person_faults(&p, faults);

    ck_assert_msg(count == (VALUES[_i].reason ? 1 : 0), "%s: %zu faults", VALUES[_i].name, count);
    if (count) {
        ck_assert_int_eq(faults[0].text, VALUES[_i].text);
        ck_assert_str_eq(faults[0].reason, VALUES[_i].reason);
    }
}
END_TEST

START_TEST(who_is_employed_until_before_he_is_employed_from_is_refused)
{
    person_fault faults[PERSON_FAULTS_MAX];
    person p = employee_with(PERSON_EMPLOYED_FROM, "2026-02-01");
    char day[] = "2026-01-31";

    p.texts[PERSON_EMPLOYED_UNTIL] = day;
    ck_assert_uint_eq(person_faults(&p, faults), 1);
    ck_assert_str_eq(faults[0].reason, "DATES_REVERSED");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people rules");
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, terminals_hear_of_what_they_show_and_recognise, 0, sizeof CHANGES / sizeof *CHANGES);
    tcase_add_test(tests, terminals_hear_of_another_photo_and_of_none);
    tcase_add_test(tests, an_entry_names_others_by_identity_and_card);
    tcase_add_loop_test(tests, what_is_wrong_with_a_person_is_told_at_the_field, 0, sizeof VALUES / sizeof *VALUES);
    tcase_add_test(tests, who_is_employed_until_before_he_is_employed_from_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
