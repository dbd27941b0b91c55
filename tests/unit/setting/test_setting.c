/* The rules of settings, as the contract states them. */
#include "setting.h"

#include <check.h>
#include <string.h>

#include "suite.h"

static const setting_rule *rule(uint32_t key)
{
    const setting_rule *found = setting_find(key);

    ck_assert_ptr_nonnull(found);
    return found;
}

static bool number_is_sound(uint32_t key, int64_t number)
{
    return setting_is_sound(rule(key), (setting_value){number, ""});
}

static bool text_is_sound(uint32_t key, const char *text)
{
    return setting_is_sound(rule(key), (setting_value){0, text});
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

START_TEST(settings_stand_by_their_keys_and_are_found_by_key_and_name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_rule *one = &setting_rules[i];

        ck_assert(i == 0 || setting_rules[i - 1].key < one->key);
        ck_assert_ptr_eq(setting_find(one->key), one);
        ck_assert_ptr_eq(setting_find_name(one->name, strlen(one->name)), one);
    }
    ck_assert_uint_eq(SETTING_COUNT, 44);
    ck_assert_uint_eq(rule(SETTING_KEY_volume)->key, 23);
}
END_TEST

START_TEST(what_is_no_setting_is_not_found)
{
    static const char *const names[] = {"", "v", "volum", "volumes", "version", "reported_version", "VOLUME"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_ptr_null(setting_find_name(names[i], strlen(names[i])));
    ck_assert_ptr_nonnull(setting_find_name("volume,silent", 6));
    ck_assert_ptr_null(setting_find(0));
    ck_assert_ptr_null(setting_find(1));
    ck_assert_ptr_null(setting_find(UINT32_MAX));
}
END_TEST

/* But for the name, which every terminal gets when it comes. */
START_TEST(every_factory_value_is_sound)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        ck_assert_msg(setting_is_sound(&setting_rules[i], setting_factory(&setting_rules[i])) ==
                          (setting_rules[i].key != SETTING_KEY_device_name),
                      "%s", setting_rules[i].name);
}
END_TEST

START_TEST(factory_values_are_those_of_the_manual)
{
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_alarm_threshold_centi)).number, 3730);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_volume)).number, 20);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_relay_seconds)).number, 5);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_relay_mode)).number, 1);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_test_threshold)).number, 17);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_recognition_attempts)).number, 3);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_restart_minute)).number, 180);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_compensation_tenths)).number, 0);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_stranger_mode)).number, 0);
    ck_assert_int_eq(setting_factory(rule(SETTING_KEY_liveness)).number, 0);
    ck_assert_str_eq(setting_factory(rule(SETTING_KEY_camera_resolution)).text, "1280x720");
    ck_assert_str_eq(setting_factory(rule(SETTING_KEY_password)).text, "");
}
END_TEST

START_TEST(texts_are_equal_by_their_letters_and_all_else_by_its_number)
{
    const setting_value a = {1, "x"}, b = {1, "y"}, c = {2, "x"};

    ck_assert(setting_equal(rule(SETTING_KEY_volume), a, b));
    ck_assert(!setting_equal(rule(SETTING_KEY_volume), a, c));
    ck_assert(setting_equal(rule(SETTING_KEY_company_name), a, c));
    ck_assert(!setting_equal(rule(SETTING_KEY_company_name), a, b));
}
END_TEST

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static const struct {
    uint32_t key;
    int64_t number;
    bool sound;
} NUMBERS[] = {
    {SETTING_KEY_volume, 0, true},
    {SETTING_KEY_volume, 100, true},
    {SETTING_KEY_volume, 101, false},
    {SETTING_KEY_volume, -1, false},
    {SETTING_KEY_volume, INT64_MAX, false},
    {SETTING_KEY_volume, INT64_MIN, false},
    {SETTING_KEY_volume, (INT64_C(1) << 32) + 5, false},
    {SETTING_KEY_silent, 0, true},
    {SETTING_KEY_silent, 1, true},
    {SETTING_KEY_silent, 2, false},
    {SETTING_KEY_silent, -1, false},
    {SETTING_KEY_relay_mode, 0, false},
    {SETTING_KEY_relay_mode, 1, true},
    {SETTING_KEY_relay_mode, 3, true},
    {SETTING_KEY_relay_mode, 4, false},
    {SETTING_KEY_relay_seconds, 1, true},
    {SETTING_KEY_relay_seconds, 63, true},
    {SETTING_KEY_relay_seconds, 0, false},
    {SETTING_KEY_relay_seconds, 64, false},
    {SETTING_KEY_alarm_threshold_centi, 3000, true},
    {SETTING_KEY_alarm_threshold_centi, 4500, true},
    {SETTING_KEY_alarm_threshold_centi, 3735, false},
    {SETTING_KEY_alarm_threshold_centi, 4510, false},
    {SETTING_KEY_compensation_tenths, -10, true},
    {SETTING_KEY_compensation_tenths, -11, false},
    {SETTING_KEY_restart_minute, 1439, true},
    {SETTING_KEY_restart_minute, 1440, false},
};

START_TEST(numbers_are_sound_within_their_range_and_steps)
{
    ck_assert_int_eq(number_is_sound(NUMBERS[_i].key, NUMBERS[_i].number), NUMBERS[_i].sound);
}
END_TEST

static const struct {
    uint32_t key;
    const char *text;
    bool sound;
} TEXTS[] = {
    {SETTING_KEY_device_name, "Gate", true},
    {SETTING_KEY_device_name, "", false},
    {SETTING_KEY_device_name, " Gate", false},
    {SETTING_KEY_device_name, "Gate ", false},
    {SETTING_KEY_device_name, " ", false},
    {SETTING_KEY_device_name, "a\nb", false},
    {SETTING_KEY_device_name, "a\x7f", false},
    {SETTING_KEY_device_name, "東門", true},
    {SETTING_KEY_company_name, "", true},
    {SETTING_KEY_camera_resolution, "1280x720", true},
    {SETTING_KEY_camera_resolution, "1x1", true},
    {SETTING_KEY_camera_resolution, "9999x9999", true},
    {SETTING_KEY_camera_resolution, "", false},
    {SETTING_KEY_camera_resolution, "0x720", false},
    {SETTING_KEY_camera_resolution, "1280x0720", false},
    {SETTING_KEY_camera_resolution, "12800x720", false},
    {SETTING_KEY_camera_resolution, "1280X720", false},
    {SETTING_KEY_camera_resolution, "1280x", false},
    {SETTING_KEY_camera_resolution, "1280x720p", false},
    {SETTING_KEY_camera_resolution, "x720", false},
    {SETTING_KEY_callback_url, "", true},
    {SETTING_KEY_callback_url, "http://a", true},
    {SETTING_KEY_callback_url, "https://a.example:8443/b?c=d&e=%20#f", true},
    {SETTING_KEY_callback_url, "https://", false},
    {SETTING_KEY_callback_url, "https:///path", false},
    {SETTING_KEY_callback_url, "ftp://a", false},
    {SETTING_KEY_callback_url, "a.example", false},
    {SETTING_KEY_callback_url, "http://a b", false},
    {SETTING_KEY_callback_url, "http://a\"b", false},
    {SETTING_KEY_callback_url, "javascript:alert(1)", false},
    {SETTING_KEY_password, "", true},
    {SETTING_KEY_password, "pbkdf2-sha256$100000$c2FsdA$aGFzaA", true},
    {SETTING_KEY_password, "4711", false},
    {SETTING_KEY_password, "pbkdf2-sha1$1$a$b", false},
};

START_TEST(texts_are_sound_in_their_forms)
{
    ck_assert_msg(text_is_sound(TEXTS[_i].key, TEXTS[_i].text) == TEXTS[_i].sound, "%s", TEXTS[_i].text);
}
END_TEST

START_TEST(texts_are_no_longer_than_their_limits)
{
    static const uint32_t keys[] = {SETTING_KEY_device_name, SETTING_KEY_company_name};
    char text[400];

    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < 2; i++) {
        text[96] = '\0';
        ck_assert(text_is_sound(keys[i], text));
        text[96] = 'a';
        text[97] = '\0';
        ck_assert(!text_is_sound(keys[i], text));
        text[97] = 'a';
    }
    memcpy(text, "http://", 7);
    text[256] = '\0';
    ck_assert(text_is_sound(SETTING_KEY_callback_url, text));
    text[256] = 'a';
    text[257] = '\0';
    ck_assert(!text_is_sound(SETTING_KEY_callback_url, text));
    memcpy(text, "pbkdf2-sha256$", 14);
    ck_assert(!text_is_sound(SETTING_KEY_password, text));
}
END_TEST

START_TEST(a_new_password_has_one_to_six_digits_and_is_not_the_initial_one)
{
    static const char *const sound[] = {"0", "7", "000000", "123457", "12345", "654321"};
    static const char *const unsound[] = {"",   "123456", "1234567", "12a", "a",       " 1",
                                          "1 ", "-1",     "+1",      "1.0", "\xd9\xa1"};

    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        ck_assert_msg(setting_pin_is_sound(sound[i]), "%s", sound[i]);
    for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++)
        ck_assert_msg(!setting_pin_is_sound(unsound[i]), "%s", unsound[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("setting");
    TCase *tests = tcase_create("setting");

    tcase_add_test(tests, settings_stand_by_their_keys_and_are_found_by_key_and_name);
    tcase_add_test(tests, what_is_no_setting_is_not_found);
    tcase_add_test(tests, every_factory_value_is_sound);
    tcase_add_test(tests, factory_values_are_those_of_the_manual);
    tcase_add_test(tests, texts_are_equal_by_their_letters_and_all_else_by_its_number);
    tcase_add_loop_test(tests, numbers_are_sound_within_their_range_and_steps, 0, sizeof NUMBERS / sizeof *NUMBERS);
    tcase_add_loop_test(tests, texts_are_sound_in_their_forms, 0, sizeof TEXTS / sizeof *TEXTS);
    tcase_add_test(tests, texts_are_no_longer_than_their_limits);
    tcase_add_test(tests, a_new_password_has_one_to_six_digits_and_is_not_the_initial_one);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
