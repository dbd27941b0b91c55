#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examine.h"
#include "made_files.h"
#include "photos.h"
#include "picture_file.h"
#include "redraw.h"
#include "suite.h"

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

static made_file photo_file(const char *name)
{
    made_file file;

    file.bytes = photo_bytes(name, &file.size);
    return file;
}

/* Takes the file. */
static examination look(made_file file)
{
    examination e;

    ck_assert(examine(engine, file.bytes, file.size, &e));
    free(file.bytes);
    return e;
}

static void verdict_is(made_file file, photo_verdict verdict)
{
    examination e = look(file);

    ck_assert_str_eq(photo_verdict_reason(e.verdict), photo_verdict_reason(verdict));
    if (verdict != PHOTO_OK)
        ck_assert_msg(!e.photo && !e.thumbnail, "nothing is made of a photo that was refused");
    examination_done(&e);
}

/* Takes the picture. */
static made_file file_of(bitmap picture)
{
    face_picture view = bitmap_view(&picture);
    made_file file;

    ck_assert(picture_file_encode(&view, 92, &file.bytes, &file.size));
    bitmap_done(&picture);
    return file;
}

START_TEST(portraits_are_good)
{
    for (int i = 1; i <= PHOTO_PERSONS; i++) {
        char name[32];

        snprintf(name, sizeof name, "person-%02d", i);
        verdict_is(photo_file(name), PHOTO_OK);
    }
}
END_TEST

START_TEST(what_is_kept_of_a_photo_is_small_upright_and_holds_the_face)
{
    examination e = look(photo_file("person-01"));
    bitmap photo, thumbnail;

    ck_assert_int_eq(picture_file_decode(e.photo, e.photo_size, 0, &photo), PICTURE_FILE_OK);
    ck_assert_int_eq(picture_file_decode(e.thumbnail, e.thumbnail_size, 0, &thumbnail), PICTURE_FILE_OK);
    ck_assert_int_eq(photo.width, e.width);
    ck_assert_int_eq(photo.height, e.height);
    ck_assert_int_eq(thumbnail.width, EXAMINE_THUMBNAIL_SIDE);
    ck_assert_int_eq(thumbnail.height, EXAMINE_THUMBNAIL_SIDE);
    ck_assert_int_ge(e.face_x, 0);
    ck_assert_int_ge(e.face_y, 0);
    ck_assert_int_gt(e.face_width, 0);
    ck_assert_int_gt(e.face_height * 3, e.height);
    ck_assert_int_le(e.face_x + e.face_width, e.width);
    ck_assert_int_le(e.face_y + e.face_height, e.height);
    bitmap_done(&photo);
    bitmap_done(&thumbnail);
    examination_done(&e);
}
END_TEST

START_TEST(a_large_photo_is_kept_at_a_thousand_pixels)
{
    bitmap photo = photo_load("person-05"), large;
    face_picture view = bitmap_view(&photo);

    ck_assert(bitmap_resize(&view, 2000, 3000, &large));
    bitmap_done(&photo);
    examination e = look(file_of(large));
    ck_assert_int_eq(e.verdict, PHOTO_OK);
    ck_assert_int_eq(e.height, EXAMINE_PHOTO_SIDE);
    ck_assert_uint_le(e.photo_size, EXAMINE_PHOTO_BYTES_MAX);
    examination_done(&e);
}
END_TEST

START_TEST(the_same_photo_as_png_is_as_good)
{
    bitmap photo = photo_load("person-01"), small;
    face_picture view = bitmap_view(&photo);

    ck_assert(bitmap_shrink(&view, 500, &small));
    bitmap_done(&photo);
    verdict_is(made_png(small.rgb, (uint32_t)small.width, (uint32_t)small.height), PHOTO_OK);
    bitmap_done(&small);
}
END_TEST

START_TEST(other_files_are_no_image)
{
    verdict_is((made_file){(uint8_t *)strdup("name,number\nAda,1\n"), 18}, PHOTO_NOT_AN_IMAGE);
    made_file cut = photo_file("person-01");
    cut.size /= 2;
    verdict_is(cut, PHOTO_NOT_AN_IMAGE);
}
END_TEST

START_TEST(a_png_that_promises_too_much_is_not_unpacked)
{
    verdict_is(made_promising_png(50000, 50000), PHOTO_TOO_LARGE_PIXELS);
    verdict_is(made_white_png(4001, 4000), PHOTO_TOO_LARGE_PIXELS);
}
END_TEST

START_TEST(a_railing_is_no_face)
{
    verdict_is(photo_file("nobody"), PHOTO_NO_FACE);
    verdict_is(made_white_png(600, 800), PHOTO_NO_FACE);
}
END_TEST

START_TEST(two_people_are_several_faces)
{
    verdict_is(photo_file("two-faces"), PHOTO_SEVERAL_FACES);
}
END_TEST

/* The photo of `name` in the middle of a grey wall so many times its size. */
static bitmap on_a_wall(const char *name, int times)
{
    bitmap photo = photo_load(name), wall;

    ck_assert(bitmap_init(&wall, photo.width * times, photo.height * times));
    memset(wall.rgb, 128, (size_t)wall.width * (size_t)wall.height * 3);
    for (int y = 0; y < photo.height; y++)
        memcpy(wall.rgb + ((size_t)(y + (wall.height - photo.height) / 2) * (size_t)wall.width +
                           (size_t)(wall.width - photo.width) / 2) *
                              3,
               photo.rgb + (size_t)y * (size_t)photo.width * 3, (size_t)photo.width * 3);
    bitmap_done(&photo);
    return wall;
}

START_TEST(a_face_far_away_is_too_small)
{
    verdict_is(file_of(on_a_wall("person-01", 2)), PHOTO_FACE_TOO_SMALL);
}
END_TEST

START_TEST(a_small_face_in_the_background_does_not_count)
{
    bitmap photo = photo_load("person-05"), passer_by = photo_load("person-01"), small;
    face_picture view = bitmap_view(&passer_by);

    ck_assert(bitmap_resize(&view, 96, 144, &small));
    for (int y = 0; y < small.height; y++)
        memcpy(photo.rgb + (size_t)y * (size_t)photo.width * 3, small.rgb + (size_t)y * (size_t)small.width * 3,
               (size_t)small.width * 3);
    bitmap_done(&passer_by);
    bitmap_done(&small);
    verdict_is(file_of(photo), PHOTO_OK);
}
END_TEST

START_TEST(a_photo_taken_in_the_dark_is_too_dark)
{
    bitmap photo = photo_load("person-02");

    for (int i = 0; i < photo.width * photo.height * 3; i++)
        photo.rgb[i] = (uint8_t)(photo.rgb[i] / 4);
    verdict_is(file_of(photo), PHOTO_TOO_DARK);
}
END_TEST

START_TEST(a_photo_without_detail_is_blurred)
{
    bitmap photo = photo_load("person-03"), small, blurred;
    face_picture view = bitmap_view(&photo);

    ck_assert(bitmap_resize(&view, photo.width / 8, photo.height / 8, &small));
    view = bitmap_view(&small);
    ck_assert(bitmap_resize(&view, photo.width, photo.height, &blurred));
    bitmap_done(&photo);
    bitmap_done(&small);
    verdict_is(file_of(blurred), PHOTO_BLURRED);
}
END_TEST

START_TEST(a_picture_of_noise_is_kept_in_fewer_bytes)
{
    bitmap noise;
    unsigned state = 1;
    examination e;

    ck_assert(bitmap_init(&noise, REDRAW_SIDE, REDRAW_SIDE));
    for (size_t i = 0; i < (size_t)3 * REDRAW_SIDE * REDRAW_SIDE; i++)
        noise.rgb[i] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
    made_file file = file_of(noise);
    ck_assert_uint_gt(file.size, EXAMINE_PHOTO_BYTES_MAX);
    ck_assert(redraw(file.bytes, file.size, &e));
    free(file.bytes);
    ck_assert_int_eq(e.verdict, PHOTO_OK);
    ck_assert(e.photo_size > 0 && e.photo_size <= EXAMINE_PHOTO_BYTES_MAX && !e.thumbnail);
    ck_assert_int_eq(e.width, REDRAW_SIDE);
    ck_assert_int_eq(e.height, REDRAW_SIDE);
    examination_done(&e);
}
END_TEST

START_TEST(a_picture_that_lay_on_its_side_stands)
{
    made_file file = made_turned_jpeg(6, 0);
    examination e;

    ck_assert(redraw(file.bytes, file.size, &e));
    free(file.bytes);
    ck_assert_int_eq(e.width, 8);
    ck_assert_int_eq(e.height, 16);
    examination_done(&e);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("examine");
    TCase *tests = tcase_create("examine");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, portraits_are_good);
    tcase_add_test(tests, what_is_kept_of_a_photo_is_small_upright_and_holds_the_face);
    tcase_add_test(tests, a_large_photo_is_kept_at_a_thousand_pixels);
    tcase_add_test(tests, the_same_photo_as_png_is_as_good);
    tcase_add_test(tests, other_files_are_no_image);
    tcase_add_test(tests, a_png_that_promises_too_much_is_not_unpacked);
    tcase_add_test(tests, a_railing_is_no_face);
    tcase_add_test(tests, two_people_are_several_faces);
    tcase_add_test(tests, a_face_far_away_is_too_small);
    tcase_add_test(tests, a_small_face_in_the_background_does_not_count);
    tcase_add_test(tests, a_photo_taken_in_the_dark_is_too_dark);
    tcase_add_test(tests, a_photo_without_detail_is_blurred);
    tcase_add_test(tests, a_picture_of_noise_is_kept_in_fewer_bytes);
    tcase_add_test(tests, a_picture_that_lay_on_its_side_stands);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
