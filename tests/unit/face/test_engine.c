#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bitmap.h"
#include "photos.h"
#include "suite.h"

#define FACES_MAX 16

static face_weights *weights;
static face_engine *engine;

static void begin(void)
{
    weights = face_weights_load(WEIGHTS);
    engine = weights ? face_engine_new(weights) : NULL;
    if (!engine)
        abort();
}

static void end(void)
{
    face_engine_free(engine);
    face_weights_free(weights);
}

static const char *name_of(const char *kind, int number, const char *ending)
{
    static char name[64];

    snprintf(name, sizeof name, "%s-%02d%s", kind, number, ending);
    return name;
}

/* The only face of the picture, with landmarks. */
static face only_face(const bitmap *photo, const char *what)
{
    face_picture view = bitmap_view(photo);
    face faces[FACES_MAX];
    int found = face_detect(engine, &view, faces, FACES_MAX);

    ck_assert_msg(found == 1, "%s: %d faces", what, found);
    ck_assert(face_landmarks(engine, &view, &faces[0]));
    return faces[0];
}

static void template_of(const bitmap *photo, const char *what, float ret_template[FACE_TEMPLATE_LENGTH])
{
    face_picture view = bitmap_view(photo);
    face f = only_face(photo, what);

    ck_assert(face_template(engine, &view, &f, ret_template));
}

static void template_of_photo(const char *name, float ret_template[FACE_TEMPLATE_LENGTH])
{
    bitmap photo = photo_load(name);

    template_of(&photo, name, ret_template);
    bitmap_done(&photo);
}

START_TEST(nobody_is_found_where_nobody_is)
{
    bitmap pictures[] = {photo_load("nobody"), {0}, {0}};
    face faces[FACES_MAX];

    ck_assert(bitmap_init(&pictures[1], 640, 480));
    ck_assert(bitmap_init(&pictures[2], 640, 480));
    memset(pictures[2].rgb, 200, 640 * 480 * 3);
    for (int i = 0; i < 3; i++) {
        face_picture view = bitmap_view(&pictures[i]);

        ck_assert_int_eq(face_detect(engine, &view, faces, FACES_MAX), 0);
        ck_assert_int_eq(face_detect_all(engine, &view, faces, FACES_MAX), 0);
        bitmap_done(&pictures[i]);
    }
}
END_TEST

START_TEST(everybody_in_a_group_is_found_and_the_largest_comes_first)
{
    static const int groups[][2] = {{1, 3}, {3, 3}, {5, 5}, {6, 4}};
    face faces[FACES_MAX];

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        bitmap photo = photo_sample(groups[i][0]);
        face_picture view = bitmap_view(&photo);
        int found = face_detect_all(engine, &view, faces, FACES_MAX);

        ck_assert_msg(found == groups[i][1], "sample %d: %d faces", groups[i][0], found);
        for (int j = 1; j < found; j++)
            ck_assert_float_ge(faces[j - 1].width * faces[j - 1].height, faces[j].width * faces[j].height);
        bitmap_done(&photo);
    }
}
END_TEST

START_TEST(no_more_faces_are_given_than_there_is_room_for)
{
    bitmap photo = photo_sample(5);
    face_picture view = bitmap_view(&photo);
    face faces[2];

    ck_assert_int_eq(face_detect_all(engine, &view, faces, 2), 2);
    ck_assert_int_eq(face_detect_all(engine, &view, faces, 0), 0);
    bitmap_done(&photo);
}
END_TEST

START_TEST(landmarks_lie_on_the_face_in_the_order_of_a_face)
{
    for (int i = 1; i <= PHOTO_PERSONS; i++) {
        const char *name = name_of("person", i, "");
        bitmap photo = photo_load(name);
        face f = only_face(&photo, name);

        for (int j = 0; j < FACE_LANDMARKS; j++) {
            ck_assert_float_gt(f.landmarks[j][0], f.x - f.width / 2);
            ck_assert_float_lt(f.landmarks[j][0], f.x + f.width * 3 / 2);
            ck_assert_float_gt(f.landmarks[j][1], f.y - f.height / 2);
            ck_assert_float_lt(f.landmarks[j][1], f.y + f.height * 3 / 2);
        }
        ck_assert_float_lt(f.landmarks[36][0], f.landmarks[45][0]); /* left eye, right eye */
        ck_assert_float_lt(f.landmarks[36][1], f.landmarks[30][1]); /* eye above the tip of the nose */
        ck_assert_float_lt(f.landmarks[30][1], f.landmarks[57][1]); /* nose above the mouth */
        ck_assert_float_lt(f.landmarks[57][1], f.landmarks[8][1]);  /* mouth above the chin */
        bitmap_done(&photo);
    }
}
END_TEST

START_TEST(a_visit_is_near_its_portrait)
{
    for (int i = 1; i <= PHOTO_PERSONS; i++) {
        float portrait[FACE_TEMPLATE_LENGTH], visit[FACE_TEMPLATE_LENGTH];

        template_of_photo(name_of("person", i, ""), portrait);
        template_of_photo(name_of("person", i, "-visit"), visit);
        ck_assert_float_lt(face_distance(portrait, visit), 0.3f);
    }
}
END_TEST

START_TEST(different_people_are_far_from_each_other)
{
    static float all[PHOTO_PERSONS + PHOTO_STRANGERS][FACE_TEMPLATE_LENGTH];

    for (int i = 0; i < PHOTO_PERSONS; i++)
        template_of_photo(name_of("person", i + 1, ""), all[i]);
    for (int i = 0; i < PHOTO_STRANGERS; i++)
        template_of_photo(name_of("stranger", i + 1, ""), all[PHOTO_PERSONS + i]);
    for (int i = 0; i < PHOTO_PERSONS + PHOTO_STRANGERS; i++)
        for (int j = 0; j < i; j++)
            ck_assert_msg(face_distance(all[i], all[j]) > FACE_SAME_PERSON_DISTANCE, "%d and %d: %f", i, j,
                          (double)face_distance(all[i], all[j]));
}
END_TEST

/* The same person under other circumstances. */

static uint8_t clamped(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static bitmap lit(const face_picture *p, int percent)
{
    bitmap b;

    ck_assert(bitmap_crop(p, 0, 0, p->width, p->height, &b));
    for (int i = 0; i < b.width * b.height * 3; i++)
        b.rgb[i] = clamped(b.rgb[i] * percent / 100);
    return b;
}

static bitmap darker(const face_picture *p)
{
    return lit(p, 60);
}

static bitmap brighter(const face_picture *p)
{
    return lit(p, 140);
}

static bitmap half_the_size(const face_picture *p)
{
    bitmap b;

    ck_assert(bitmap_resize(p, p->width / 2, p->height / 2, &b));
    return b;
}

static bitmap one_and_a_half_times_the_size(const face_picture *p)
{
    bitmap b;

    ck_assert(bitmap_resize(p, p->width * 3 / 2, p->height * 3 / 2, &b));
    return b;
}

static bitmap cut_closely(const face_picture *p)
{
    bitmap b;

    ck_assert(bitmap_crop(p, p->width / 10, p->height / 7, p->width * 8 / 10, p->height * 5 / 7, &b));
    return b;
}

static bitmap mirrored(const face_picture *p)
{
    bitmap b;

    ck_assert(bitmap_init(&b, p->width, p->height));
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            memcpy(b.rgb + ((size_t)y * (size_t)p->width + (size_t)x) * 3,
                   p->rgb + ((size_t)y * (size_t)p->width + (size_t)(p->width - 1 - x)) * 3, 3);
    return b;
}

static bitmap noisy(const face_picture *p)
{
    bitmap b;
    uint32_t state = 1;

    ck_assert(bitmap_crop(p, 0, 0, p->width, p->height, &b));
    for (int i = 0; i < b.width * b.height * 3; i++) {
        state = state * 1664525u + 1013904223u;
        b.rgb[i] = clamped(b.rgb[i] + (int)(state >> 16) % 31 - 15);
    }
    return b;
}

static const struct {
    const char *name;
    bitmap (*change)(const face_picture *p);
} circumstances[] = {
    {"darker", darker},
    {"brighter", brighter},
    {"half the size", half_the_size},
    {"one and a half times the size", one_and_a_half_times_the_size},
    {"cut closely", cut_closely},
    {"mirrored", mirrored},
    {"noisy", noisy},
};

START_TEST(light_size_framing_and_noise_do_not_hide_a_person)
{
    for (int i = 1; i <= PHOTO_PERSONS; i += 2) {
        const char *name = name_of("person", i, "");
        bitmap photo = photo_load(name), other = {0};
        face_picture view = bitmap_view(&photo);
        float portrait[FACE_TEMPLATE_LENGTH], changed[FACE_TEMPLATE_LENGTH];

        template_of(&photo, name, portrait);
        other = circumstances[_i].change(&view);
        template_of(&other, circumstances[_i].name, changed);
        ck_assert_msg(face_distance(portrait, changed) < FACE_SAME_PERSON_DISTANCE, "%s, %s: %f", name,
                      circumstances[_i].name, (double)face_distance(portrait, changed));
        bitmap_done(&other);
        bitmap_done(&photo);
    }
}
END_TEST

/* What must do no harm. */

START_TEST(pictures_of_any_shape_are_looked_at)
{
    static const int shapes[][2] = {{1, 1}, {1, 2000}, {2000, 1}, {3, 5}, {31, 33}, {5000, 40}};
    face faces[FACES_MAX];

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        bitmap b;

        ck_assert(bitmap_init(&b, shapes[i][0], shapes[i][1]));
        face_picture view = bitmap_view(&b);
        ck_assert_int_ge(face_detect_all(engine, &view, faces, FACES_MAX), 0);
        bitmap_done(&b);
    }
}
END_TEST

START_TEST(a_box_beyond_all_bounds_does_no_harm)
{
    static const float odd[] = {0, -1, 1e-20f, 1e9f, 3e38f, -3e38f, INFINITY, NAN};
    bitmap photo = photo_load("person-01");
    face_picture view = bitmap_view(&photo);
    float numbers[FACE_TEMPLATE_LENGTH];

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        for (size_t j = 0; j < sizeof odd / sizeof *odd; j++) {
            face f = {.x = odd[i], .y = odd[j], .width = odd[j], .height = odd[i]};

            if (face_landmarks(engine, &view, &f))
                face_template(engine, &view, &f, numbers);
        }
    }
    bitmap_done(&photo);
}
END_TEST

START_TEST(a_template_survives_being_stored)
{
    float before[FACE_TEMPLATE_LENGTH], after[FACE_TEMPLATE_LENGTH];
    uint8_t bytes[FACE_TEMPLATE_BYTES];

    template_of_photo("person-01", before);
    face_template_pack(before, bytes);
    ck_assert(face_template_unpack(bytes, sizeof bytes, after));
    ck_assert_float_eq(face_distance(before, after), 0);
}
END_TEST

START_TEST(stored_bytes_that_are_no_template_are_refused)
{
    uint8_t bytes[FACE_TEMPLATE_BYTES + 1] = {0};
    float numbers[FACE_TEMPLATE_LENGTH];
    static const float none[] = {NAN, INFINITY, -INFINITY};

    ck_assert(face_template_unpack(bytes, FACE_TEMPLATE_BYTES, numbers));
    ck_assert(!face_template_unpack(bytes, FACE_TEMPLATE_BYTES - 1, numbers));
    ck_assert(!face_template_unpack(bytes, FACE_TEMPLATE_BYTES + 1, numbers));
    ck_assert(!face_template_unpack(bytes, 0, numbers));
    for (int i = 0; i < 3; i++) {
        memcpy(bytes + 4 * 77, &none[i], 4);
        ck_assert(!face_template_unpack(bytes, FACE_TEMPLATE_BYTES, numbers));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("engine");
    TCase *tests = tcase_create("engine");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, nobody_is_found_where_nobody_is);
    tcase_add_test(tests, everybody_in_a_group_is_found_and_the_largest_comes_first);
    tcase_add_test(tests, no_more_faces_are_given_than_there_is_room_for);
    tcase_add_test(tests, landmarks_lie_on_the_face_in_the_order_of_a_face);
    tcase_add_test(tests, a_visit_is_near_its_portrait);
    tcase_add_test(tests, different_people_are_far_from_each_other);
    tcase_add_loop_test(tests, light_size_framing_and_noise_do_not_hide_a_person, 0,
                        sizeof circumstances / sizeof *circumstances);
    tcase_add_test(tests, pictures_of_any_shape_are_looked_at);
    tcase_add_test(tests, a_box_beyond_all_bounds_does_no_harm);
    tcase_add_test(tests, a_template_survives_being_stored);
    tcase_add_test(tests, stored_bytes_that_are_no_template_are_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
