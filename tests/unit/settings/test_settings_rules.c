/* Who wins when both sides changed a setting, and how settings lie in their message. */
#include "settings_rules.h"

#include <check.h>
#include <string.h>

#include "suite.h"

typedef Smartpass__V1__DeviceSettings DeviceSettings;

/* Of the volume: what is kept (version, edit), what the terminal changed (the version that it had, edit, value). */
static const struct {
    int64_t kept_version, kept_edit, version, edit, number;
    edit_verdict verdict;
} CASES[] = {
    {0, 0, 0, 7, 50, EDIT_ACCEPTED},  /* nobody ever changed it */
    {4, 0, 4, 7, 50, EDIT_ACCEPTED},  /* it knows ours */
    {4, 6, 4, 7, 50, EDIT_ACCEPTED},  /* it was answered, and changed it again */
    {4, 6, 2, 7, 50, EDIT_ACCEPTED},  /* it changed it again before the answer came */
    {4, 7, 2, 7, 50, EDIT_KNOWN},     /* the answer was lost */
    {4, 7, 2, 7, 101, EDIT_KNOWN},    /* whatever it says now, we have the sound one */
    {4, 0, 2, 7, 50, EDIT_OVERRULED}, /* ours came first */
    {4, 0, 0, 7, 50, EDIT_OVERRULED},
    {4, 0, 9, 7, 50, EDIT_RESTORED}, /* of a version that never was: ours must be newer */
    {0, 0, 9, 7, 50, EDIT_RESTORED},
    {0, 0, 0, 7, 101, EDIT_RESTORED}, /* unsound */
    {4, 0, 4, 7, -1, EDIT_RESTORED},
    {4, 0, 2, 7, 101, EDIT_RESTORED},
    {4, 6, 4, 7, 101, EDIT_RESTORED}, /* else it would keep its value as the newer change */
};

START_TEST(the_later_change_wins_and_ours_when_neither_knew_of_the_other)
{
    const setting_kept kept = {CASES[_i].kept_version, CASES[_i].kept_edit, {20, ""}};
    const setting_outcome edit = {
        .rule = setting_find(SETTING_KEY_volume),
        .version = CASES[_i].version,
        .edit = CASES[_i].edit,
        .value = {CASES[_i].number, ""},
        .refused = "",
    };

    ck_assert_int_eq(settings_judge(&kept, &edit), CASES[_i].verdict);
}
END_TEST

/* Every setting has a place of its own in the message, and its number there is its key. */
START_TEST(what_is_put_is_what_is_got)
{
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f"};
    DeviceSettings settings = SMARTPASS__V1__DEVICE_SETTINGS__INIT;
    size_t text = 0;

    for (size_t i = 0; i < SETTING_COUNT; i++)
        settings_put(&settings, &setting_rules[i], (setting_value){(int64_t)i + 1, texts[text++ % 6]});
    text = 0;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_value got = settings_get(&settings, &setting_rules[i]);
        const char *put = texts[text++ % 6];

        if (!setting_is_text(&setting_rules[i]))
            ck_assert_int_eq(got.number, (int64_t)i + 1);
        else
            ck_assert_str_eq(got.text, setting_rules[i].kind == SETTING_PIN ? "" : put);
    }
    ck_assert_int_eq(settings.volume, setting_find(SETTING_KEY_volume) - setting_rules + 1);
    ck_assert_str_eq(settings.password, "");
    ck_assert_int_eq(settings.version, 0);
}
END_TEST

static Smartpass__V1__DeviceRisk risk(uint32_t key, int64_t number, const char *text)
{
    return settings_risk(setting_find(key), (setting_value){number, text});
}

START_TEST(risks_are_four_and_the_factory_has_three_of_them)
{
    size_t found = 0;

    for (size_t i = 0; i < SETTING_COUNT; i++)
        found += settings_risk(&setting_rules[i], setting_factory(&setting_rules[i])) != 0;
    ck_assert_uint_eq(found, 3);
    ck_assert_int_eq(risk(SETTING_KEY_stranger_mode, 1, ""), SMARTPASS__V1__DEVICE_RISK__DEVICE_RISK_STRANGERS_PASS);
    ck_assert_int_eq(risk(SETTING_KEY_relay_mode, 2, ""), 0);
    ck_assert_int_eq(risk(SETTING_KEY_liveness, 1, ""), 0);
    ck_assert_int_eq(risk(SETTING_KEY_password, 0, "pbkdf2-sha256$1$a$b"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings rules");
    TCase *tests = tcase_create("settings rules");

    tcase_add_loop_test(tests, the_later_change_wins_and_ours_when_neither_knew_of_the_other, 0,
                        sizeof CASES / sizeof *CASES);
    tcase_add_test(tests, what_is_put_is_what_is_got);
    tcase_add_test(tests, risks_are_four_and_the_factory_has_three_of_them);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
