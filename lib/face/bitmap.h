/* Pictures in memory that own their pixels, and what is done to them between decoding and looking. Thread-safe: every
 * function works on what it is given. */
#pragma once

#include "face.h"

#define BITMAP_PIXELS_MAX (16u * 1000 * 1000)

typedef struct {
    uint8_t *rgb; /* tight rows of red, green, blue; malloc's; NULL when there is no picture */
    int width;
    int height;
} bitmap;

/* Black. False when a side is not positive, there are more than BITMAP_PIXELS_MAX pixels, or memory is out. */
bool bitmap_init(bitmap *ret_bitmap, int width, int height);

/* Frees the pixels; a picture without any is fine. */
void bitmap_done(bitmap *p);

/* Borrows the pixels. */
face_picture bitmap_view(const bitmap *p);

/* To exactly this size: averages when shrinking, interpolates when enlarging. False as bitmap_init. */
bool bitmap_resize(const face_picture *from, int width, int height, bitmap *ret_bitmap);

/* Keeps the proportions and makes the longer side at most so many pixels; never enlarges. */
bool bitmap_shrink(const face_picture *from, int longer_side, bitmap *ret_bitmap);

/* The same pixels in the picture's own memory, whose rest goes back: for large ones. False, with the picture as it was,
 * when there is none or memory is out. */
bool bitmap_shrink_in_place(bitmap *p, int longer_side);

/* The rectangle that may reach beyond the picture; what lies outside is filled with the nearest pixel. */
bool bitmap_crop(const face_picture *from, int x, int y, int width, int height, bitmap *ret_bitmap);
