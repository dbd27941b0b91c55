#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "made_files.h"
#include "photos.h"
#include "picture_file.h"
#include "suite.h"

static const uint8_t *pixel(const bitmap *b, int x, int y)
{
    return b->rgb + ((size_t)y * (size_t)b->width + (size_t)x) * 3;
}

static picture_file_result result_of(made_file file)
{
    bitmap b = {0};
    picture_file_result result = picture_file_decode(file.bytes, file.size, 0, &b);

    if (result != PICTURE_FILE_OK)
        ck_assert_ptr_null(b.rgb); /* untouched */
    bitmap_done(&b);
    free(file.bytes);
    return result;
}

static made_file photo_file(const char *name)
{
    made_file file;

    file.bytes = photo_bytes(name, &file.size);
    return file;
}

START_TEST(a_photo_is_decoded_whole)
{
    bitmap b = photo_load("person-01");

    ck_assert_int_eq(b.width, 480);
    ck_assert_int_eq(b.height, 720);
    bitmap_done(&b);
}
END_TEST

START_TEST(a_large_photo_is_decoded_only_as_large_as_asked)
{
    made_file file;
    bitmap b;

    file.bytes = photo_sample_bytes(1, &file.size);
    ck_assert_int_eq(picture_file_decode(file.bytes, file.size, 900, &b), PICTURE_FILE_OK);
    ck_assert_int_eq(b.width, 960);
    ck_assert_int_eq(b.height, 640);
    bitmap_done(&b);
    ck_assert_int_eq(picture_file_decode(file.bytes, file.size, 1000, &b), PICTURE_FILE_OK);
    ck_assert_int_eq(b.width, 1920);
    bitmap_done(&b);
    free(file.bytes);
}
END_TEST

START_TEST(transparency_becomes_white)
{
    made_file file = made_transparent_png();
    bitmap b;

    ck_assert_int_eq(picture_file_decode(file.bytes, file.size, 0, &b), PICTURE_FILE_OK);
    ck_assert_mem_eq(b.rgb, ((uint8_t[]){255, 0, 0, 255, 255, 255}), 6);
    bitmap_done(&b);
    free(file.bytes);
}
END_TEST

/* Which quarter of the upright picture is white: 0 left upper, 1 right upper, 2 left lower, 3 right lower. */
static int white_quarter(const bitmap *b)
{
    int found = -1;

    for (int quarter = 0; quarter < 4; quarter++) {
        int x = b->width * (1 + 2 * (quarter % 2)) / 4, y = b->height * (1 + 2 * (quarter / 2)) / 4;

        if (*pixel(b, x, y) > 128) {
            ck_assert_int_eq(found, -1);
            found = quarter;
        }
    }
    return found;
}

START_TEST(a_turned_camera_gives_an_upright_picture)
{
    static const struct {
        int orientation, width, quarter;
    } cases[] = {{1, 16, 0}, {2, 16, 1}, {3, 16, 3}, {4, 16, 2}, {5, 8, 0},
                 {6, 8, 1},  {7, 8, 3},  {8, 8, 2},  {0, 16, 0}, {9, 16, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int big_endian = 0; big_endian < 2; big_endian++) {
            made_file file = made_turned_jpeg(cases[i].orientation, big_endian);
            bitmap b;

            ck_assert_int_eq(picture_file_decode(file.bytes, file.size, 0, &b), PICTURE_FILE_OK);
            ck_assert_int_eq(b.width, cases[i].width);
            ck_assert_int_eq(b.height, 24 - cases[i].width);
            ck_assert_int_eq(white_quarter(&b), cases[i].quarter);
            bitmap_done(&b);
            free(file.bytes);
        }
    }
}
END_TEST

START_TEST(what_is_encoded_carries_no_metadata)
{
    made_file file = made_turned_jpeg(6, 0);
    bitmap b;
    uint8_t *bytes;
    size_t size;

    ck_assert_ptr_nonnull(memmem(file.bytes, file.size, "Exif", 4));
    ck_assert_int_eq(picture_file_decode(file.bytes, file.size, 0, &b), PICTURE_FILE_OK);
    face_picture view = bitmap_view(&b);
    ck_assert(picture_file_encode(&view, 90, &bytes, &size));
    ck_assert_ptr_null(memmem(bytes, size, "Exif", 4));
    free(bytes);
    free(file.bytes);
    bitmap_done(&b);
}
END_TEST

START_TEST(other_content_is_foreign_whatever_it_is_called)
{
    static const char *const contents[] = {"", "GIF89a", "hello, this is not a picture", "\xff\xd8", "\x89PNG"};

    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        ck_assert_int_eq(result_of((made_file){(uint8_t *)strdup(contents[i]), strlen(contents[i])}),
                         PICTURE_FILE_FOREIGN);
}
END_TEST

START_TEST(a_file_cut_short_is_broken)
{
    made_file jpeg = photo_file("person-01"), png = made_white_png(300, 200);
    bitmap b;

    for (size_t size = 8; size < jpeg.size - 2; size += jpeg.size / 97)
        ck_assert_int_eq(picture_file_decode(jpeg.bytes, size, 0, &b), PICTURE_FILE_BROKEN);
    for (size_t size = 8; size < png.size - 12; size += 7) /* the end chunk may be missing */
        ck_assert_int_eq(picture_file_decode(png.bytes, size, 0, &b), PICTURE_FILE_BROKEN);
    free(jpeg.bytes);
    free(png.bytes);
}
END_TEST

START_TEST(too_many_pixels_are_refused_before_they_are_decoded)
{
    ck_assert_int_eq(result_of(made_promising_png(30000, 30000)), PICTURE_FILE_TOO_LARGE);
    ck_assert_int_eq(result_of(made_promising_png(1000000, 17)), PICTURE_FILE_TOO_LARGE);
    ck_assert_int_eq(result_of(made_white_png(4000, 4000)), PICTURE_FILE_OK);
    ck_assert_int_eq(result_of(made_white_png(4001, 4000)), PICTURE_FILE_TOO_LARGE);

    made_file jpeg = photo_file("person-01");
    uint8_t *frame = memmem(jpeg.bytes, jpeg.size, "\xff\xc0\x00\x11\x08", 5);
    ck_assert_ptr_nonnull(frame);
    memcpy(frame + 5, "\xff\xdc\xff\xdc", 4); /* 65 500 × 65 500 */
    ck_assert_int_eq(result_of(jpeg), PICTURE_FILE_TOO_LARGE);
}
END_TEST

START_TEST(a_progressive_jpeg_may_have_only_so_many_scans)
{
    ck_assert_int_eq(result_of(made_progressive_jpeg(64)), PICTURE_FILE_OK);
    ck_assert_int_eq(result_of(made_progressive_jpeg(66)), PICTURE_FILE_BROKEN);
    ck_assert_int_eq(result_of(made_progressive_jpeg(190)), PICTURE_FILE_BROKEN);
}
END_TEST

static void damage_and_decode(made_file file, uint32_t seed)
{
    uint8_t *copy = malloc(file.size);
    bitmap b = {0};

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, file.bytes, file.size);
    for (int i = 0; i < 8; i++) {
        seed = seed * 1664525u + 1013904223u;
        /* mostly the headers, where the lengths are */
        size_t span = i % 2 == 0 && file.size > 603 ? 600 : file.size - 3;
        copy[3 + seed % span] = (uint8_t)(seed >> 24);
    }
    if (picture_file_decode(copy, file.size, 0, &b) == PICTURE_FILE_OK) {
        ck_assert_int_gt(b.width, 0);
        ck_assert_int_gt(b.height, 0);
    }
    bitmap_done(&b);
    free(copy);
}

START_TEST(damage_of_any_kind_ends_in_an_answer)
{
    made_file files[] = {photo_file("person-02-visit"), made_white_png(120, 90), made_progressive_jpeg(10)};

    for (uint32_t seed = 0; seed < 600; seed++)
        damage_and_decode(files[seed % 3], seed);
    for (size_t i = 0; i < 3; i++)
        free(files[i].bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("picture_file");
    TCase *tests = tcase_create("picture_file");

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_photo_is_decoded_whole);
    tcase_add_test(tests, a_large_photo_is_decoded_only_as_large_as_asked);
    tcase_add_test(tests, transparency_becomes_white);
    tcase_add_test(tests, a_turned_camera_gives_an_upright_picture);
    tcase_add_test(tests, what_is_encoded_carries_no_metadata);
    tcase_add_test(tests, other_content_is_foreign_whatever_it_is_called);
    tcase_add_test(tests, a_file_cut_short_is_broken);
    tcase_add_test(tests, too_many_pixels_are_refused_before_they_are_decoded);
    tcase_add_test(tests, a_progressive_jpeg_may_have_only_so_many_scans);
    tcase_add_test(tests, damage_of_any_kind_ends_in_an_answer);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
