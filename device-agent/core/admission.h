/* How bad a picture of a face may be and still be gone by. Pure. */
#pragma once

/* 0 (nothing to say against it) to 100 (black, or without any detail), from the mean brightness of the face (0–255) and
 * its sharpness (lib/face/face_measure.h); the worse of the two counts. The setting's factory value, 17, lies where the
 * server refuses photos as too dark or blurred. Says nothing of turned heads or small faces. */
int admission_flaws(float luma, float sharpness);
