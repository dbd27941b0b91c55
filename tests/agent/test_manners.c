/* What the settings make of the terminal: relay, menu lock, daily restart, temperature, camera, light, voice, screen.
 */
#include <string.h>

#include "admission.h"
#include "camera_guard.h"
#include "daily_restart.h"
#include "light.h"
#include "menu_lock.h"
#include "relay.h"
#include "screen.h"
#include "suite.h"
#include "temperature.h"
#include "voice.h"

/* ---- Relay ---------------------------------------------------------------------------------------------------------
 */

START_TEST(a_relay_that_stays_open_waits_for_somebody_to_close_it)
{
    relay_state r = relay_at_rest(RELAY_STAYS_OPEN, 5);

    ck_assert(!relay_line_is_high(&r));
    relay_open(&r, 1000);
    ck_assert(r.open && relay_line_is_high(&r));
    ck_assert(!relay_tick(&r, INT64_MAX - 1));
    ck_assert(relay_close(&r));
    ck_assert(!relay_line_is_high(&r) && !relay_close(&r));
}
END_TEST

START_TEST(a_high_pulse_lasts_its_seconds_and_begins_anew_with_whoever_comes)
{
    relay_state r = relay_at_rest(RELAY_PULSES_HIGH, 63);

    relay_open(&r, 1000);
    ck_assert(relay_line_is_high(&r));
    ck_assert(!relay_tick(&r, 63999));
    relay_open(&r, 63999);
    ck_assert(!relay_tick(&r, 64000));
    ck_assert(relay_tick(&r, 126999));
    ck_assert(!r.open && !relay_line_is_high(&r) && !relay_tick(&r, 200000));
}
END_TEST

START_TEST(a_low_pulse_rests_high)
{
    relay_state r = relay_at_rest(RELAY_PULSES_LOW, 1);

    ck_assert(!r.open && relay_line_is_high(&r));
    relay_open(&r, 0);
    ck_assert(!relay_line_is_high(&r));
    ck_assert(relay_tick(&r, 1000));
    ck_assert(relay_line_is_high(&r));
}
END_TEST

START_TEST(another_mode_closes_and_other_seconds_wait_for_the_next_opening)
{
    relay_state r = relay_at_rest(RELAY_STAYS_OPEN, 5);

    relay_open(&r, 0);
    ck_assert(relay_configure(&r, RELAY_PULSES_HIGH, 5));
    ck_assert(!r.open);
    relay_open(&r, 0);
    ck_assert(!relay_configure(&r, RELAY_PULSES_HIGH, 60));
    ck_assert(r.open && relay_tick(&r, 5000));
    ck_assert(relay_configure(&r, RELAY_PULSES_LOW, 60)); /* closed before and after, but the line rests high now */
    ck_assert(!r.open && relay_line_is_high(&r));
    ck_assert(!relay_configure(&r, RELAY_PULSES_LOW, 7));
}
END_TEST

/* ---- Menu ----------------------------------------------------------------------------------------------------------
 */

START_TEST(five_failures_are_free_and_then_the_wait_doubles_up_to_an_hour)
{
    const int64_t waits[] = {0, 0, 0, 0, 30000, 60000, 120000, 240000, 480000, 960000, 1920000, 3600000, 3600000};
    menu_lock lock = menu_lock_begin(0, 0);
    int64_t now_ms = 1000;

    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        ck_assert_int_eq(menu_lock_wait_ms(&lock, now_ms), 0);
        menu_lock_tried(&lock, false, now_ms);
        ck_assert_int_eq(menu_lock_wait_ms(&lock, now_ms), waits[i]);
        now_ms += waits[i];
    }
    menu_lock_tried(&lock, true, now_ms);
    ck_assert_uint_eq(lock.failures, 0);
    ck_assert_int_eq(menu_lock_wait_ms(&lock, now_ms), 0);
}
END_TEST

START_TEST(a_restart_gives_no_further_attempts)
{
    menu_lock lock = menu_lock_begin(4, 500);

    ck_assert_int_eq(menu_lock_wait_ms(&lock, 500), 0);
    lock = menu_lock_begin(6, 500);
    ck_assert_int_eq(menu_lock_wait_ms(&lock, 500), 60000);
    lock = menu_lock_begin(UINT32_MAX, 500);
    ck_assert_int_eq(menu_lock_wait_ms(&lock, 500), 3600000);
}
END_TEST

/* ---- The daily restart ---------------------------------------------------------------------------------------------
 */

enum { TODAY = 20260327, TOMORROW = 20260328, MINUTE_MS = 60000 };

static local_moment at(int32_t day, int32_t minute)
{
    int32_t days = day - TODAY;

    return (local_moment){day, minute, 1774569600000 + ((int64_t)days * 1440 + minute) * MINUTE_MS};
}

START_TEST(the_restart_comes_when_its_minute_passes_and_once_a_day)
{
    daily_restart d = daily_restart_begin(0, at(TODAY, 170));

    ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, 179)));
    ck_assert(daily_restart_due(&d, true, 180, at(TODAY, 180)));
    ck_assert_int_eq(d.done_day, TODAY);
    ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, 181)));
    ck_assert(!daily_restart_due(&d, true, 182, at(TODAY, 182))); /* set to a later minute of the same day */
}
END_TEST

START_TEST(whoever_comes_back_from_it_does_not_restart_again)
{
    for (int32_t minute = 180; minute < 183; minute++) {
        daily_restart d = daily_restart_begin(TODAY, at(TODAY, minute));

        for (int32_t now = minute; now < 300; now++)
            ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, now)));
    }
    /* A clock that is put back a little at the start goes over the minute once more. */
    daily_restart d = daily_restart_begin(TODAY, at(TODAY, 181));
    ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, 179)));
    ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, 180)));
}
END_TEST

START_TEST(a_start_after_the_minute_waits_for_tomorrow)
{
    daily_restart d = daily_restart_begin(0, at(TODAY, 200));

    for (int32_t now = 200; now < 1440; now += 7)
        ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, now)));
    for (int32_t now = 0; now < 180; now += 7)
        ck_assert(!daily_restart_due(&d, true, 180, at(TOMORROW, now)));
    ck_assert(daily_restart_due(&d, true, 180, at(TOMORROW, 180)));
}
END_TEST

START_TEST(midnight_belongs_to_the_new_day_and_the_last_minute_to_the_old)
{
    daily_restart d = daily_restart_begin(0, at(TODAY, 1439));

    ck_assert(daily_restart_due(&d, true, 0, at(TOMORROW, 0)));
    ck_assert_int_eq(d.done_day, TOMORROW);
    d = daily_restart_begin(0, at(TODAY, 1438));
    ck_assert(daily_restart_due(&d, true, 1439, at(TOMORROW, 1)));
    ck_assert_int_eq(d.done_day, TODAY);
}
END_TEST

START_TEST(a_clock_that_is_put_right_passes_no_minute_and_a_missing_hour_does)
{
    daily_restart d = daily_restart_begin(0, (local_moment){19700101, 60, 3600000});
    local_moment before = at(TODAY, 119), after = at(TODAY, 180);

    ck_assert(!daily_restart_due(&d, true, 180, at(TODAY, 200)));
    d = daily_restart_begin(0, before); /* summer time begins: 01:59 is followed by 03:00 */
    after.at_ms = before.at_ms + MINUTE_MS;
    ck_assert(daily_restart_due(&d, true, 150, after));
    d = daily_restart_begin(0, at(TODAY, 170));
    ck_assert(!daily_restart_due(&d, false, 180, at(TODAY, 180)));
}
END_TEST

/* ---- Temperature ---------------------------------------------------------------------------------------------------
 */

static int32_t measure(int32_t mode, const int32_t *readings, uint32_t *ret_used)
{
    temperature_run run = temperature_begin(mode);

    *ret_used = 0;
    while (temperature_add(&run, readings[(*ret_used)++]))
        ;
    return temperature_result(&run);
}

START_TEST(the_fine_mode_measures_until_it_settles)
{
    uint32_t used;

    ck_assert_int_eq(measure(TEMPERATURE_PRIMARY, (int32_t[]){3610, 3690}, &used), 3610);
    ck_assert_uint_eq(used, 1);
    ck_assert_int_eq(measure(TEMPERATURE_FINE, (int32_t[]){3500, 3610, 3660, 3665, 3670}, &used), 3665);
    ck_assert_uint_eq(used, 5);
    ck_assert_int_eq(
        measure(TEMPERATURE_FINE, (int32_t[]){3500, 3700, 3500, 3700, 3500, 3700, 3500, 3700, 3500, 3700}, &used),
        3700);
    ck_assert_uint_eq(used, 10);
    ck_assert_int_eq(measure(TEMPERATURE_FINE, (int32_t[]){3650, 0}, &used), 3650);
    ck_assert_int_eq(measure(TEMPERATURE_FINE, (int32_t[]){0}, &used), 0);
    ck_assert_int_eq(measure(TEMPERATURE_PRIMARY, (int32_t[]){0}, &used), 0);
}
END_TEST

START_TEST(the_compensation_is_by_hand_or_outdoors_by_the_air)
{
    terminal_settings s = settings_factory();

    ck_assert_int_eq(temperature_compensation(&s, true, 500), 0);
    s.compensation_tenths = 3;
    ck_assert_int_eq(3610 + temperature_compensation(&s, false, 0), 3640);
    s.compensation_tenths = -2;
    ck_assert_int_eq(3680 + temperature_compensation(&s, false, 0), 3660);
    s.compensation_automatic = true;
    ck_assert_int_eq(temperature_compensation(&s, true, 500), 0);
    s.temperature_scenario = SCENARIO_OUTDOOR;
    ck_assert_int_eq(temperature_compensation(&s, true, 2500), 0);
    ck_assert_int_eq(temperature_compensation(&s, true, 500), 40);
    ck_assert_int_eq(temperature_compensation(&s, true, -9000), 100);
    ck_assert_int_eq(temperature_compensation(&s, true, 3500), -20);
    ck_assert_int_eq(temperature_compensation(&s, false, 500), 0);
    ck_assert_int_eq(temperature_compensate(0, 100), 0);
    ck_assert_int_eq(temperature_compensate(50, -100), 1);
    ck_assert_int_eq(temperature_compensate(9990, 100), 9999);
}
END_TEST

START_TEST(a_temperature_is_told_in_its_unit)
{
    char words[40];

    temperature_words(3730, UNIT_CELSIUS, words, sizeof words);
    ck_assert_str_eq(words, "37.3 ℃");
    temperature_words(3730, UNIT_FAHRENHEIT, words, sizeof words);
    ck_assert_str_eq(words, "99.1 ℉");
    temperature_words(3730, UNIT_BOTH, words, sizeof words);
    ck_assert_str_eq(words, "37.3 ℃ / 99.1 ℉");
    temperature_words(0, UNIT_BOTH, words, sizeof words);
    ck_assert_str_eq(words, "");
}
END_TEST

/* ---- Camera, light, voice, screen ----------------------------------------------------------------------------------
 */

START_TEST(a_camera_is_started_again_after_three_failures_and_then_rests)
{
    camera_guard g = {0};

    ck_assert(!camera_guard_asked(&g, true, false, 1000));
    ck_assert(!camera_guard_asked(&g, true, false, 1000));
    ck_assert(!camera_guard_asked(&g, true, true, 1000));
    ck_assert(!camera_guard_asked(&g, true, false, 1000));
    ck_assert(!camera_guard_asked(&g, true, false, 1000));
    ck_assert(camera_guard_asked(&g, true, false, 1000));
    for (int i = 0; i < 10; i++)
        ck_assert(!camera_guard_asked(&g, true, false, 10999));
    ck_assert(camera_guard_asked(&g, true, false, 11000));
    ck_assert_uint_eq(g.restarts, 2);
    for (int i = 0; i < 10; i++)
        ck_assert(!camera_guard_asked(&g, false, false, 99000));
}
END_TEST

START_TEST(a_picture_is_as_bad_as_its_worst_side)
{
    ck_assert_int_eq(admission_flaws(0, 1000), 100);
    ck_assert_int_eq(admission_flaws(120, 0), 100);
    ck_assert_int_lt(admission_flaws(120, 100), 8);
    ck_assert_int_le(admission_flaws(40, 20), 17); /* as photos for the console, just good enough */
    ck_assert_int_gt(admission_flaws(36, 100), 17);
    ck_assert_int_gt(admission_flaws(120, 15), 17);
}
END_TEST

START_TEST(the_light_shows_who_may_pass)
{
    terminal_settings s = settings_factory();

    ck_assert_int_eq(light_of(&s, LIGHT_FOR_NOBODY), LIGHT_WHITE);
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_SUCCESS), LIGHT_GREEN);
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_FAILURE), LIGHT_RED);
    s.failure_effect = FAILURE_NO_LIGHT;
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_FAILURE), LIGHT_WHITE);
    s.fill_light = FILL_WHITE;
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_SUCCESS), LIGHT_WHITE);
    s.fill_light = FILL_OFF;
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_SUCCESS), LIGHT_OFF);
    s.failure_effect = FAILURE_RED_LIGHT;
    ck_assert_int_eq(light_of(&s, LIGHT_FOR_FAILURE), LIGHT_RED);
}
END_TEST

START_TEST(the_voice_says_no_more_than_the_settings_let_be_shown)
{
    terminal_settings s = settings_factory();
    pass_verdict hot = {.result = PASS_DENIED, .reason = DENY_TEMPERATURE, .shown_centi = 3800, .abnormal = true};
    pass_verdict well = {.result = PASS_ALLOWED, .shown_centi = 3660};
    sound said[VOICE_SOUNDS_MAX];

    ck_assert_uint_eq(voice_of_pass(&s, &well, PERSON_EMPLOYEE, "Wei Chen", said), 2);
    ck_assert_str_eq(said[0].words, "Welcome, Wei Chen");
    ck_assert_str_eq(said[1].words, "36.6 ℃");
    ck_assert_uint_eq(said[0].volume, 20);
    s.name_display = false;
    voice_of_pass(&s, &well, PERSON_EMPLOYEE, "Wei Chen", said);
    ck_assert_str_eq(said[0].words, "Welcome");
    ck_assert_uint_eq(voice_of_pass(&s, &hot, PERSON_EMPLOYEE, "Wei Chen", said), 3);
    ck_assert_str_eq(said[0].words, "Abnormal temperature");
    ck_assert_int_eq(said[2].kind, SOUND_ALARM);
    hot.shown_centi = 0; /* values are not shown: the alarm still sounds */
    ck_assert_uint_eq(voice_of_pass(&s, &hot, PERSON_EMPLOYEE, "Wei Chen", said), 2);
    ck_assert_int_eq(said[1].kind, SOUND_ALARM);
    s.alarm_sound = false;
    ck_assert_uint_eq(voice_of_pass(&s, &hot, PERSON_EMPLOYEE, "Wei Chen", said), 1);
    s.silent = true;
    ck_assert_uint_eq(voice_of_pass(&s, &hot, PERSON_EMPLOYEE, "Wei Chen", said), 0);
    s.silent = false;
    s.volume = 0;
    ck_assert_uint_eq(voice_of_pass(&s, &hot, PERSON_EMPLOYEE, "Wei Chen", said), 0);
}
END_TEST

START_TEST(the_screen_shows_no_more_than_the_settings_let_be_shown)
{
    terminal_settings s = settings_factory();
    pass_verdict v = {.result = PASS_ALLOWED, .shown_centi = 3660};
    screen shown = screen_home();
    char words[256];

    s.temperature_unit = UNIT_BOTH;
    screen_show_pass(&shown, &s, &v, PERSON_EMPLOYEE, "Wei Chen");
    screen_describe(&shown, words, sizeof words);
    ck_assert_str_eq(words, "[green] Welcome · Wei Chen · 36.6 ℃ / 97.9 ℉ |  · 0 people");
    ck_assert(shown.picture);
    s.name_display = s.photo_kept = false;
    shown.bottom_bar = false;
    screen_show_pass(&shown, &s, &v, PERSON_EMPLOYEE, "Wei Chen");
    screen_describe(&shown, words, sizeof words);
    ck_assert_str_eq(words, "[green] Welcome · 36.6 ℃ / 97.9 ℉");
    ck_assert(!shown.picture);
    s.photo_kept = true;
    s.success_effect = SUCCESS_TEXT;
    screen_show_pass(&shown, &s, &v, PERSON_EMPLOYEE, "Wei Chen");
    ck_assert(!shown.picture);
    screen_describe(&shown, words, 8);
    ck_assert_str_eq(words, "[green]");
}
END_TEST

int main(void)
{
    return RUN_SUITE(
        "manners", 10, a_relay_that_stays_open_waits_for_somebody_to_close_it,
        a_high_pulse_lasts_its_seconds_and_begins_anew_with_whoever_comes, a_low_pulse_rests_high,
        another_mode_closes_and_other_seconds_wait_for_the_next_opening,
        five_failures_are_free_and_then_the_wait_doubles_up_to_an_hour, a_restart_gives_no_further_attempts,
        the_restart_comes_when_its_minute_passes_and_once_a_day, whoever_comes_back_from_it_does_not_restart_again,
        a_start_after_the_minute_waits_for_tomorrow, midnight_belongs_to_the_new_day_and_the_last_minute_to_the_old,
        a_clock_that_is_put_right_passes_no_minute_and_a_missing_hour_does, the_fine_mode_measures_until_it_settles,
        the_compensation_is_by_hand_or_outdoors_by_the_air, a_temperature_is_told_in_its_unit,
        a_camera_is_started_again_after_three_failures_and_then_rests, a_picture_is_as_bad_as_its_worst_side,
        the_light_shows_who_may_pass, the_voice_says_no_more_than_the_settings_let_be_shown,
        the_screen_shows_no_more_than_the_settings_let_be_shown);
}
