#include "photo_rules.h"

photo_verdict photo_judge(const photo_measures *m)
{
    if (m->faces == 0)
        return PHOTO_NO_FACE;
    if (m->faces > 1)
        return PHOTO_SEVERAL_FACES;
    if (m->face_share < PHOTO_FACE_SHARE_MIN)
        return PHOTO_FACE_TOO_SMALL;
    if (m->luma < PHOTO_LUMA_MIN)
        return PHOTO_TOO_DARK; /* before sharpness: darkness hides detail, and light is what helps */
    if (m->sharpness < PHOTO_SHARPNESS_MIN)
        return PHOTO_BLURRED;
    if (m->symmetry < PHOTO_SYMMETRY_MIN)
        return PHOTO_TURNED_AWAY;
    return PHOTO_OK;
}
