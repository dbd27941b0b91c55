/* How good a picture of a face is, as far as its pixels say: for the server that judges photos, and for the terminal
 * that judges what its camera gives. Pure. */
#pragma once

#include "face.h"

typedef struct {
    float luma;      /* mean of the face, 0–255 */
    float sharpness; /* variance of the Laplacian of the face at 128 pixels of height */
} face_measures;

/* Of a face that was found in the picture; false when memory is out. */
bool face_measure(const face_picture *picture, const face *f, face_measures *ret_measures);
