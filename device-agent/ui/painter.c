#include "painter.h"

#include <stdio.h>
#include <string.h>

#include "lettering.h"

enum {
    WIDTH = PAINTER_WIDTH,
    HEIGHT = PAINTER_HEIGHT,
    TOP_BAR = 56,
    BOTTOM_BAR = 44,
    MARGIN = 16,
    SMALL = 20,
    USUAL = 34,
    LARGE = 46,
};

static const colour white = {0xff, 0xff, 0xff}, black = {0, 0, 0}, grey = {0x9a, 0xa0, 0xa6};

typedef struct {
    const screen *shown;
    const painter_scene *scene;
    bitmap *onto;
    lettering *letters;
    bool over_display; /* a picture of the pass display is behind it */
} canvas;

/* ---- Areas ------------------------------------------------------------------------------------------------------- */

/* The rows from top on; cover 0–255: how much of what is there already they hide. */
static void lay(bitmap *onto, int top, int rows, colour with, unsigned cover)
{
    const uint8_t inks[] = {with.red, with.green, with.blue};
    uint8_t *p = onto->rgb + (size_t)top * WIDTH * 3;

    for (size_t i = 0; i < (size_t)rows * WIDTH * 3; i++)
        p[i] = (uint8_t)((p[i] * (255 - cover) + inks[i % 3] * cover + 127) / 255);
}

/* Fills the screen and keeps the proportions: what is too wide or too high is cut off at both sides. */
static bool cover_with(bitmap *onto, bitmap *picture)
{
    const face_picture whole = bitmap_view(picture);
    int width = whole.width, height = whole.height;
    bitmap middle;
    face_picture view;
    bool done;

    if ((int64_t)width * HEIGHT > (int64_t)height * WIDTH)
        width = (int)((int64_t)height * WIDTH / HEIGHT);
    else
        height = (int)((int64_t)width * HEIGHT / WIDTH);
    width = width < 1 ? 1 : width;
    height = height < 1 ? 1 : height;
    if (!bitmap_crop(&whole, (whole.width - width) / 2, (whole.height - height) / 2, width, height, &middle))
        return false;
    bitmap_done(picture);
    view = bitmap_view(&middle);
    done = bitmap_resize(&view, WIDTH, HEIGHT, onto);
    bitmap_done(&middle);
    return done;
}

/* The whole picture, as large as the screen lets it be, on black. */
static bool fit_in(bitmap *onto, bitmap *picture)
{
    const face_picture whole = bitmap_view(picture);
    int width = WIDTH, height = (int)((int64_t)whole.height * WIDTH / whole.width);
    bitmap fitting;
    bool done;

    if (height > HEIGHT) {
        height = HEIGHT;
        width = (int)((int64_t)whole.width * HEIGHT / whole.height);
    }
    width = width < 1 ? 1 : width;
    height = height < 1 ? 1 : height;
    if (!bitmap_resize(&whole, width, height, &fitting))
        return false;
    bitmap_done(picture);
    done = bitmap_init(onto, WIDTH, HEIGHT);
    for (int y = 0; done && y < height; y++)
        memcpy(onto->rgb + ((size_t)(y + (HEIGHT - height) / 2) * WIDTH + (size_t)(WIDTH - width) / 2) * 3,
               fitting.rgb + (size_t)y * (size_t)width * 3, (size_t)width * 3);
    bitmap_done(&fitting);
    return done;
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* The longest beginning, of whole characters, that is at most so wide. */
static size_t fitting_length(lettering *l, const char *text, size_t length, int size, int room)
{
    while (length > 0 && lettering_width(l, text, length, size) > room)
        do
            length--;
        while (length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80);
    return length;
}

/* In the middle, smaller when there is much to say, and cut short when there is too much. */
static void write_line(const canvas *c, const char *text, size_t length, int size, int baseline, colour ink)
{
    static const char more[] = "…";
    int room = WIDTH - 2 * MARGIN;
    int least = size * 2 / 3;
    size_t fits;
    int width, x;

    if (!c->letters)
        return;
    while (size > least && lettering_width(c->letters, text, length, size) > room)
        size -= 2;
    fits = fitting_length(c->letters, text, length, size, room);
    if (fits < length)
        fits = fitting_length(c->letters, text, length, size,
                              room - lettering_width(c->letters, more, sizeof more - 1, size));
    width = lettering_width(c->letters, text, fits, size);
    x = (WIDTH - width) / 2;
    lettering_draw(c->letters, c->onto, text, fits, size, x, baseline, ink);
    if (fits < length)
        lettering_draw(c->letters, c->onto, more, sizeof more - 1, size, x + width, baseline, ink);
}

/* Where a text that is too long for one line is broken: at a space, or nowhere. */
static size_t break_of(const canvas *c, const char *text, int size)
{
    size_t length = strlen(text);
    size_t first = c->letters ? fitting_length(c->letters, text, length, size, WIDTH - 2 * MARGIN) : length;

    while (first > 0 && first < length && text[first] != ' ')
        first--;
    return first == 0 ? length : first;
}

/* ---- The parts of the screen ------------------------------------------------------------------------------------- */

static colour mood_colour(screen_mood mood)
{
    static const colour colours[] = {
        [SCREEN_HOME] = {0x1b, 0x4f, 0x8a},  [SCREEN_GREEN] = {0x1e, 0x8e, 0x3e}, [SCREEN_RED] = {0xc5, 0x22, 0x1f},
        [SCREEN_PHOTO] = {0x9a, 0x5b, 0x00}, [SCREEN_MENU] = {0x3c, 0x40, 0x43},  [SCREEN_SAVER] = {0, 0, 0},
    };

    return colours[mood];
}

static bool shows_camera(const screen *s)
{
    switch (s->mood) {
    case SCREEN_HOME:
    case SCREEN_RED:
    case SCREEN_PHOTO:
        return true;
    case SCREEN_GREEN:
        return s->picture;
    case SCREEN_MENU:
    case SCREEN_SAVER:
        break;
    }
    return false;
}

/* Makes the picture, with what is behind all words. */
static bool paint_ground(const canvas *c)
{
    const screen *s = c->shown;
    bitmap *seen = c->scene->seen;
    colour ground = mood_colour(s->mood);

    if (c->over_display)
        return fit_in(c->onto, c->scene->display);
    if (seen && seen->rgb && shows_camera(s)) {
        if (!cover_with(c->onto, seen))
            return false;
        if (s->mood == SCREEN_RED)
            lay(c->onto, 0, HEIGHT, ground, 90); /* red all over: it is seen from afar */
        return true;
    }
    if (!bitmap_init(c->onto, WIDTH, HEIGHT))
        return false;
    lay(c->onto, 0, HEIGHT, ground, 255);
    if (s->mood != SCREEN_GREEN && s->mood != SCREEN_RED)
        lay(c->onto, 0, HEIGHT, black, 120);
    return true;
}

/* ℃ and ℉ as two characters each, which take three bytes as well: some fonts have a blank glyph for them. */
static void spell_degrees(char *text)
{
    for (char *at; (at = strstr(text, "℃")) != NULL;)
        memcpy(at, "°C", strlen("°C"));
    for (char *at; (at = strstr(text, "℉")) != NULL;)
        memcpy(at, "°F", strlen("°F"));
}

/* The lines of the band, from the top, and where they end; drawn only when there is a baseline to draw them at. */
static int write_band(const canvas *c, int usual, int large, int top, bool draw)
{
    const screen *s = c->shown;
    size_t length = strlen(s->headline);
    size_t first = break_of(c, s->headline, usual);
    char temperature[sizeof s->temperature];
    const struct {
        const char *text;
        size_t length;
        int size;
        bool alarming;
    } lines[] = {
        {s->headline, first, usual, false},
        {s->headline + first + 1, first < length ? length - first - 1 : 0, usual, false},
        {s->person, strlen(s->person), large, false},
        {temperature, strlen(s->temperature), usual, s->temperature_abnormal},
    };

    memcpy(temperature, s->temperature, sizeof temperature);
    spell_degrees(temperature);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        int rows = lines[i].size * 3 / 2;

        if (lines[i].length == 0)
            continue;
        if (draw && lines[i].alarming)
            lay(c->onto, top, rows, mood_colour(SCREEN_RED), 255);
        if (draw)
            write_line(c, lines[i].text, lines[i].length, lines[i].size, top + lines[i].size * 6 / 5, white);
        top += rows;
    }
    return top;
}

static void paint_band(const canvas *c)
{
    const screen *s = c->shown;
    int usual = c->over_display ? SMALL + 4 : USUAL, large = c->over_display ? SMALL + 8 : LARGE;
    int rows = write_band(c, usual, large, 0, false) + 2 * MARGIN;
    int top = HEIGHT - (s->bottom_bar ? BOTTOM_BAR : 0) - rows;

    lay(c->onto, top, rows, mood_colour(s->mood), 225);
    (void)write_band(c, usual, large, top + MARGIN, true);
}

static void paint_bottom_bar(const canvas *c)
{
    const screen *s = c->shown;
    char words[160];

    snprintf(words, sizeof words, "%s%s · %u people%s", s->link, s->waiting ? " · waiting for approval" : "", s->people,
             s->storage_full ? " · storage full" : "");
    lay(c->onto, HEIGHT - BOTTOM_BAR, BOTTOM_BAR, black, 190);
    write_line(c, words, strlen(words), SMALL, HEIGHT - BOTTOM_BAR / 2 + SMALL / 3, white);
}

static bool paint(const canvas *c)
{
    const screen *s = c->shown;

    if (!paint_ground(c))
        return false;
    if (s->mood == SCREEN_SAVER) {
        write_line(c, s->company, strlen(s->company), USUAL, HEIGHT / 2, grey);
        return true;
    }
    if (!c->over_display) {
        lay(c->onto, 0, TOP_BAR, black, 120);
        write_line(c, s->company, strlen(s->company), SMALL + 4, TOP_BAR / 2 + SMALL / 2, white);
    }
    paint_band(c);
    if (s->bottom_bar)
        paint_bottom_bar(c);
    return true;
}

bool painter_paint(const painter_scene *scene, bitmap *ret_picture, bool *ret_wordless)
{
    lettering *letters = lettering_new(scene->font);
    bitmap picture = {0};
    const canvas c = {scene->shown, scene, &picture, letters,
                      scene->shown->display.id != 0 && scene->display && scene->display->rgb};
    bool done = paint(&c);

    *ret_wordless = !letters || !lettering_works(letters);
    lettering_free(letters);
    if (done)
        *ret_picture = picture;
    else
        bitmap_done(&picture);
    return done;
}
