#include "measure.h"

#include <math.h>

#include "face_measure.h"

#define JAW_LEFT 0
#define JAW_RIGHT 16
#define NOSE_TIP 30
#define EYE_LEFT_CORNER 36
#define EYE_RIGHT_CORNER 45

bool measure_pixels(const face_picture *p, const face *f, photo_measures *m)
{
    face_measures pixels;

    if (!face_measure(p, f, &pixels))
        return false;
    m->luma = pixels.luma;
    m->sharpness = pixels.sharpness;
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
