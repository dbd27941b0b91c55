#include "measure.h"

#include <math.h>

#define MEASURED_HEIGHT 128 /* pixels that the face is brought to, so that all photos are measured alike */

#define JAW_LEFT 0
#define JAW_RIGHT 16
#define NOSE_TIP 30
#define EYE_LEFT_CORNER 36
#define EYE_RIGHT_CORNER 45

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

bool measure_pixels(const face_picture *p, const face *f, photo_measures *m)
{
    bitmap cut, face_only;
    int width = (int)fmaxf(f->width, 1), height = (int)fmaxf(f->height, 1);
    int measured_width = (int)fminf(fmaxf(roundf(f->width / f->height * MEASURED_HEIGHT), 3), 4 * MEASURED_HEIGHT);

    if (!bitmap_crop(p, (int)f->x, (int)f->y, width, height, &cut))
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

/* How far b is from a along the line of the eyes. */
static float along_eyes(const face *f, int a, int b)
{
    float x = f->landmarks[EYE_RIGHT_CORNER][0] - f->landmarks[EYE_LEFT_CORNER][0];
    float y = f->landmarks[EYE_RIGHT_CORNER][1] - f->landmarks[EYE_LEFT_CORNER][1];

    return (f->landmarks[b][0] - f->landmarks[a][0]) * x + (f->landmarks[b][1] - f->landmarks[a][1]) * y;
}

float measure_symmetry(const face *f)
{
    float left = along_eyes(f, JAW_LEFT, NOSE_TIP), right = along_eyes(f, NOSE_TIP, JAW_RIGHT);

    if (!(left > 0 && right > 0)) /* the nose sticks out beyond the cheek */
        return 0;
    return fminf(left, right) / fmaxf(left, right);
}
