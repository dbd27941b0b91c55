/* Measures of a face in a picture that photo_rules.h judges by. */
#pragma once

#include "bitmap.h"
#include "photo_rules.h"

/* Fills luma and sharpness from the face's pixels. False when memory is out. */
bool measure_pixels(const face_picture *p, const face *f, photo_measures *m);

/* 0 (profile) to 1 (frontal), from the landmarks. */
float measure_symmetry(const face *f);
