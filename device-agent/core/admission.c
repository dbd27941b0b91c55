#include "admission.h"

#define HALF_SHARPNESS 4.0f /* with so much, a picture is half as bad as can be */
#define HALF_LUMA 8.0f

static float flaw(float measured, float half)
{
    return 100 * half / (half + (measured > 0 ? measured : 0));
}

int admission_flaws(float luma, float sharpness)
{
    float dark = flaw(luma, HALF_LUMA);
    float blurred = flaw(sharpness, HALF_SHARPNESS);

    return (int)((dark > blurred ? dark : blurred) + 0.5f);
}
