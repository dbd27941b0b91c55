/* From what was measured on a photo to the verdict. Pure. */
#pragma once

#include "photo_verdict.h"

/* Only a second face of at least this share of the largest one's height counts: posters and passers-by do not. */
#define PHOTO_SECOND_FACE_SHARE (1.0f / 3)

#define PHOTO_FACE_SHARE_MIN (1.0f / 3) /* of the photo's height */
#define PHOTO_LUMA_MIN 40.0f            /* of 255; a face in a lit room has 80 and more */
#define PHOTO_SHARPNESS_MIN 16.0f       /* below, templates drift by more than 0.2; photo_measures says of what */
#define PHOTO_SYMMETRY_MIN 0.25f        /* a three-quarter view has 0.3 and is still recognised */

typedef struct {
    int faces;        /* those that count */
    float face_share; /* the face's height as a share of the photo's */
    float luma;       /* mean of the face, 0–255 */
    float sharpness;  /* variance of the Laplacian of the face at 128 pixels of height */
    float symmetry;   /* nose to the nearer ear over nose to the other one, along the line of the eyes; 0–1 */
} photo_measures;

photo_verdict photo_judge(const photo_measures *m);
