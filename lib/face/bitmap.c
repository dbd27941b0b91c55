#include "bitmap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT_BITS 14 /* of the fixed-point weights when resizing */

/* Which source pixels make one result pixel along a side, and how much of each. */
typedef struct {
    int first;
    int count;
    const int32_t *weights; /* their sum is 1 << WEIGHT_BITS */
} tap;

typedef struct {
    tap *taps; /* one for each result pixel */
    int32_t *weights;
} resampling;

bool bitmap_init(bitmap *ret_bitmap, int width, int height)
{
    if (width <= 0 || height <= 0 || (uint64_t)width * (uint64_t)height > BITMAP_PIXELS_MAX)
        return false;

    uint8_t *rgb = calloc((size_t)width * (size_t)height, 3);
    if (!rgb)
        return false;
    *ret_bitmap = (bitmap){rgb, width, height};
    return true;
}

void bitmap_done(bitmap *p)
{
    free(p->rgb);
    *p = (bitmap){0};
}

face_picture bitmap_view(const bitmap *p)
{
    return (face_picture){p->rgb, p->width, p->height};
}

static void resampling_done(resampling *r)
{
    free(r->taps);
    free(r->weights);
}

/* Weights fall off linearly to both sides of the centre, over one source pixel or, when shrinking, one result pixel. */
static void tap_fill(tap *t, int32_t *weights, double centre, double reach, int length)
{
    int first = (int)ceil(centre - reach), last = (int)floor(centre + reach);
    double sum = 0;
    int32_t given = 0;

    first = first < 0 ? 0 : first;
    last = last > length - 1 ? length - 1 : last;
    for (int i = first; i <= last; i++)
        sum += 1 - fabs(i - centre) / reach;
    if (sum <= 0) { /* the centre lies half a pixel outside */
        first = last = centre < 0 ? 0 : length - 1;
        sum = 1 - fabs(first - centre) / reach;
    }
    for (int i = first; i <= last; i++) {
        weights[i - first] = (int32_t)lround((1 - fabs(i - centre) / reach) / sum * (1 << WEIGHT_BITS));
        given += weights[i - first];
    }
    weights[(last - first) / 2] += (1 << WEIGHT_BITS) - given;
    *t = (tap){first, last - first + 1, weights};
}

static bool resampling_init(resampling *r, int from, int to)
{
    double scale = (double)from / to, reach = scale > 1 ? scale : 1;
    size_t widest = (size_t)(2 * reach) + 3;

    *r = (resampling){calloc((size_t)to, sizeof *r->taps), calloc((size_t)to * widest, sizeof *r->weights)};
    if (!r->taps || !r->weights) {
        resampling_done(r);
        return false;
    }
    for (int i = 0; i < to; i++)
        tap_fill(&r->taps[i], r->weights + (size_t)i * widest, (i + 0.5) * scale - 0.5, reach, from);
    return true;
}

static uint8_t fixed_to_byte(int32_t value)
{
    value = (value + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void row_across(const uint8_t *row, const resampling *r, int width, uint8_t *out)
{
    for (int x = 0; x < width; x++, out += 3) {
        const tap *t = &r->taps[x];
        const uint8_t *in = row + (size_t)t->first * 3;
        int32_t red = 0, green = 0, blue = 0;

        for (int i = 0; i < t->count; i++, in += 3) {
            red += t->weights[i] * in[0];
            green += t->weights[i] * in[1];
            blue += t->weights[i] * in[2];
        }
        out[0] = fixed_to_byte(red);
        out[1] = fixed_to_byte(green);
        out[2] = fixed_to_byte(blue);
    }
}

/* row: bytes of a row; sums has room for one. out may be one of the rows that it is made of. */
static void row_down(const uint8_t *rows, size_t row, const tap *t, int32_t *sums, uint8_t *out)
{
    memset(sums, 0, row * sizeof *sums);
    for (int i = 0; i < t->count; i++) {
        const uint8_t *in = rows + (size_t)(t->first + i) * row;
        int32_t weight = t->weights[i];

        for (size_t x = 0; x < row; x++)
            sums[x] += weight * in[x];
    }
    for (size_t x = 0; x < row; x++)
        out[x] = fixed_to_byte(sums[x]);
}

bool bitmap_resize(const face_picture *from, int width, int height, bitmap *ret_bitmap)
{
    resampling across = {0}, down = {0};
    bitmap narrowed = {0}, result = {0};
    int32_t *sums = NULL;
    bool done = false;

    if (from->width <= 0 || from->height <= 0 || !bitmap_init(&result, width, height))
        return false;
    if (bitmap_init(&narrowed, width, from->height) && resampling_init(&across, from->width, width) &&
        resampling_init(&down, from->height, height) && (sums = calloc((size_t)width * 3, sizeof *sums)) != NULL) {
        size_t row = (size_t)width * 3;

        for (int y = 0; y < from->height; y++)
            row_across(from->rgb + (size_t)y * (size_t)from->width * 3, &across, width, narrowed.rgb + (size_t)y * row);
        for (int y = 0; y < height; y++)
            row_down(narrowed.rgb, row, &down.taps[y], sums, result.rgb + (size_t)y * row);
        done = true;
    }
    free(sums);
    resampling_done(&across);
    resampling_done(&down);
    bitmap_done(&narrowed);
    if (done)
        *ret_bitmap = result;
    else
        bitmap_done(&result);
    return done;
}

/* The sides that a picture has when the longer one is so long. */
static void sides_shrink(int longer_side, int *width, int *height)
{
    int longer = *width > *height ? *width : *height;
    double scale = (double)longer_side / longer;

    if (longer <= longer_side)
        return;
    *width = (int)lround(*width * scale);
    *height = (int)lround(*height * scale);
    *width = *width < 1 ? 1 : *width;
    *height = *height < 1 ? 1 : *height;
}

bool bitmap_shrink(const face_picture *from, int longer_side, bitmap *ret_bitmap)
{
    int width = from->width, height = from->height;

    sides_shrink(longer_side, &width, &height);
    return bitmap_resize(from, width, height, ret_bitmap);
}

/* No pixel is written to before it was read for the last time: when shrinking, what makes a result lies at its own
 * place or behind it. */
static void shrink_rows(bitmap *p, const resampling *across, const resampling *down, int width, int height,
                        int32_t *sums)
{
    size_t row = (size_t)width * 3;
    uint8_t *line = (uint8_t *)sums;

    for (int y = 0; y < p->height; y++) {
        row_across(p->rgb + (size_t)y * (size_t)p->width * 3, across, width, line);
        memcpy(p->rgb + (size_t)y * row, line, row);
    }
    for (int y = 0; y < height; y++)
        row_down(p->rgb, row, &down->taps[y], sums, p->rgb + (size_t)y * row);
}

bool bitmap_shrink_in_place(bitmap *p, int longer_side)
{
    int width = p->width, height = p->height;
    resampling across = {0}, down = {0};
    int32_t *sums = NULL;
    bool done = false;

    if (!p->rgb)
        return false;
    sides_shrink(longer_side, &width, &height);
    if (width == p->width && height == p->height)
        return true;
    if (resampling_init(&across, p->width, width) && resampling_init(&down, p->height, height) &&
        (sums = calloc((size_t)width * 3, sizeof *sums)) != NULL) {
        shrink_rows(p, &across, &down, width, height, sums);
        uint8_t *smaller = realloc(p->rgb, (size_t)width * (size_t)height * 3);

        *p = (bitmap){smaller ? smaller : p->rgb, width, height};
        done = true;
    }
    free(sums);
    resampling_done(&across);
    resampling_done(&down);
    return done;
}

static int clamp(int value, int length)
{
    return value < 0 ? 0 : value >= length ? length - 1 : value;
}

bool bitmap_crop(const face_picture *from, int x, int y, int width, int height, bitmap *ret_bitmap)
{
    bitmap result;

    if (from->width <= 0 || from->height <= 0 || !bitmap_init(&result, width, height))
        return false;

    uint8_t *out = result.rgb;
    for (int row = 0; row < height; row++) {
        const uint8_t *in = from->rgb + (size_t)clamp(y + row, from->height) * (size_t)from->width * 3;

        for (int column = 0; column < width; column++, out += 3)
            memcpy(out, in + (size_t)clamp(x + column, from->width) * 3, 3);
    }
    *ret_bitmap = result;
    return true;
}
