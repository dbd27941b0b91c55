#include "face_measure.h"

#include <math.h>

#include "bitmap.h"

#define MEASURED_HEIGHT 128 /* pixels that the face is brought to, so that all pictures are measured alike */

/* Rec. 601 luma in 0–255. */
static int luma_at(const bitmap *b, int x, int y)
{
    const uint8_t *pixel = b->rgb + ((size_t)y * (size_t)b->width + (size_t)x) * 3;

    return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000;
}

static float luma_mean(const bitmap *b)
{
    double sum = 0;

    for (int y = 0; y < b->height; y++)
        for (int x = 0; x < b->width; x++)
            sum += luma_at(b, x, y);
    return (float)(sum / b->width / b->height);
}

static float laplacian_variance(const bitmap *b)
{
    double sum = 0, squares = 0;
    int count = (b->width - 2) * (b->height - 2);

    for (int y = 1; y < b->height - 1; y++) {
        for (int x = 1; x < b->width - 1; x++) {
            int edge = luma_at(b, x - 1, y) + luma_at(b, x + 1, y) + luma_at(b, x, y - 1) + luma_at(b, x, y + 1) -
                       4 * luma_at(b, x, y);
            sum += edge;
            squares += edge * edge;
        }
    }
    return count > 0 ? (float)(squares / count - sum / count * (sum / count)) : 0;
}

bool face_measure(const face_picture *picture, const face *f, face_measures *m)
{
    bitmap cut, face_only;
    int width = (int)fmaxf(f->width, 1), height = (int)fmaxf(f->height, 1);
    int measured_width = (int)fminf(fmaxf(roundf(f->width / f->height * MEASURED_HEIGHT), 3), 4 * MEASURED_HEIGHT);

    if (!bitmap_crop(picture, (int)f->x, (int)f->y, width, height, &cut))
        return false;
    face_picture view = bitmap_view(&cut);
    bool resized = bitmap_resize(&view, measured_width, MEASURED_HEIGHT, &face_only);
    bitmap_done(&cut);
    if (!resized)
        return false;
    m->luma = luma_mean(&face_only);
    m->sharpness = laplacian_variance(&face_only);
    bitmap_done(&face_only);
    return true;
}
