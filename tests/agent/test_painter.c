/* The screen as pixels: judged by colours, and by ink where words are, so that another font or another JPEG library is
 * no difference. */
#include <stdio.h>
#include <string.h>

#include "lettering.h"
#include "painter.h"
#include "painting.h"
#include "picture_file.h"
#include "screen_watch.h"
#include "suite.h"

enum { W = PAINTER_WIDTH, H = PAINTER_HEIGHT, TOP = 56, BOTTOM = H - 44, BAND = 560 };

#define NO_FONT_FOLDER "/nonexistent/font.ttf"

static screen shown;
static painter_scene scene;
static bitmap picture, second;
static bool wordless;

static void begin(void)
{
    shown = screen_home();
    shown.link = "online";
    snprintf(shown.company, sizeof shown.company, "%s", "Acme");
    scene = (painter_scene){.shown = &shown};
    picture = second = (bitmap){0};
}

static void end(void)
{
    bitmap_done(&picture);
    bitmap_done(&second);
}

static void paint(bitmap *ret)
{
    bitmap_done(ret);
    ck_assert(painter_paint(&scene, ret, &wordless));
    ck_assert_int_eq(ret->width, W);
    ck_assert_int_eq(ret->height, H);
}

static void show(screen_mood mood, const char *headline, const char *person, const char *temperature)
{
    shown.mood = mood;
    snprintf(shown.headline, sizeof shown.headline, "%s", headline);
    snprintf(shown.person, sizeof shown.person, "%s", person);
    snprintf(shown.temperature, sizeof shown.temperature, "%s", temperature);
    paint(&picture);
}

/* ---- What is looked for ---- */

static const uint8_t *at(const bitmap *b, int x, int y)
{
    return b->rgb + ((size_t)y * W + (size_t)x) * 3;
}

static bool is_about(const uint8_t *p, int red, int green, int blue)
{
    const int wanted[] = {red, green, blue};

    for (int i = 0; i < 3; i++)
        if (p[i] < wanted[i] - 24 || p[i] > wanted[i] + 24)
            return false;
    return true;
}

/* Nearly white pixels of the rows from top to below. */
static int ink(const bitmap *b, int top, int below)
{
    int count = 0;

    for (int y = top; y < below; y++)
        for (int x = 0; x < W; x++)
            count += at(b, x, y)[0] > 200 && at(b, x, y)[1] > 200 && at(b, x, y)[2] > 200;
    return count;
}

static bool same(int top, int below)
{
    return memcmp(at(&picture, 0, top), at(&second, 0, top), (size_t)(below - top) * W * 3) == 0;
}

static bitmap plain(int width, int height, uint8_t red, uint8_t green, uint8_t blue)
{
    bitmap b;

    ck_assert(bitmap_init(&b, width, height));
    for (int i = 0; i < width * height; i++)
        memcpy(b.rgb + (size_t)i * 3, (uint8_t[]){red, green, blue}, 3);
    return b;
}

/* ---- The screen ---- */

START_TEST(the_band_has_the_colour_of_the_mood)
{
    show(SCREEN_GREEN, "Welcome", "Wei Chen", "36.6 ℃");
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0x1e, 0x8e, 0x3e));
    show(SCREEN_RED, "No permission", "", "");
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0xc5, 0x22, 0x1f));
    show(SCREEN_HOME, "Please face the camera", "", "");
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0x1b, 0x4f, 0x8a));
}
END_TEST

START_TEST(words_are_where_they_belong)
{
    show(SCREEN_GREEN, "Welcome", "", "");
    ck_assert(!wordless);
    ck_assert_int_gt(ink(&picture, 0, TOP), 50);
    ck_assert_int_gt(ink(&picture, BAND, BOTTOM), 100);
    ck_assert_int_gt(ink(&picture, BOTTOM, H), 50);
    ck_assert_int_eq(ink(&picture, TOP, BAND), 0);
}
END_TEST

START_TEST(a_name_and_a_temperature_add_to_it)
{
    int headline, named, measured;

    show(SCREEN_GREEN, "Welcome", "", "");
    headline = ink(&picture, TOP, BOTTOM);
    show(SCREEN_GREEN, "Welcome", "Wei Chen", "");
    named = ink(&picture, TOP, BOTTOM);
    show(SCREEN_GREEN, "Welcome", "Wei Chen", "36.6 ℃");
    measured = ink(&picture, TOP, BOTTOM);
    ck_assert_int_gt(named, headline + 100);
    ck_assert_int_gt(measured, named + 100);
}
END_TEST

START_TEST(chinese_names_are_drawn_and_differ)
{
    int headline;

    show(SCREEN_GREEN, "Welcome", "", "");
    headline = ink(&picture, TOP, BOTTOM);
    show(SCREEN_GREEN, "Welcome", "王小明", "");
    ck_assert_int_gt(ink(&picture, TOP, BOTTOM), headline + 200);
    second = picture;
    picture = (bitmap){0};
    show(SCREEN_GREEN, "Welcome", "李小龙", "");
    ck_assert(!same(BAND, BOTTOM));
    ck_assert(same(0, TOP));
}
END_TEST

START_TEST(degrees_are_drawn_whatever_the_font_has)
{
    lettering *l = lettering_new(NULL);

    ck_assert_int_gt(lettering_width(l, "°C", 3, 34), lettering_width(l, "C", 1, 34));
    lettering_free(l);
    show(SCREEN_GREEN, "Welcome", "", "36.6");
    second = picture;
    picture = (bitmap){0};
    show(SCREEN_GREEN, "Welcome", "", "36.6℃");
    ck_assert_int_gt(ink(&picture, BAND, BOTTOM), ink(&second, BAND, BOTTOM) + 40);
}
END_TEST

START_TEST(an_abnormal_temperature_is_red_whoever_may_pass)
{
    shown.temperature_abnormal = true;
    show(SCREEN_GREEN, "Welcome", "", "38.2 ℃");
    ck_assert(is_about(at(&picture, 2, BOTTOM - 30), 0xc5, 0x22, 0x1f));
}
END_TEST

START_TEST(long_words_stay_within_the_screen)
{
    char name[97];

    memset(name, 'W', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    memcpy(shown.company, name, sizeof name);
    show(SCREEN_RED, "The photo cannot be used, another one will be taken", name, "36.6 ℃/97.9 ℉/36.6 ℃/97.9 ℉");
    for (int y = 0; y < H; y++) {
        ck_assert(at(&picture, 2, y)[1] < 200);
        ck_assert(at(&picture, W - 3, y)[1] < 200);
    }
    ck_assert_int_gt(ink(&picture, 0, TOP), 100);
}
END_TEST

START_TEST(what_is_no_utf8_is_left_out)
{
    show(SCREEN_GREEN, "Welcome", "Wei", "");
    second = picture;
    picture = (bitmap){0};
    show(SCREEN_GREEN, "Welcome",
         "\xff"
         "W\x80"
         "ei\xe4\xb8",
         "");
    ck_assert(same(0, H));
}
END_TEST

/* As the screen is with this behind it. */
static void show_seen(screen_mood mood, const char *headline)
{
    bitmap seen = plain(1280, 720, 200, 180, 30);

    scene.seen = &seen;
    show(mood, headline, "", "");
    scene.seen = NULL;
    bitmap_done(&seen);
}

START_TEST(the_camera_is_behind_it_where_it_may_be)
{
    show_seen(SCREEN_HOME, "Please face the camera");
    ck_assert(is_about(at(&picture, W / 2, H / 2), 200, 180, 30));
    show_seen(SCREEN_PHOTO, "Please hold still");
    ck_assert(is_about(at(&picture, W / 2, H / 2), 200, 180, 30));
    show_seen(SCREEN_RED, "No permission");
    ck_assert(at(&picture, W / 2, H / 2)[0] > 180 && at(&picture, W / 2, H / 2)[1] < 160);
    show_seen(SCREEN_GREEN, "Welcome"); /* the settings want words alone */
    ck_assert(is_about(at(&picture, W / 2, H / 2), 0x1e, 0x8e, 0x3e));
    shown.picture = true;
    show_seen(SCREEN_GREEN, "Welcome");
    ck_assert(is_about(at(&picture, W / 2, H / 2), 200, 180, 30));
    show_seen(SCREEN_MENU, "Settings");
    ck_assert(!is_about(at(&picture, W / 2, H / 2), 200, 180, 30));
    show_seen(SCREEN_SAVER, "");
    ck_assert(is_about(at(&picture, W / 2, 200), 0, 0, 0));
}
END_TEST

START_TEST(every_shape_of_a_picture_fills_the_screen)
{
    static const int shapes[][2] = {{1, 1}, {3, 1000}, {1000, 3}, {480, 800}, {97, 31}};

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        bitmap seen = plain(shapes[i][0], shapes[i][1], 200, 180, 30);
        bitmap display = plain(shapes[i][0], shapes[i][1], 200, 180, 30);

        scene.seen = &seen;
        show(SCREEN_HOME, "", "", "");
        ck_assert(is_about(at(&picture, 0, TOP + 1), 200, 180, 30));
        ck_assert(is_about(at(&picture, W - 1, BAND - 1), 200, 180, 30));
        ck_assert_ptr_null(seen.rgb); /* gone as soon as it is drawn */
        scene.display = &display;
        shown.display.id = 7;
        paint(&picture);
        ck_assert(is_about(at(&picture, W / 2, H / 2 - 1), 200, 180, 30));
        ck_assert_ptr_null(display.rgb);
        scene.display = NULL;
        shown.display.id = 0;
    }
}
END_TEST

START_TEST(a_pass_display_is_whole_and_the_verdict_stays_over_it)
{
    bitmap display = plain(400, 200, 10, 60, 220), seen = plain(90, 90, 200, 180, 30);

    scene.display = &display;
    scene.seen = &seen;
    screen_show_display(&shown, &(screen_display){.id = 1234});
    show(SCREEN_GREEN, "Welcome", "Wei Chen", "");
    ck_assert(is_about(at(&picture, 1, H / 2), 10, 60, 220)); /* as wide as the screen */
    ck_assert(is_about(at(&picture, W - 2, H / 2 - 100), 10, 60, 220));
    ck_assert(is_about(at(&picture, W / 2, 10), 0, 0, 0)); /* black above it */
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0x1e, 0x8e, 0x3e));
    ck_assert_int_gt(ink(&picture, BAND, BOTTOM), 200);
    bitmap_done(&seen);
}
END_TEST

START_TEST(without_a_bottom_bar_the_band_reaches_down)
{
    shown.bottom_bar = false;
    show(SCREEN_GREEN, "Welcome", "", "");
    ck_assert(is_about(at(&picture, 2, H - 2), 0x1e, 0x8e, 0x3e));
}
END_TEST

START_TEST(a_font_of_ones_own_or_one_that_is_missing)
{
    lettering *l = lettering_new(NO_FONT_FOLDER);

    ck_assert(lettering_works(l)); /* those of the usual places still help */
    lettering_free(l);
    scene.font = "/etc/hostname"; /* no font at all */
    show(SCREEN_GREEN, "Welcome", "", "");
    ck_assert(!wordless);
    ck_assert_int_gt(ink(&picture, BAND, BOTTOM), 100);
}
END_TEST

/* ---- On a thread ---- */

static painting_result make(const painting_order *order)
{
    painting *p = painting_begin(order);

    ck_assert_ptr_nonnull(p);
    return painting_end(p);
}

static void decode(const painting_result *r)
{
    bitmap_done(&picture);
    ck_assert_ptr_nonnull(r->jpeg);
    ck_assert_int_eq(picture_file_decode(r->jpeg, r->size, 0, &picture), PICTURE_FILE_OK);
}

START_TEST(a_painting_is_a_jpeg_of_the_model)
{
    painting_result r = make(&(painting_order){.shown = &shown});
    painting_result again = make(&(painting_order){.shown = &shown});

    decode(&r);
    ck_assert_int_eq(picture.width, W);
    ck_assert_int_eq(picture.height, H);
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0x1b, 0x4f, 0x8a));
    ck_assert_uint_eq(r.size, again.size); /* the same model is the same picture */
    ck_assert_int_eq(memcmp(r.jpeg, again.jpeg, r.size), 0);
    free(r.jpeg);
    free(again.jpeg);
}
END_TEST

START_TEST(pictures_that_cannot_be_decoded_are_left_out)
{
    static const uint8_t rubbish[] = {0xff, 0xd8, 0xff, 1, 2, 3};
    painting_order order = {.shown = &shown, .seen = rubbish, .seen_size = sizeof rubbish};
    painting_result r;

    screen_show_display(&shown, &(screen_display){7, rubbish, sizeof rubbish});
    r = make(&order);
    decode(&r);
    ck_assert(is_about(at(&picture, 2, BOTTOM - 4), 0x1b, 0x4f, 0x8a));
    free(r.jpeg);
}
END_TEST

START_TEST(what_is_borrowed_may_go_once_it_has_begun)
{
    bitmap display = plain(64, 64, 10, 60, 220);
    const face_picture view = bitmap_view(&display);
    uint8_t *jpeg;
    size_t size;
    painting *p;
    painting_result r;

    ck_assert(picture_file_encode(&view, 90, &jpeg, &size));
    screen_show_display(&shown, &(screen_display){7, jpeg, size});
    p = painting_begin(&(painting_order){.shown = &shown});
    memset(jpeg, 0, size);
    free(jpeg);
    shown = screen_home();
    r = painting_end(p);
    decode(&r);
    ck_assert(is_about(at(&picture, W / 2, H / 2), 10, 60, 220));
    free(r.jpeg);
    bitmap_done(&display);
}
END_TEST

START_TEST(a_ports_own_pixels_are_taken_as_they_are_and_made_smaller)
{
    bitmap framebuffer = plain(1200, 1600, 10, 200, 60);
    painting_result r = make(&(painting_order){.shown = &shown, .framebuffer = &framebuffer});

    ck_assert_ptr_null(framebuffer.rgb);
    decode(&r);
    ck_assert_int_eq(picture.width, 600);
    ck_assert_int_eq(picture.height, H);
    ck_assert(is_about(picture.rgb, 10, 200, 60));
    free(r.jpeg);
}
END_TEST

START_TEST(noise_still_fits_into_a_frame)
{
    bitmap framebuffer = plain(800, 800, 0, 0, 0);
    uint32_t dice = 1;
    painting_result r;

    for (size_t i = 0; i < 800 * 800 * 3; i++)
        framebuffer.rgb[i] = (uint8_t)((dice = dice * 1664525 + 1013904223) >> 24);
    r = make(&(painting_order){.shown = &shown, .framebuffer = &framebuffer});
    ck_assert_uint_le(r.size, SCREEN_FRAME_MAX);
    decode(&r);
    free(r.jpeg);
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(
        begin, end, "painter", 60, the_band_has_the_colour_of_the_mood, words_are_where_they_belong,
        a_name_and_a_temperature_add_to_it, chinese_names_are_drawn_and_differ, degrees_are_drawn_whatever_the_font_has,
        an_abnormal_temperature_is_red_whoever_may_pass, long_words_stay_within_the_screen, what_is_no_utf8_is_left_out,
        the_camera_is_behind_it_where_it_may_be, every_shape_of_a_picture_fills_the_screen,
        a_pass_display_is_whole_and_the_verdict_stays_over_it, without_a_bottom_bar_the_band_reaches_down,
        a_font_of_ones_own_or_one_that_is_missing, a_painting_is_a_jpeg_of_the_model,
        pictures_that_cannot_be_decoded_are_left_out, what_is_borrowed_may_go_once_it_has_begun,
        a_ports_own_pixels_are_taken_as_they_are_and_made_smaller, noise_still_fits_into_a_frame);
}
