/* From a picture to the input of a network. */
#include <math.h>
#include <string.h>

#include "engine.h"
#include "bitmap.h"

#define PIXELS_A_SAMPLE 1.5f /* a bilinear sample speaks for about so many pixels of a side */
#define SAMPLES_A_SIDE_MAX 6

typedef struct {
    float red, green, blue;
} colour;

/* Adds the bilinear sample at (x, y). */
static void sample_add(const face_picture *p, float x, float y, colour *sum)
{
    float left = floorf(x), top = floorf(y);

    /* Far outside first, so that the conversions below are defined for whatever a network answered. */
    if (!(left >= -1 && top >= -1 && left < (float)p->width && top < (float)p->height))
        return;

    int column = (int)left, row = (int)top;
    float right_share = x - left, lower_share = y - top;
    for (int dy = 0; dy < 2; dy++) {
        for (int dx = 0; dx < 2; dx++) {
            if (column + dx < 0 || row + dy < 0 || column + dx >= p->width || row + dy >= p->height)
                continue;
            float share = (dx ? right_share : 1 - right_share) * (dy ? lower_share : 1 - lower_share);
            const uint8_t *pixel = p->rgb + ((size_t)(row + dy) * (size_t)p->width + (size_t)(column + dx)) * 3;
            sum->red += share * pixel[0];
            sum->green += share * pixel[1];
            sum->blue += share * pixel[2];
        }
    }
}

static void normalise(colour c, normalisation n, float *to)
{
    to[0] = (c.red - n.mean[0]) / n.divisor;
    to[1] = (c.green - n.mean[1]) / n.divisor;
    to[2] = (c.blue - n.mean[2]) / n.divisor;
}

static int samples_a_side(placement where)
{
    float scale = sqrtf(where.along * where.along + where.across * where.across);

    if (!(scale < PIXELS_A_SAMPLE * SAMPLES_A_SIDE_MAX))
        return SAMPLES_A_SIDE_MAX;
    int samples = (int)ceilf(scale / PIXELS_A_SAMPLE);
    return samples < 1 ? 1 : samples;
}

tensor input_sample(workspace *space, const face_picture *picture, placement where, int side, normalisation n)
{
    tensor out = tensor_take(space, side, side, 3);
    int samples = samples_a_side(where);
    float *to = out.data;

    for (int y = 0; to && y < side; y++) {
        for (int x = 0; x < side; x++, to += 3) {
            colour sum = {0};

            for (int i = 0; i < samples * samples; i++) {
                float u = (float)x + ((float)(i % samples) + 0.5f) / (float)samples - 0.5f;
                float v = (float)y + ((float)(i / samples) + 0.5f) / (float)samples - 0.5f;
                sample_add(picture, where.along * u - where.across * v + where.left,
                           where.across * u + where.along * v + where.top, &sum);
            }
            float share = 1 / (float)(samples * samples);
            normalise((colour){sum.red * share, sum.green * share, sum.blue * share}, n, to);
        }
    }
    return out;
}

tensor input_fit(workspace *space, const face_picture *picture, int fit_width, int fit_height, int width, int height,
                 normalisation n)
{
    bitmap small;

    if (!bitmap_resize(picture, fit_width, fit_height, &small))
        return (tensor){0};

    tensor out = tensor_take(space, height, width, 3);
    float *to = out.data;
    for (int y = 0; to && y < height; y++) {
        for (int x = 0; x < width; x++, to += 3) {
            colour c = {0};

            if (x < fit_width && y < fit_height) {
                const uint8_t *pixel = small.rgb + ((size_t)y * (size_t)fit_width + (size_t)x) * 3;
                c = (colour){pixel[0], pixel[1], pixel[2]};
            }
            normalise(c, n, to);
        }
    }
    bitmap_done(&small);
    return out;
}
