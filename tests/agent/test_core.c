/* The small decisions: backoff, link states, nearest face, screen. */
#include <math.h>
#include <string.h>

#include "backoff.h"
#include "face_index.h"
#include "link_state.h"
#include "suite.h"
#include "screen.h"
#include "settings.h"

/* ---- Backoff ---- */

START_TEST(the_ceiling_doubles_up_to_five_minutes)
{
    const int64_t ceilings[] = {1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 300000, 300000};
    backoff b;

    backoff_init(&b, 1000, 300000);
    for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++)
        ck_assert_int_eq(backoff_next_ms(&b, UINT32_MAX), ceilings[i]);
}
END_TEST

START_TEST(the_wait_is_anything_from_nothing_to_the_ceiling)
{
    backoff b;

    backoff_init(&b, 1000, 300000);
    ck_assert_int_eq(backoff_next_ms(&b, 0), 0);
    ck_assert_int_eq(backoff_next_ms(&b, UINT32_MAX / 2), 1000);
    ck_assert_int_eq(backoff_next_ms(&b, UINT32_MAX / 4), 1000);
}
END_TEST

START_TEST(a_stable_connection_begins_the_backoff_anew)
{
    backoff b;

    backoff_init(&b, 1000, 300000);
    for (int i = 0; i < 20; i++)
        backoff_next_ms(&b, UINT32_MAX);
    backoff_reset(&b);
    ck_assert_int_eq(backoff_next_ms(&b, UINT32_MAX), 1000);
}
END_TEST

/* ---- Link states ---- */

START_TEST(a_link_dials_greets_and_sends_its_backlog)
{
    link_state state = LINK_UNENROLLED;

    ck_assert_int_eq(link_step(&state, LINK_ENROLLED), LINK_DIAL_LATER);
    ck_assert_int_eq(link_step(&state, LINK_DUE), LINK_DIAL);
    ck_assert_int_eq(link_step(&state, LINK_OPENED), LINK_SAY_HELLO);
    ck_assert_int_eq(link_step(&state, LINK_WELCOMED), LINK_SEND_BACKLOG);
    ck_assert_int_eq(state, LINK_ONLINE);
}
END_TEST

START_TEST(whatever_breaks_is_dialled_again_later)
{
    for (link_state from = LINK_RENEWING; from <= LINK_ONLINE; from++) {
        link_state state = from;

        ck_assert_int_eq(link_step(&state, LINK_LOST), LINK_DIAL_LATER);
        ck_assert_int_eq(state, LINK_WAITING);
    }
}
END_TEST

START_TEST(a_refusal_is_answered_by_a_long_wait)
{
    for (link_state from = LINK_DIALLING; from <= LINK_ONLINE; from++) {
        link_state state = from;

        ck_assert_int_eq(link_step(&state, LINK_DENIED), LINK_DIAL_MUCH_LATER);
        ck_assert_int_eq(state, LINK_REFUSED);
    }
}
END_TEST

START_TEST(a_pulled_cable_stops_everything_until_it_is_plugged_in)
{
    for (link_state from = LINK_WAITING; from <= LINK_ONLINE; from++) {
        link_state state = from;

        ck_assert_int_eq(link_step(&state, LINK_CARRIER_LOST), LINK_HANG_UP);
        ck_assert_int_eq(link_step(&state, LINK_DUE), LINK_DO_NOTHING);
        ck_assert_int_eq(link_step(&state, LINK_CARRIER_FOUND), LINK_DIAL);
    }
}
END_TEST

START_TEST(a_wiped_terminal_does_not_dial_until_it_is_enrolled)
{
    link_state state = LINK_ONLINE;

    ck_assert_int_eq(link_step(&state, LINK_WIPE_ORDERED), LINK_WIPE);
    for (link_event event = LINK_DUE; event < LINK_EVENTS; event++)
        ck_assert_int_eq(link_step(&state, event), LINK_DO_NOTHING);
    ck_assert_int_eq(link_step(&state, LINK_ENROLLED), LINK_DIAL_LATER);
}
END_TEST

START_TEST(an_old_certificate_still_dials_when_the_new_one_fails)
{
    const link_event outcomes[] = {LINK_RENEWED, LINK_NOT_RENEWED, LINK_DENIED};

    for (size_t i = 0; i < 3; i++) {
        link_state state = LINK_WAITING;

        ck_assert_int_eq(link_step(&state, LINK_RENEWAL_DUE), LINK_RENEW);
        ck_assert_int_eq(link_step(&state, outcomes[i]), LINK_DIAL);
    }
}
END_TEST

/* ---- Faces ---- */

static face_owner owners[3];
static float faces[3][FACE_INDEX_LENGTH];

static void fill_face(float face[FACE_INDEX_LENGTH], float value)
{
    for (int i = 0; i < FACE_INDEX_LENGTH; i++)
        face[i] = value;
}

START_TEST(the_nearest_below_the_limit_is_found)
{
    face_index index;
    float one[FACE_INDEX_LENGTH];
    float distance = -1;

    face_index_init(&index, owners, faces, 3);
    fill_face(one, 0.10f);
    ck_assert(face_index_put(&index, (face_owner){1, false}, one));
    fill_face(one, 0.12f);
    ck_assert(face_index_put(&index, (face_owner){2, false}, one));
    fill_face(one, 0.13f);
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 2);
    ck_assert_float_eq_tol(distance, 0.01f * sqrtf(FACE_INDEX_LENGTH), 1e-4f);
    fill_face(one, 0.5f);
    distance = -1;
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 0);
    ck_assert_float_eq(distance, -1);
}
END_TEST

START_TEST(a_full_index_takes_replacements_only_and_a_removed_face_is_gone)
{
    face_index index;
    float one[FACE_INDEX_LENGTH];
    float distance;

    face_index_init(&index, owners, faces, 3);
    for (int id = 1; id <= 3; id++) {
        fill_face(one, (float)id);
        ck_assert(face_index_put(&index, (face_owner){id, false}, one));
    }
    ck_assert(!face_index_put(&index, (face_owner){4, false}, one));
    fill_face(one, 9);
    ck_assert(face_index_put(&index, (face_owner){2, false}, one));
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 2);
    face_index_remove(&index, 2);
    face_index_remove(&index, 2);
    ck_assert_uint_eq(index.count, 2);
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 0);
    fill_face(one, 3);
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 3);
}
END_TEST

START_TEST(whoever_is_denied_is_found_before_who_is_nearer)
{
    const face_owner employee = {1, false}, denied = {2, true}, denied_too = {3, true};
    face_index index;
    float one[FACE_INDEX_LENGTH];
    float distance;

    face_index_init(&index, owners, faces, 3);
    fill_face(one, 0.10f);
    ck_assert(face_index_put(&index, employee, one));
    fill_face(one, 0.14f);
    ck_assert(face_index_put(&index, denied, one));
    fill_face(one, 0.13f);
    ck_assert(face_index_put(&index, denied_too, one));
    fill_face(one, 0.10f);
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 3);
    ck_assert_float_eq_tol(distance, 0.03f * sqrtf(FACE_INDEX_LENGTH), 1e-4f);
    /* Beyond the limit a face on the blacklist is nobody's. */
    ck_assert_int_eq(face_index_nearest(&index, one, 0.3f, &distance), 1);
    /* And whoever left the blacklist is an employee again. */
    fill_face(one, 0.14f);
    ck_assert(face_index_put(&index, (face_owner){2, false}, one));
    face_index_remove(&index, 3);
    fill_face(one, 0.10f);
    ck_assert_int_eq(face_index_nearest(&index, one, 0.5f, &distance), 1);
}
END_TEST

/* ---- Screen ---- */

START_TEST(the_screen_says_what_happened)
{
    screen s = screen_home();
    const terminal_settings settings = settings_factory();
    pass_verdict v = {.result = PASS_DENIED, .reason = DENY_NO_MASK, .shown_centi = 3812, .abnormal = true};
    char line[256];

    s.link = "online";
    s.people = 2;
    screen_show_pass(&s, &settings, &v, PERSON_EMPLOYEE, "Wei Chen");
    screen_describe(&s, line, sizeof line);
    ck_assert_str_eq(line, "[red] Please wear a mask · Wei Chen · 38.1 ℃ (abnormal) | online · 2 people");
    screen_go_home(&s);
    screen_describe(&s, line, sizeof line);
    ck_assert_str_eq(line, "[home] Please face the camera | online · 2 people");
}
END_TEST

START_TEST(the_photo_screen_says_what_to_do)
{
    const terminal_settings settings = settings_factory();
    screen s = screen_home();

    screen_show_pass(&s, &settings, &(pass_verdict){.result = PASS_ALLOWED}, PERSON_EMPLOYEE, "Wei Chen");
    screen_show_photo(&s, "");
    ck_assert_int_eq(s.mood, SCREEN_PHOTO);
    ck_assert_str_eq(s.headline, "A photo will be taken, please look into the camera");
    ck_assert_str_eq(s.person, "");
    screen_show_photo(&s, "BLURRED");
    ck_assert_str_eq(s.headline, "Please hold still");
    screen_show_photo(&s, "SOMETHING_NEW");
    ck_assert_str_eq(s.headline, "The photo cannot be used, another one will be taken");
}
END_TEST

START_TEST(a_strangers_name_is_never_shown)
{
    const terminal_settings settings = settings_factory();
    screen s = screen_home();

    screen_show_pass(&s, &settings, &(pass_verdict){.result = PASS_ALLOWED}, PERSON_STRANGER, "somebody");
    ck_assert_str_eq(s.person, "");
    ck_assert_int_eq(s.mood, SCREEN_GREEN);
}
END_TEST

int main(void)
{
    return RUN_SUITE("core", 10, the_ceiling_doubles_up_to_five_minutes,
                     the_wait_is_anything_from_nothing_to_the_ceiling, a_stable_connection_begins_the_backoff_anew,
                     a_link_dials_greets_and_sends_its_backlog, whatever_breaks_is_dialled_again_later,
                     a_refusal_is_answered_by_a_long_wait, a_pulled_cable_stops_everything_until_it_is_plugged_in,
                     a_wiped_terminal_does_not_dial_until_it_is_enrolled,
                     an_old_certificate_still_dials_when_the_new_one_fails, the_nearest_below_the_limit_is_found,
                     a_full_index_takes_replacements_only_and_a_removed_face_is_gone,
                     whoever_is_denied_is_found_before_who_is_nearer, the_screen_says_what_happened,
                     the_photo_screen_says_what_to_do, a_strangers_name_is_never_shown);
}
