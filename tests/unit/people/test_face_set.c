/* Faces in memory: kept in step with what is stored, and searched. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "face_set.h"
#include "suite.h"

static face_set set;

static void down(void)
{
    face_set_free(&set);
}

/* A face that is all one number lies sqrt(128) times the difference from another. */
static void add(const int64_t *ids, const float *values, size_t count)
{
    static float faces[16][FACE_NUMBERS];
    int64_t own[16];

    for (size_t i = 0; i < count; i++) {
        own[i] = ids[i];
        for (int n = 0; n < FACE_NUMBERS; n++)
            faces[i][n] = values[i];
    }
    ck_assert(face_set_add(&set, own, faces, count));
}

static size_t near(float value, float limit, face_match *matches, size_t most)
{
    float face[FACE_NUMBERS];

    for (int n = 0; n < FACE_NUMBERS; n++)
        face[n] = value;
    return face_set_nearest(&set, face, limit, matches, most);
}

static void assert_ids(const int64_t *ids, size_t count)
{
    ck_assert_uint_eq(set.count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(set.ids[i], ids[i]);
}

START_TEST(faces_come_in_any_order_and_stay_with_their_photos)
{
    face_match match;

    add((const int64_t[]){7, 3, 9}, (const float[]){0.07f, 0.03f, 0.09f}, 3);
    add((const int64_t[]){8, 1, 10}, (const float[]){0.08f, 0.01f, 0.10f}, 3);
    assert_ids((const int64_t[]){1, 3, 7, 8, 9, 10}, 6);
    for (size_t i = 0; i < set.count; i++) {
        ck_assert_uint_eq(near((float)set.ids[i] / 100, 0.05f, &match, 1), 1);
        ck_assert_int_eq(match.id, set.ids[i]);
        ck_assert_float_eq_tol(match.distance, 0, 1e-4f);
    }
}
END_TEST

START_TEST(photos_that_are_gone_are_forgotten_and_new_ones_are_missing)
{
    int64_t missing[4];
    size_t count;

    add((const int64_t[]){1, 3, 7, 8}, (const float[]){1, 3, 7, 8}, 4);
    face_set_keep(&set, (const int64_t[]){2, 3, 8, 9}, 4, missing, &count);
    assert_ids((const int64_t[]){3, 8}, 2);
    ck_assert_float_eq(set.faces[1][127], 8);
    ck_assert_float_eq(set.faces[2][0], 0); /* wiped */
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(missing[0], 2);
    ck_assert_int_eq(missing[1], 9);
    face_set_keep(&set, NULL, 0, missing, &count);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(the_nearest_come_first_and_no_more_than_are_wanted)
{
    face_match matches[3];

    ck_assert_uint_eq(near(0, 0.6f, matches, 3), 0);
    add((const int64_t[]){1, 2, 3, 4, 5}, (const float[]){0.04f, 0.01f, 0.03f, 0.02f, 0.06f}, 5);
    ck_assert_uint_eq(near(0, 0.6f, matches, 3), 3);
    ck_assert_int_eq(matches[0].id, 2);
    ck_assert_int_eq(matches[1].id, 4);
    ck_assert_int_eq(matches[2].id, 3);
    ck_assert_float_eq_tol(matches[2].distance, 0.03f * sqrtf(128), 1e-3f);
    ck_assert_uint_eq(near(0, 0.2f, matches, 3), 1); /* the limit is of the distance, not of its square */
}
END_TEST

START_TEST(many_faces_find_room)
{
    for (int64_t id = 1; id <= 1000; id++)
        add((const int64_t[]){id}, (const float[]){(float)id}, 1);
    ck_assert_uint_eq(set.count, 1000);
    ck_assert_int_eq(set.ids[999], 1000);
    ck_assert_float_eq(set.faces[499][5], 500);
}
END_TEST

START_TEST(a_template_of_another_size_or_without_numbers_is_none)
{
    uint8_t bytes[FACE_BYTES + 1] = {0};
    float face[FACE_NUMBERS];

    bytes[2] = 0x80;
    bytes[3] = 0x3f;
    ck_assert(face_read(bytes, FACE_BYTES, face));
    ck_assert_float_eq(face[0], 1);
    ck_assert(!face_read(bytes, FACE_BYTES - 1, face));
    ck_assert(!face_read(bytes, FACE_BYTES + 1, face));
    memset(bytes + 508, 0xff, 4);
    ck_assert(!face_read(bytes, FACE_BYTES, face));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("face set");
    TCase *tests = tcase_create("faces");

    tcase_add_checked_fixture(tests, NULL, down);
    tcase_add_test(tests, faces_come_in_any_order_and_stay_with_their_photos);
    tcase_add_test(tests, photos_that_are_gone_are_forgotten_and_new_ones_are_missing);
    tcase_add_test(tests, the_nearest_come_first_and_no_more_than_are_wanted);
    tcase_add_test(tests, many_faces_find_room);
    tcase_add_test(tests, a_template_of_another_size_or_without_numbers_is_none);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
